"""SAM_A 的帧：AA AA AA 96 69 · 长度 · 内容 · 校验。

A receiver never looks for a new start inside a frame, because the bytes of a photo may hold one. What a broken frame
swallowed is forgotten when the next question is asked (`clear`), so two people's data never meet in one buffer.
"""

from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("aaaaaa9669")
SHORTEST_REQUEST, SHORTEST_REPLY = 3, 4  # LEN counts the check byte
LONGEST = 4096


def build(body: bytes) -> bytes:
    """The frame around a request (CMD PARA data) or a reply (SW1 SW2 SW3 data)."""
    length = (len(body) + 1).to_bytes(2, "big")
    return PREAMBLE + length + body + bytes([checksum(length + body)])


def checksum(data: bytes) -> int:
    return reduce(xor, data, 0)


class Receiver:
    """Bytes in, in pieces of any size; whole bodies out. None stands for a frame that arrived broken."""

    def __init__(self, shortest: int = SHORTEST_REPLY):
        self.shortest, self.buffer = shortest, b""

    def clear(self) -> None:
        self.buffer = b""

    def feed(self, data: bytes) -> list[bytes | None]:
        self.buffer += data
        found = []
        while (length := self._length()) is not None:
            if not self.shortest <= length <= LONGEST:
                found.append(None)
                self.buffer = self.buffer[1:]
                continue
            end = len(PREAMBLE) + 2 + length
            if len(self.buffer) < end:
                break
            found.append(_body(self.buffer[len(PREAMBLE) : end]))
            self.buffer = self.buffer[end:]
        return found

    def _length(self) -> int | None:
        """LEN of the frame that stands first; noise before it is dropped, what may be its beginning is kept."""
        start = self.buffer.find(PREAMBLE)
        if start < 0:
            kept = next(n for n in range(len(PREAMBLE) - 1, -1, -1) if self.buffer.endswith(PREAMBLE[:n]))
            self.buffer = self.buffer[len(self.buffer) - kept :]
            return None
        self.buffer = self.buffer[start:]
        head = self.buffer[len(PREAMBLE) : len(PREAMBLE) + 2]
        return int.from_bytes(head, "big") if len(head) == 2 else None


def _body(framed: bytes) -> bytes | None:
    return framed[2:-1] if checksum(framed[:-1]) == framed[-1] else None
