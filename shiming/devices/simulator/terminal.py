"""A pseudo-terminal with the simulated module behind it: a program that opens `path` finds a reader."""

import os
import select
import threading
import tty
from contextlib import suppress

from shiming.devices.simulator.sam import Sam


class Terminal:
    def __init__(self, sam: Sam):
        self.sam = sam
        self.ours, self.theirs = os.openpty()  # `theirs` stays open, so that programs may open and close the path
        tty.setraw(self.theirs)
        self.path = os.ttyname(self.theirs)
        self.stopped, self.wake = os.pipe()

    def start(self) -> "Terminal":
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        os.write(self.wake, b".")
        self.thread.join(5)
        for file in (self.ours, self.theirs, self.stopped, self.wake):
            with suppress(OSError):
                os.close(file)

    def _serve(self) -> None:
        while self.stopped not in (ready := select.select([self.ours, self.stopped], [], [])[0]):
            data = os.read(ready[0], 4096)
            reply = self.sam.feed(data)
            while reply:
                reply = reply[os.write(self.ours, reply) :]
