"""The SAM_A module behind the line: requests in, replies out, as in devices.md §6."""

import random
from collections.abc import Callable

from shiming.devices.reader import frames
from shiming.devices.reader.text import encode
from shiming.devices.simulator.stack import Stack

GOOD, STATUS = b"\x00\x00", {"ok": 0x90, "found": 0x9F, "none": 0x80, "refused": 0x81, "failed": 0x41, "unknown": 0x21}
NUMBER = bytes.fromhex("05000300") + b"".join(n.to_bytes(4, "little") for n in (20260101, 1, 1))


class Sam:
    """`noise` sends stray bytes before every reply, `cut` breaks off every other reading, `reselect` reads a card again
    without lifting."""

    def __init__(self, stack: Stack, *, noise: bool = False, cut: bool = False, reselect: bool = True):
        self.stack, self.noise, self.cut, self.reselect = stack, noise, cut, reselect
        self.receiver = frames.Receiver(frames.SHORTEST_REQUEST)
        self.selected, self.done, self.reads = 0, 0, 0
        self.stray = random.Random(7)

    def feed(self, data: bytes) -> bytes:
        """The reply to these bytes."""
        bodies = [body for body in self.receiver.feed(data) if body is not None and len(body) >= 2]
        return b"".join(self._wrapped(COMMANDS.get(body[:2], Sam._unknown)(self)) for body in bodies)

    def _find(self) -> bytes:
        if self.stack.card is None or self.done == self.stack.placed:
            return _reply("none")
        return _reply("found", bytes(4))

    def _select(self) -> bytes:
        if self.stack.card is None or (self.done == self.stack.placed and not self.reselect):
            return _reply("refused")
        self.selected = self.stack.placed
        return _reply("ok", bytes(8))

    def _read(self) -> bytes:
        specimen = self.stack.card
        if specimen is None or self.selected != self.stack.placed:
            return _reply("failed")
        self.done = self.stack.placed
        text, photo = encode(specimen.card), specimen.wlt
        return _reply("ok", len(text).to_bytes(2, "big") + len(photo).to_bytes(2, "big") + text + photo)

    def _number(self) -> bytes:
        return _reply("ok", NUMBER)

    def _state(self) -> bytes:
        return _reply("ok")

    def _unknown(self) -> bytes:
        return _reply("unknown")

    def _wrapped(self, body: bytes) -> bytes:
        frame = frames.build(body)
        if self.cut and len(body) > 100:
            self.reads += 1
            if self.reads % 2:
                self.done = 0  # a broken reading does not count as read
                frame = frame[: len(frame) // 2]
        if self.noise:
            stray = self.stray.randbytes(self.stray.randrange(1, 12)) + b"\xaa\xaa"
            frame = stray + frame
        return frame


def _reply(status: str, data: bytes = b"") -> bytes:
    return GOOD + bytes([STATUS[status]]) + data


COMMANDS: dict[bytes, Callable[[Sam], bytes]] = {
    b"\x10\xff": Sam._state,
    b"\x11\xff": Sam._state,
    b"\x12\xff": Sam._number,
    b"\x20\x01": Sam._find,
    b"\x20\x02": Sam._select,
    b"\x30\x01": Sam._read,
}
