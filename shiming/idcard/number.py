"""ID numbers (GB 11643): check, locate the wrong digit, suggest possible numbers. A typed number is never changed.

The county part is a hint only: it encodes the registered residence at the time of application, so a real number may
carry a code that did not yet exist, or no longer exists, in the year of birth. Only the province is checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import mul
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shiming.core.refusals import Refusal, refusal, worded
from shiming.idcard import documents
from shiming.idcard.documents import Document
from shiming.web import cleaning

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
DIGITS = "0123456789"
FOREIGNERS = "9"  # first digit of the foreigner's card of 2023; province of application and country follow

PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古",
    "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东",
    "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏",
    "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
    "71": "台湾", "81": "香港", "82": "澳门", "83": "台湾居民",
}  # fmt: skip

# An unassigned area code. GB/T 2260 numbers a province's prefectures 01–20 and 51–70, its leagues and autonomous
# prefectures 21–50, and sums up directly governed counties under 90; 71–89 and 91–99 have no meaning, and none of the
# codes ever in force has 99 there. A number with 99 in places 3–4 is therefore well formed and unassigned. The demo,
# the tests and the sample cards use no other.
INVENTED_PREFECTURE = "99"
INVENTED_REGION = "119900"

# The standard's sample was born in 1880; this limit allows for it.
EARLIEST_BIRTH = date(1850, 1, 1)


class Sex(StrEnum):
    """GB/T 2261.1"""

    MALE = "1"
    FEMALE = "2"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """`birth_date` and `sex` are None when neither the number nor the caller tells them."""

    number: str
    birth_date: date | None
    sex: Sex | None
    region: str
    converted_from_15: bool = False
    kind: Document = Document.RESIDENT

    @property
    def province(self) -> str:
        return PROVINCES.get(self.region[:2], "")

    @property
    def notice(self) -> str:
        """The note for the clerk when an old number was converted."""
        return str(_("15 位旧号码已换算为 18 位，请对照证件核对。")) if self.converted_from_15 else ""


def age_on(birth_date: date, day: date) -> int:
    """Completed years on a day. Born on 29 February, the next year completes on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


class InvalidIdNumber(ValueError):
    """R-03. `position` counts from 1 in the typed text; `reason` names the error there."""

    code = "R-03"

    def __init__(self, position: int, reason: str, candidates: list[str]):
        super().__init__(position, reason)
        self.position, self.reason, self.candidates = position, reason, candidates

    @property
    def refusal(self) -> Refusal:
        """R-03 with the reason in its sentence."""
        return worded(self.code, str(self))

    @property
    def sentence(self) -> str:
        return refusal(self.code, position=self.position).sentence

    @property
    def next_step(self) -> str:
        if self.candidates:
            return str(_("请对照证件逐位核对，看是否为所列号码之一；系统不会代为改动。"))
        return str(_("请对照证件逐位核对后重新输入。"))

    def __str__(self) -> str:
        return f"{self.sentence}：{self.reason}"


def parse(
    text: str,
    *,
    birth_date: date | None = None,
    sex: str | None = None,
    kind: str = "",
    today: date | None = None,
    guess: bool = True,
) -> IdNumber:
    """The number as printed on the card, or InvalidIdNumber; a given birthday, sex and kind must agree with it.

    With `guess=False` no candidates are computed, as for imports of ten thousand numbers.
    """
    given = normalise(text)
    if documents.tells_no_birthday(given, kind):
        return _without_birthday(given, birth_date, sex, kind)
    old = is_old(given)
    number = convert(given) if old else given
    problem = _problem(number, today or _today()) or _disagreement(number, birth_date, sex, kind)
    if problem is None:
        found = documents.kind_of(number)
        return IdNumber(number, birth_of(number), sex_of(number), number[:6], converted_from_15=old, kind=found)

    position, reason = problem
    if old and position > 8:  # the two digits of the century were added by convert()
        position -= 2
    guesses = candidates(given, birth_date, sex, today=today) if guess and not old else []
    raise InvalidIdNumber(position, reason, guesses)


def _without_birthday(number: str, birth_date: date | None, sex: str | None, kind: str) -> IdNumber:
    """A passport, or the foreigner's card of 2017, whose number has only two digits of the year."""
    found = Document(kind) if kind == Document.PASSPORT else documents.kind_of(number)
    card = documents.FOREIGNER_2017.fullmatch(number)
    if card and found is Document.FOREIGNER and birth_date and f"{birth_date:%y%m%d}" != card[1]:
        raise InvalidIdNumber(8, _("与填写的出生日期不一致"), [])
    if kind and kind != found:
        raise InvalidIdNumber(1, _wrong_kind(kind), [])
    return IdNumber(number, birth_date, Sex(sex) if sex else None, "", kind=found)


def _wrong_kind(kind: str):
    return format_lazy(_("不是{kind}的号码"), kind=documents.LABELS[Document(kind)])


