"""Spelling, comparison and search tokens of names and ID numbers.

Search uses a `text[]` with a GIN index: a row holds tokens, a query asks for rows that hold all of its own. Name tokens
are plain grams of one and two characters (张 三 张三) and of pinyin initials (~z ~s ~zs). ID tokens are keyed: the column
reveals no digit of a number.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import product

from django.utils.translation import gettext_lazy as _

from shiming.idcard import number as id_number

Keyed = Callable[[str, str], str]  # (kind, text) -> a keyed fingerprint

DOT = "·"  # U+00B7, as GB/T 2312 and the ID card have it
DOTS = "·•・･‧∙⋅●．.•᛫"

EVERYDAY = re.compile("[\u4e00-\u9fff]+")  # common Han characters need no normalisation

# Surnames with a reading of their own: pypinyin reads these characters as common words.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "盖": "ge", "朴": "piao",
    "缪": "miao", "员": "yun", "覃": "qin", "乐": "yue", "翟": "zhai", "宓": "fu", "折": "she", "种": "chong",
    "召": "shao", "繁": "po", "秘": "bi", "长": "chang", "会": "gui", "佴": "nai", "隗": "wei", "郇": "xun",
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
    "宰父": "zai fu", "令狐": "ling hu", "皇甫": "huang fu", "欧阳": "ou yang", "诸葛": "zhu ge",
}  # fmt: skip


def normalise(name: str) -> str:
    """Narrow the characters, drop spaces, and write every kind of middle dot as 「·」."""
    if EVERYDAY.fullmatch(name):
        return name
    dotted = "".join(DOT if character in DOTS else character for character in name)
    narrow = unicodedata.normalize("NFKC", dotted)
    joined = "".join(character for character in narrow if not character.isspace())
    return re.sub(f"{DOT}+", DOT, joined).strip(DOT)


ALLOWED = _("姓名只能是汉字、字母和间隔号“·”，2 至 50 个字")
LEAST, MOST = 2, 50


def acceptable(name: str) -> bool:
    """Whether a normalised name is valid: letters of any script with their marks, and the private-use characters
    that a card's chip stores for rare characters. No digits, no signs, no markup."""
    kinds = (unicodedata.category(character) for character in name if character not in f"{DOT}〇")
    return LEAST <= len(name) <= MOST and all(kind[0] in "LM" or kind == "Co" for kind in kinds)


def same_name(a: str, b: str) -> bool:
    """Compare names for R-07, ignoring spaces, width, kind of middle dot and case."""
    return normalise(a).casefold() == normalise(b).casefold()


def initials(name: str) -> str:
    """Pinyin initials: 张三丰 → zsf, 单雄信 → sxx, 阿卜杜拉·买买提 → abdlmmt."""
    name = normalise(name).replace(DOT, "")
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
    plain = normalise(name).replace(DOT, "").casefold()
    return sorted({*_grams(plain), *(f"~{gram}" for gram in _grams(initials(name)))})


def id_tokens(number: str, keyed: Keyed) -> list[str]:
    """The parts of a number that clerks search by, each keyed under its own kind."""
    parts = {
        "id": number,
        "first6": number[:6],
        "birth": number[6:14],
        "last4": number[-4:],
        "last5": number[-5:],
        "last6": number[-6:],
    }
    return [keyed(kind, text) for kind, text in parts.items()]


def _grams(text: str) -> Iterator[str]:
    yield from text
    yield from (text[place : place + 2] for place in range(len(text) - 1))


# Tokens of a query.

WORD = r"\d[\d\-]*[xX]?|[A-Za-z]+|[^\dA-Za-z\s]+"  # digits, initials, characters


def query_tokens(text: str, keyed: Keyed) -> list[list[str]]:
    """The readings of a query, each a list of tokens that a row must carry; no readings means no result.

    `六位数字` may be the first six, the last six or a birthday; `张三 0014` requires both words.
    """
    words = _words(text)
    readings = [_readings(word, keyed) for word in words]
    if not words or not all(readings):
        return []
    return [_unique(token for part in choice for token in part) for choice in product(*readings)]


def _words(text: str) -> list[str]:
    joined = re.sub(r"(?<=\d)\s*[-/.年月]\s*(?=\d)", "-", unicodedata.normalize("NFKC", text)).replace("日", " ")
    return [part for word in joined.split()[:4] for part in re.findall(WORD, word)]


def _readings(word: str, keyed: Keyed) -> list[list[str]]:
    if word[0].isdigit():
        return [[keyed(kind, part)] for kind, part in _number_parts(word.upper())]
    if word.isascii() and word.isalpha():
        return [_grams_needed(word.lower(), "~")]
    name = normalise(word).replace(DOT, "").casefold()
    return [_grams_needed(name, "")] if name else []


def _number_parts(word: str) -> Iterator[tuple[str, str]]:
    """The parts of an ID number that these digits can be."""
    if day := _day(word):
        yield "birth", f"{day:%Y%m%d}"
        return
    digits = word.replace("-", "")
    if len(digits) == 18:
        yield "id", digits
    elif id_number.is_old(digits):
        yield "id", id_number.convert(digits)
    elif len(digits) == 6:
        yield from _six(digits)
    elif len(digits) in (4, 5):
        yield f"last{len(digits)}", digits


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
