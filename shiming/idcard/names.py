"""Spelling, comparison and search tokens of names and ID numbers.

Search uses a `text[]` with a GIN index: a row holds tokens, a query asks for rows that hold all of its own. Name tokens
are plain grams of one and two characters (张 三 张三) and of pinyin initials (~z ~s ~zs). ID tokens are keyed: the column
reveals no digit of a number.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import product

from django.utils.translation import gettext_lazy as _

from shiming.core.refusals import Refusal, refusal
from shiming.idcard import documents
from shiming.idcard import number as id_number
from shiming.idcard.characters import ASSIGNED_SINCE, RADICALS
from shiming.web import cleaning

Keyed = Callable[[str, str], str]  # (kind, text) -> a keyed fingerprint

DOT = "·"  # U+00B7, as GB/T 2312 and the ID card have it
DOTS = "·•・･‧∙⋅●．.•᛫"

EVERYDAY = re.compile("[\u4e00-\u9fff]+")  # common Han characters need no normalisation
# Han characters with radicals and private use; a blank beside one of them is no part of the name.
HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0010ffff"
NO_BLANK = re.compile(rf"\s+(?=[{HAN}{DOT}])|(?<=[{HAN}{DOT}])\s+")

# Surnames with a reading of their own: pypinyin reads these characters as common words.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "盖": "ge", "朴": "piao",
    "缪": "miao", "员": "yun", "覃": "qin", "乐": "yue", "翟": "zhai", "宓": "fu", "折": "she", "种": "chong",
    "召": "shao", "繁": "po", "秘": "bi", "长": "chang", "会": "gui", "佴": "nai", "隗": "wei", "郇": "xun",
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "宰父": "zai fu", "令狐": "ling hu", "皇甫": "huang fu", "欧阳": "ou yang", "诸葛": "zhu ge",
}  # fmt: skip


def normalise(name: str) -> str:
    """The spelling to store: narrow, without invisible characters and look-alike radicals, every kind of middle dot
    written as 「·」. Blanks stay between the words of a Latin name and nowhere else."""
    if EVERYDAY.fullmatch(name):
        return name
    dotted = "".join(DOT if character in DOTS else character for character in cleaning.visible(name))
    narrow = unicodedata.normalize("NFKC", dotted.translate(RADICALS))
    joined = " ".join(NO_BLANK.sub("", narrow).split())
    return re.sub(f"{DOT}+", DOT, joined).strip(DOT)


def folded(name: str) -> str:
    """The spelling to compare and to search by: normalised, in lower case, without blanks, and with the characters that
    Unicode has assigned in place of the private-use ones of older fonts and cards."""
    plain = normalise(name)
    return plain if EVERYDAY.fullmatch(plain) else plain.replace(" ", "").translate(ASSIGNED_SINCE).casefold()


ALLOWED = _("姓名只能是汉字、字母和间隔号“·”，2 至 50 个字")
DOT_MISSING = _("是“{name}”吗？间隔号“·”也要填写")
LEAST, MOST = 2, 50


def acceptable(name: str) -> bool:
    """Whether a normalised name is valid: letters of any script with their marks, and the private-use characters
    that a card's chip stores for rare characters. No digits, no signs, no markup."""
    kinds = (unicodedata.category(character) for character in name if character not in f"{DOT}〇 ")
    return LEAST <= len(name) <= MOST and all(kind[0] in "LM" or kind == "Co" for kind in kinds)


def same_name(a: str, b: str) -> bool:
    """Compare names for R-07, ignoring blanks, width, kind of middle dot, case and look-alike characters."""
    return folded(a) == folded(b)


def difference(registered: str, given: str) -> Refusal | None:
    """R-07 when the given name is another one. A name that lacks only its dot gets the dotted spelling as a hint."""
    if same_name(registered, given):
        return None
    plain = refusal("R-07")
    if folded(registered).replace(DOT, "") == folded(given).replace(DOT, ""):
        return replace(plain, hint=f"：{registered}?", next_step=str(DOT_MISSING).format(name=registered))
    return plain


def initials(name: str) -> str:
    """Pinyin initials: 张三丰 → zsf, 单雄信 → sxx, 阿卜杜拉·买买提 → abdlmmt."""
    name = folded(name).replace(DOT, "")
    surname = name[:2] if name[:2] in SURNAMES else name[:1]
    read = SURNAMES.get(surname)
    head = "".join(syllable[0] for syllable in read.split()) if read else _initial(surname)
    return head + "".join(map(_initial, name[len(surname) :]))


@lru_cache(maxsize=16384)
def _initial(character: str) -> str:
    if not character:
        return ""
    from pypinyin import Style, pinyin  # imported on demand: it takes half a second at start

    letter = pinyin(character, style=Style.FIRST_LETTER, errors="default")[0][0][:1].lower()
    return letter if letter.isascii() and letter.isalnum() else ""


# Tokens of a row.


def name_tokens(name: str) -> list[str]:
    """All tokens by which this name can be found."""
    plain = folded(name).replace(DOT, "")
    return sorted({*_grams(plain), *(f"~{gram}" for gram in _grams(initials(name)))})


