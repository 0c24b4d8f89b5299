"""File locks that the kernel releases when the holder dies, however it dies."""

import fcntl
import os
from pathlib import Path

from shiming.runtime.system import wait_until


class Lock:
    """`shared` holders exclude an exclusive one and the other way round."""

    def __init__(self, path: Path):
        self.path = path
        self._fd: int | None = None

    def take(self, *, shared: bool = False, wait: float = 0) -> bool:
        return self._try(shared) or (wait > 0 and wait_until(lambda: self._try(shared), wait))

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def write(self, text: str) -> None:
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, text.encode(), 0)

    def read(self) -> str:
        """The text written by the present holder."""
        try:
            return self.path.read_text(encoding="utf-8", errors="replace").strip()
        except OSError:
            return ""

    def _try(self, shared: bool) -> bool:
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