def normalise(text: str) -> str:
    """Narrow the characters, drop invisible ones, blanks and separators, write x as X."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return cleaning.joined(text).upper().replace("×", "X")


def is_valid(number: str, today: date | None = None) -> bool:
    return _problem(number, today or _today()) is None


def is_invented(number: str) -> bool:
    """True for a number of the prefecture that was never issued."""
    return number[2:4] == INVENTED_PREFECTURE


def is_old(number: str) -> bool:
    return len(number) == 15 and all(digit in DIGITS for digit in number)


def convert(old: str) -> str:
    """The 18 digits of an old number of 15."""
    return complete(f"{old[:6]}19{old[6:]}")


def complete(first_17: str) -> str:
    """The number with its check character."""
    return first_17 + check_character(first_17)


def check_character(first_17: str) -> str:
    total = sum(map(mul, WEIGHTS, map(int, first_17)))
    return CHECK_CHARACTERS[total % 11]


def birth_of(number: str) -> date:
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> Sex:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


# Errors of a number, the first place first.

Problem = tuple[int, str]


def _problem(number: str, today: date) -> Problem | None:
    for check in (_length, _characters, _province, _birth):
        if problem := check(number, today):
            return problem
    if check_character(number[:17]) != number[17]:
        return 18, _("校验码与前 17 位不符，可能是任何一位写错")
    return None


def _length(number: str, today: date) -> Problem | None:
    if len(number) == 18:
        return None
    first_amiss = min(len(number) + 1, 19)
    return first_amiss, format_lazy(_("应为 18 位，现有 {count} 位"), count=len(number))


def _characters(number: str, today: date) -> Problem | None:
    if number.isascii() and number.removesuffix("X").isdigit():
        return None
    for place, character in enumerate(number, 1):
        if character not in DIGITS and not (place == 18 and character == "X"):
            return place, _("应为数字，只有第 18 位可以是 X")
    return None


def _province(number: str, today: date) -> Problem | None:
    if number[:2] in PROVINCES or (number[0] == FOREIGNERS and number[1:3] in (*PROVINCES, INVENTED_PREFECTURE)):
        return None
    known_first = any(code[0] == number[0] for code in PROVINCES)
    return (2 if known_first else 1), _("前两位不是省级地区代码")


def _birth(number: str, today: date) -> Problem | None:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not EARLIEST_BIRTH.year <= year <= today.year:
        return _year_place(number, today), _("出生年份不在合理范围")
    if not 1 <= month <= 12:
        return (11 if month > 19 else 12), _("出生月份应为 01 至 12")
    try:
        born = date(year, month, day)
    except ValueError:
        return (13 if day > 39 else 14), _("出生日期中没有这一天")
    if born > today:
        return (12 if month != today.month else 14), _("出生日期晚于今天")
    return None


def _year_place(number: str, today: date) -> int:
    if number[6] not in "12":
        return 7
    return 8 if number[6:8] not in ("18", "19", f"{today.year}"[:2]) else 9


def _disagreement(number: str, birth_date: date | None, sex: str | None, kind: str = "") -> Problem | None:
    """§7.1: sex and birthday agree with the typed ones."""
    if birth_date and birth_of(number) != birth_date:
        pairs = zip(number[6:14], f"{birth_date:%Y%m%d}", strict=True)
        return next(place for place, (a, b) in enumerate(pairs, 7) if a != b), _("与填写的出生日期不一致")
    if sex and sex_of(number) != sex:
        return 17, _("与填写的性别不一致")
    if kind and kind != documents.kind_of(number):
        return 1, _wrong_kind(kind)
    return None


# Candidates for a wrong number.


def candidates(
    number: str, birth_date: date | None = None, sex: str | None = None, *, today: date | None = None
) -> list[str]:
    """Valid numbers one slip away (a digit wrong, missing, doubled, or two swapped), the likeliest first.

    With a typed birthday or sex, only those that agree. They are offered to the clerk, never applied.
    """
    today = today or _today()
    number = normalise(number)
    ranks: dict[str, int] = {}
    for guess, rank in _slips(number):
        if guess != number and _same_people(guess, number) and _fits(guess, birth_date, sex, today):
            rank += 0 if _of_working_age(guess, today) else 4
            ranks[guess] = min(rank, ranks.get(guess, rank))
    return sorted(ranks, key=lambda guess: (ranks[guess], guess))


LOOK_ALIKE = {"17", "71", "06", "60", "08", "80", "38", "83", "56", "65", "68", "86", "69", "96", "49", "94"}
NEIGHBOURS = {"12", "23", "45", "56", "78", "89", "14", "47", "25", "58", "36", "69", "80"}  # on a telephone's keys


def _slips(number: str) -> Iterator[tuple[str, int]]:
    if len(number) == 18:
        yield from _wrong_digit(number)
        yield from _swapped(number)
    elif len(number) == 17:
        yield from _missing(number)
    elif len(number) == 19:
        yield from _doubled(number)


def _wrong_digit(number: str) -> Iterator[tuple[str, int]]:
    for place, given in enumerate(number):
        for meant in CHECK_CHARACTERS if place == 17 else DIGITS:
            yield number[:place] + meant + number[place + 1 :], _confusion(given, meant)


def _confusion(given: str, meant: str) -> int:
    if given + meant in LOOK_ALIKE:
        return 1
    return 2 if {given + meant, meant + given} & NEIGHBOURS else 3


def _swapped(number: str) -> Iterator[tuple[str, int]]:
    for place in range(16):
        yield number[:place] + number[place + 1] + number[place] + number[place + 2 :], 1


def _missing(number: str) -> Iterator[tuple[str, int]]:
    for place in range(18):
        before = number[place - 1] if place else ""
        for meant in CHECK_CHARACTERS if place == 17 else DIGITS:
            yield number[:place] + meant + number[place:], 1 if meant == before else 3


def _doubled(number: str) -> Iterator[tuple[str, int]]:
    for place in range(19):
        doubled = place and number[place] == number[place - 1]
        yield number[:place] + number[place + 1 :], 1 if doubled else 3


def _fits(number: str, birth_date: date | None, sex: str | None, today: date) -> bool:
    return _problem(number, today) is None and _disagreement(number, birth_date, sex) is None


def _same_people(guess: str, number: str) -> bool:
    """A slip leads from a citizen to no foreigner."""
    return guess[:1] != FOREIGNERS or number[:1] == FOREIGNERS


def _of_working_age(number: str, today: date) -> bool:
    return 16 <= today.year - int(number[6:10]) <= 75


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
