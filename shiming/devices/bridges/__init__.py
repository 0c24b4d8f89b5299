"""网页与阅读器之间的本机桥：阅读器自带的四种（devices.md §7 的 A、B、C、D），各一个文件。

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
