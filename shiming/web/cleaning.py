"""Cleaning of typed and pasted text, the same at every door: forms, filters, logins, tables and the API.

No Django here: the child process that reads workbooks imports this module.
"""

import re
import unicodedata
from datetime import date

# Characters without a glyph: controls, formats (directional marks, zero-width characters, soft hyphens), halves of
# surrogate pairs. The fillers below have no glyph either but count as letters or marks.
UNSEEN = ("Cc", "Cf", "Cs")
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))

# A typed day lies between these: beyond them the year is a slip.
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)

MOBILE = re.compile("1[0-9]{10}")
COUNTRY_CODE = re.compile(r"(?:\+|00)?86(?=1[0-9]{10}$)")
# Characters between the groups of a phone number or an ID number: dashes, the minus sign, dots, brackets of (+86).
BETWEEN = "()（）._\u2212\u00b7"


def visible(text: str) -> str:
    """The text without invisible characters and variation selectors; blanks stay, also line breaks."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character for character in text if not _unseen(character))


def narrow(text: str) -> str:
    """The visible text in its compatible form: full-width digits and letters become those of ASCII."""
    return unicodedata.normalize("NFKC", visible(text))


def joined(text: str) -> str:
    """The narrow text of a number, without blanks, dashes of any kind and other separators."""
    return "".join(character for character in narrow(text) if not _between(character))


def phone(text: str) -> str:
    """The digits of a mobile number, without +86, 86 or 0086. Text that is no number keeps its other characters."""
    return COUNTRY_CODE.sub("", joined(text), count=1)


def is_mobile(number: str) -> bool:
    return bool(MOBILE.fullmatch(number))


def _unseen(character: str) -> bool:
    if character.isspace() or character == "\0":  # NUL is no slip of pasting: forms refuse it
        return False
    if unicodedata.category(character) in UNSEEN or character in FILLERS:
        return True
    return any(ord(character) in selectors for selectors in VARIATION_SELECTORS)


def _between(character: str) -> bool:
    return character.isspace() or character in BETWEEN or unicodedata.category(character) == "Pd"
