"""SAM_A 的帧：AA AA AA 96 69 · 长度 · 内容 · 校验。

A receiver never looks for a new start inside a frame, because the bytes of a photo may contain one. The rest of a
broken frame is dropped before the next question (`clear`), so the data of two people never share a buffer.
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
    """Takes bytes in chunks of any size and returns whole bodies; None for a broken frame."""

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
        """LEN of the first frame; noise before it is dropped, a possible beginning of a frame is kept."""
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
