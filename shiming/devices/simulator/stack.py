"""A stack of invented cards and the reader's plate with one card or none."""

import threading
from dataclasses import dataclass

from shiming.devices.bridges import Shown
from shiming.devices.reader.text import Card


@dataclass(frozen=True, slots=True)
class Specimen:
    """A card of the stack: its text, its portrait, and the portrait in the chip's format."""

    card: Card
    portrait: bytes = b""
    wlt: bytes = b""


class Stack:
    """`placed` counts the cards put down, so that the module distinguishes a new card from one still lying there."""

    def __init__(self, specimens: list[Specimen], *, number: str = "05.03-20260101-0000000001-0000000001"):
        self.specimens, self.number, self.trouble = specimens, number, ""
        self.at, self.card, self.placed = -1, None, 0
        self.changed = threading.Condition()

    def put(self, at: int) -> Specimen:
        """Put the card at this index on the plate; indexes wrap around."""
        with self.changed:
            self.at = at % len(self.specimens)
            self.card, self.placed = self.specimens[self.at], self.placed + 1
            self.changed.notify_all()
            return self.card

    def next(self) -> Specimen:
        return self.put(self.at + 1)

    def take_away(self) -> None:
        with self.changed:
            self.card = None

    # The interface of a bridge's source.

    def read(self, wait: float) -> Shown | None:
        with self.changed:
            self.changed.wait_for(lambda: self.card is not None, wait)
            return Shown(self.card.card, self.card.portrait) if self.card else None

    def version(self) -> str:
        return self.number
