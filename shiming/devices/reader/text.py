"""The text of a card: 256 bytes of UTF-16LE in four layouts. `parse` and `encode` are exact inverses."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from shiming.devices.reader.nations import NATIONS
from shiming.idcard import number as id_number

SIZE = 256
KIND_AT = 248
LONG_TERM = "长期"
BLANKS = " \x00\u3000"


class Kind(StrEnum):
    RESIDENT = "resident"
    PERMIT = "permit"
    FOREIGNER_2017 = "foreigner_2017"
    FOREIGNER_2023 = "foreigner_2023"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.RESIDENT: "居民身份证",
    Kind.PERMIT: "港澳台居民居住证",
    Kind.FOREIGNER_2017: "外国人永久居留身份证（2017 版）",
    Kind.FOREIGNER_2023: "外国人永久居留身份证（2023 版）",
}
LETTERS = {"": Kind.RESIDENT, "J": Kind.PERMIT, "I": Kind.FOREIGNER_2017, "Y": Kind.FOREIGNER_2023}

# The position of each field as (first byte, length); a field in two pieces has two.
HEAD = {"name": ((0, 30),), "sex": ((30, 2),), "birth": ((36, 16),), "number": ((122, 36),)}
DAYS = {"valid_from": ((188, 16),), "valid_to": ((204, 16),)}
CITIZEN = HEAD | DAYS | {"address": ((52, 70),), "issuer": ((158, 30),)}
LAYOUTS = {
    Kind.RESIDENT: CITIZEN | {"nation": ((32, 4),)},
    Kind.PERMIT: CITIZEN | {"pass_number": ((220, 18),), "issues": ((238, 4),)},
    Kind.FOREIGNER_2017: DAYS
    | {"english_name": ((0, 120),), "sex": ((120, 2),), "number": ((122, 30),), "nationality": ((152, 6),)}
    | {"name": ((158, 30),), "birth": ((220, 16),), "version": ((236, 4),), "authority": ((240, 8),)},
    Kind.FOREIGNER_2023: HEAD
    | DAYS
    | {"issues": ((32, 4),), "english_name": ((52, 70), (220, 22)), "nationality": ((242, 6),), "earlier": ((250, 6),)},
}


class BadText(ValueError):
    """The bytes are not the text of a card."""


@dataclass(frozen=True, slots=True)
class Card:
    """The text of the chip as stored: days as yyyymmdd, sex and nation as codes."""

    kind: Kind
    name: str = ""
    number: str = ""
    sex: str = ""
    nation: str = ""
    birth: str = ""
    address: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_to: str = ""
    english_name: str = ""
    pass_number: str = ""
    issues: str = ""
    nationality: str = ""
    version: str = ""
    authority: str = ""
    earlier: str = ""

    @property
    def birth_date(self) -> date | None:
        return day(self.birth)

    @property
    def ends_on(self) -> date | None:
        """The last day of validity; None for 长期 and for an impossible date."""
        return day(self.valid_to)

    @property
    def long_term(self) -> bool:
        return self.valid_to == LONG_TERM

    @property
    def ethnicity(self) -> str:
        return NATIONS.get(self.nation, "")

    def expired(self, on: date) -> bool:
        return self.ends_on is not None and self.ends_on < on

    @property
    def problems(self) -> list[str]:
        """The contradictions of this reading; with any of them the page fills nothing in."""
        return list(_problems(self))

    def warnings(self, on: date) -> list[str]:
        return list(_warnings(self, on))


def parse(text: bytes) -> Card:
    if len(text) != SIZE:
        raise BadText(f"文字区应为 {SIZE} 字节，读到 {len(text)} 字节")
    letter = _decoded(text[KIND_AT : KIND_AT + 2])
    if letter not in LETTERS:
        raise BadText(f"不认识的证件类别“{letter}”")
    kind = LETTERS[letter]
    return Card(kind, **{name: _decoded(_cut(text, pieces)) for name, pieces in LAYOUTS[kind].items()})


def encode(card: Card) -> bytes:
    """The 256 bytes of this card; raises ValueError when a field does not fit or the layout lacks it."""
    text = bytearray(" " * (SIZE // 2), "utf-16-le")
    layout = LAYOUTS[card.kind]
    for name in (field.name for field in fields(card) if field.name != "kind"):
        if value := getattr(card, name):
            _put(text, layout.get(name, ()), value.encode("utf-16-le"), name)
    letter = next(letter for letter, kind in LETTERS.items() if kind is card.kind)
    text[KIND_AT : KIND_AT + 2] = (letter or " ").encode("utf-16-le")
    return bytes(text)


def day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _cut(text: bytes, pieces) -> bytes:
    return b"".join(text[start : start + length] for start, length in pieces)


def _decoded(field: bytes) -> str:
    """Strip the blanks at the end; an unpaired surrogate becomes �, which `warnings` reports."""
    return field.decode("utf-16-le", "replace").rstrip(BLANKS)


def _put(text: bytearray, pieces, value: bytes, name: str) -> None:
    if len(value) > sum(length for _, length in pieces):
        raise ValueError(f"{name} does not fit")
    for start, length in pieces:
        part, value = value[:length], value[length:]
        text[start : start + len(part)] = part


def _problems(card: Card) -> Iterator[str]:
    if not card.number:
        yield "没有读到证件号码"
    elif card.kind in (Kind.RESIDENT, Kind.PERMIT):
        yield from _disagreements(card)
    if not (card.name or card.english_name):
        yield "没有读到姓名"


def _disagreements(card: Card) -> Iterator[str]:
    if not id_number.is_valid(card.number):
        yield "读到的证件号码不成立"
        return
    if card.birth and card.birth != card.number[6:14]:
        yield "读到的出生日期与证件号码不一致"
    if card.sex in ("1", "2") and card.sex != id_number.sex_of(card.number):
        yield "读到的性别与证件号码不一致"


def _warnings(card: Card, on: date) -> Iterator[str]:
    if card.expired(on):
        yield f"证件已于 {card.ends_on:%Y-%m-%d} 过期"
    if is_rare(card.name):
        yield "姓名中有生僻字，可能显示不出来，请对照证件核对"
    if card.kind in (Kind.FOREIGNER_2017, Kind.FOREIGNER_2023):
        yield f"这是{card.kind.label}，号码不是公民身份号码"


def is_rare(name: str) -> bool:
    """Whether the name has a character of private use (no font has it), beyond the basic plane, or unreadable."""
    return any(unicodedata.category(char) in ("Co", "Cn", "Cs") or ord(char) > 0xFFFF or char == "�" for char in name)
