"""The cycle find, select, read, as pure logic: gives the next request, takes the response. sam.js does the same.

A module answers 80 to find both for an empty reader and for a card it has read already, so select is tried after 80 as
well: where the module allows it, the card need not be lifted. A card is reported once; the same card counts again only
after a few rounds without it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from shiming.devices.reader import frames
from shiming.devices.reader.text import BadText, Card, parse

FIND, SELECT, READ = b"\x20\x01", b"\x20\x02", b"\x30\x01"
MODULE_NUMBER = b"\x12\xff"
OK, FOUND, NO_CARD = 0x90, 0x9F, 0x80
AWAY = 3  # rounds without a card after which the same card is a new reading

TROUBLES = {
    0x31: "这张证件不接受本阅读器",
    0x32: "阅读器不接受这张证件",
    0x33: "证件信息未通过真伪校验",
    0x40: "放的不是身份证",
    0x41: "没有读完，请把证件放稳",
    0x60: "阅读器自检失败",
    0x66: "阅读器没有授权",
}


@dataclass(frozen=True, slots=True)
class Reading:
    card: Card
    photo: bytes


class Session:
    """The conversation with one reader. `trouble` holds the complaint of the last answer in words."""

    def __init__(self):
        self.ask, self.trouble = FIND, ""
        self.last, self.missed = b"", AWAY

    @property
    def at_start(self) -> bool:
        return self.ask == FIND

    def request(self) -> bytes:
        return frames.build(self.ask)

    def answer(self, body: bytes | None) -> Reading | None:
        """Take the body of a reply, None when broken or missing. Returns a Reading when there is a new one."""
        asked, self.ask = self.ask, FIND
        if body is None or len(body) < 3:
            self.trouble = TROUBLES[0x41] if asked == READ else ""
            return None
        return STEPS[asked](self, body[2], body[3:])

    def _found(self, code: int, data: bytes) -> None:
        self.ask, self.trouble = SELECT, ""
        if code != FOUND:
            self.missed += 1

    def _selected(self, code: int, data: bytes) -> None:
        if code == OK:
            self.ask = READ

    def _read(self, code: int, data: bytes) -> Reading | None:
        if code != OK:
            self.trouble = TROUBLES.get(code, "没有读到，请把证件拿开再放一次")
            return None
        try:
            text, photo = split(data)
            card = parse(text)
        except BadText as bad:
            self.trouble = str(bad)
            return None
        repeated = text == self.last and self.missed < AWAY
        self.last, self.missed = text, 0
        return None if repeated else Reading(card, photo)


STEPS: dict[bytes, Callable] = {FIND: Session._found, SELECT: Session._selected, READ: Session._read}


def split(data: bytes) -> tuple[bytes, bytes]:
    """Text and photo by the lengths in the reply; a fingerprint is skipped."""
    for numbers in (2, 3):
        lengths = [int.from_bytes(data[at * 2 : at * 2 + 2], "big") for at in range(numbers)]
        if len(data) == numbers * 2 + sum(lengths):
            start = numbers * 2
            return data[start : start + lengths[0]], data[start + lengths[0] : start + lengths[0] + lengths[1]]
    raise BadText("读到的长度不符，请再读一次")


def module_number(data: bytes) -> str:
    """The label of the reader from 16 bytes: 05.03-20260101-0012345678-1234567890."""
    if len(data) != 16:
        return ""
    first, second = (int.from_bytes(data[at : at + 2], "little") for at in (0, 2))
    days, low, high = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{first:02}.{second:02}-{days}-{low:010}-{high:010}"