def id_tokens(number: str, keyed: Keyed) -> list[str]:
    """The parts of a number that clerks search by, each keyed under its own kind."""
    parts = {
        "id": number,
        "first3": number[:3],
        "last3": number[-3:],
        "first6": number[:6],
        "birth": number[6:14],
        "last4": number[-4:],
        "last5": number[-5:],
        "last6": number[-6:],
    }
    return [keyed(kind, text) for kind, text in parts.items() if kind != "birth" or len(number) == 18]


def phone_tokens(phone: str, keyed: Keyed) -> list[str]:
    """The whole phone number and the parts that lists print."""
    parts = {"phone": phone, "phone_first3": phone[:3], "phone_last3": phone[-3:]}
    return [keyed(kind, text) for kind, text in parts.items()]


def _grams(text: str) -> Iterator[str]:
    yield from text
    yield from (text[place : place + 2] for place in range(len(text) - 1))


# Tokens of a query.

WORD = r"\d[\d\-]*[xX]?|[A-Za-z]+|[^\dA-Za-z\s]+"  # digits, initials, characters
MASK = re.compile(r"(\d{3})\*+(\d{2}[\dxX])")  # 110*****014, as lists print it
WHOLE_NUMBER = re.compile(r"\d{17}[\dxX]")
LONGEST, WORDS = 100, 4  # characters and words of a query; longer text names no person
PRINTED_BY_LISTS = ("id", "first3", "last3", "phone", "phone_first3", "phone_last3")


def query_tokens(text: str, keyed: Keyed, *, parts: bool = False) -> list[list[str]]:
    """The readings of a query, each a list of tokens that a row must carry; no readings means no result.

    `六位数字` may be the first six, the last six or a birthday; `张三 0014` requires both words. Digits alone match whole
    numbers and the digits that lists print; other parts need a word of the name, or `parts`.
    """
    words = _words(cleaning.narrow(text).replace("\0", " ")) if len(text) <= LONGEST else []
    whole = cleaning.joined(text).upper()
    other = [[keyed("id", whole)]] if documents.tells_no_birthday(whole) else []
    parts = parts or any(not word[0].isdigit() and _readings(word, keyed, parts=False) for word in words)
    readings = [_readings(word, keyed, parts=parts) for word in words]
    if not words or not all(readings):
        return other
    return other + [_unique(token for part in choice for token in part) for choice in product(*readings)]


def _words(text: str) -> list[str]:
    whole = cleaning.phone(text)  # a number written in groups is one word
    if cleaning.is_mobile(whole) or WHOLE_NUMBER.fullmatch(whole):
        return [whole]
    joined = re.sub(r"(?<=\d)\s*[-/.年月]\s*(?=\d)", "-", text).replace("日", " ")
    return [part for word in joined.split()[:WORDS] for part in _split(word)][: 2 * WORDS]


def _split(word: str) -> list[str]:
    return [word] if MASK.fullmatch(word) else re.findall(WORD, word)


def _readings(word: str, keyed: Keyed, *, parts: bool) -> list[list[str]]:
    if mask := MASK.fullmatch(word):
        first, last = mask[1], mask[2].upper()
        return [
            [keyed("first3", first), keyed("last3", last)],
            [keyed("phone_first3", first), keyed("phone_last3", last)],
        ]
    if word[0].isdigit():
        found = _number_parts(word.upper())
        return [[keyed(kind, part)] for kind, part in found if parts or kind in PRINTED_BY_LISTS]
    if word.isascii() and word.isalpha():
        return [_grams_needed(word.lower(), "~")]
    name = folded(word).replace(DOT, "")
    return [_grams_needed(name, "")] if name else []


def _number_parts(word: str) -> Iterator[tuple[str, str]]:
    """The parts of an ID number, or of a phone number, that these digits can be."""
    if day := _day(word):
        yield "birth", f"{day:%Y%m%d}"
        return
    digits = word.replace("-", "")
    if len(digits) == 18:
        yield "id", digits
    elif id_number.is_old(digits):
        yield "id", id_number.convert(digits)
    elif cleaning.is_mobile(phone := cleaning.phone(digits)):
        yield "phone", phone
    elif len(digits) == 6:
        yield from _six(digits)
    elif len(digits) in (4, 5):
        yield f"last{len(digits)}", digits
    elif len(digits) == 3:
        yield from ((kind, digits) for kind in ("first3", "last3", "phone_first3", "phone_last3"))
    elif 7 <= len(digits) <= 12:  # a passport
        yield "id", digits


def _six(digits: str) -> Iterator[tuple[str, str]]:
    if digits[:2] in id_number.PROVINCES:
        yield "first6", digits
    yield "last6", digits
    for century in ("19", "20"):
        if _day(century + digits):
            yield "birth", century + digits


def _day(text: str) -> date | None:
    """19900101, 1990-01-01, 1990-1-1."""
    match = re.fullmatch(r"(\d{4})(-?)(\d{1,2})\2(\d{1,2})", text)
    if not match or (not match[2] and len(text) != 8):
        return None
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None


def _grams_needed(text: str, prefix: str) -> list[str]:
    """Pairs where possible, since they select fewer rows; a single character has only itself."""
    pairs = [text[place : place + 2] for place in range(len(text) - 1)]
    return _unique(prefix + gram for gram in pairs or [text])


def _unique(tokens) -> list[str]:
    return list(dict.fromkeys(tokens))
