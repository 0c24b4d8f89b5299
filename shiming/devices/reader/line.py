"""The serial line: a device file opened raw at 115200 8N1, with time-outs. Linux and macOS.

On Windows the page opens the port by Web Serial, or the reader's own bridge answers.
"""

import os
import select
import time
from contextlib import suppress

from shiming.devices.reader import frames
from shiming.devices.reader.session import MODULE_NUMBER, Reading, Session, module_number

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = None

QUIET = 2.0  # seconds without bytes after which an answer is given up
PAUSE = 0.2  # between two rounds


class NoLine(OSError):
    """The reader cannot be reached: not plugged in, removed, or in use."""


class Line:
    def __init__(self, path: str):
        if termios is None:
            raise NoLine("此系统上请在浏览器里直接连接串口，或使用阅读器自带的程序")
        try:
            self.file = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            _raw(self.file)
        except (OSError, termios.error) as error:
            raise NoLine(f"打不开 {path}：{error}") from error

    def close(self) -> None:
        with suppress(OSError):
            os.close(self.file)

    def exchange(self, request: bytes) -> bytes | None:
        """Send a frame and return the body of the first reply; None when it is broken or two seconds stay silent."""
        receiver = frames.Receiver()
        try:
            self._drain()
            os.write(self.file, request)
            while select.select([self.file], [], [], QUIET)[0]:
                data = os.read(self.file, 4096)
                if not data:
                    raise NoLine("阅读器断开了")
                if found := receiver.feed(data):
                    return next((body for body in found if body is not None), None)
        except OSError as error:
            raise error if isinstance(error, NoLine) else NoLine(f"阅读器断开了：{error}") from error
        return None

    def _drain(self) -> None:
        """Discard the rest of an earlier answer before the next question."""
        while select.select([self.file], [], [], 0)[0]:
            if not os.read(self.file, 4096):
                raise NoLine("阅读器断开了")


class Reader:
    """A reader on a line, the source of a bridge; opened again after it was unplugged."""

    def __init__(self, path: str):
        self.path, self.line, self.session, self.number = path, None, Session(), ""

    def read(self, wait: float) -> Reading | None:
        """The card on the reader, or the one put down within `wait` seconds; the same card is read again."""
        self.session = Session()
        until = time.monotonic() + wait
        while True:
            reading = self._round()
            if reading or time.monotonic() >= until:
                return reading
            time.sleep(PAUSE)

    def version(self) -> str:
        if not self.number:
            answer = self._exchange(frames.build(MODULE_NUMBER))
            self.number = module_number(answer[3:]) if answer else ""
        return self.number

    @property
    def trouble(self) -> str:
        return self.session.trouble

    def _round(self) -> Reading | None:
        """One round of questions, until the next one is 找卡 again."""
        while True:
            reading = self.session.answer(self._exchange(self.session.request()))
            if reading or self.session.at_start:
                return reading

    def _exchange(self, request: bytes) -> bytes | None:
        self.line = self.line or Line(self.path)
        try:
            return self.line.exchange(request)
        except NoLine:
            self.line.close()
            self.line = None
            raise


def _raw(file: int) -> None:
    tty.setraw(file)
    modes = termios.tcgetattr(file)
    modes[4] = modes[5] = termios.B115200
    modes[2] = modes[2] & ~(termios.PARENB | termios.CSTOPB) | termios.CREAD | termios.CLOCAL
    termios.tcsetattr(file, termios.TCSANOW, modes)
