"""Local bridges between page and reader: the four that readers ship with (devices.md §7, A to D), one file each.

Each file turns a request and a `Source` into the response for the page. The same code runs in the simulator with
invented cards, and in `shiming reader-bridge` with a real reader.
"""

from dataclasses import dataclass
from typing import Protocol

from shiming.devices.reader.text import Card


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a bridge returns it; the portrait is JPEG or empty."""

    card: Card
    portrait: bytes = b""


class Source(Protocol):
    trouble: str

    def read(self, wait: float) -> Shown | None: ...

    def version(self) -> str: ...
