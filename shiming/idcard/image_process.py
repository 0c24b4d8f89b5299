"""Opens foreign pictures in a separate process: started on demand, killed at the time limit, restarted when it dies."""

import atexit
import os
import subprocess
import threading
from typing import Any

from shiming.core import sandbox
from shiming.idcard import image_worker
from shiming.idcard.photos import MAX_BYTES, PROBLEMS, PhotoReport, UnusablePhoto, small

SECONDS = 30


class PictureFailed(RuntimeError):
    """The process died or exceeded the time limit on this picture."""


def inspect(content: bytes) -> PhotoReport:
    """`photos.inspect` in the separate process."""
    try:
        head, _ = process.ask({"do": "inspect"}, content)
    except PictureFailed:
        return PhotoReport((PROBLEMS["broken"],))
    format, width, height, sharpness, brightness = head["facts"]
    problems = tuple(small(width, height) if code == "small" else PROBLEMS[code] for code in head["problems"])
    return PhotoReport(problems, format, width, height, sharpness, brightness)


def clean(content: bytes, max_side: int = 1600, max_bytes: int = MAX_BYTES) -> tuple[bytes, str]:
    """`photos.clean` and `photos.fingerprint` in the separate process; returns (JPEG, fingerprint)."""
    try:
        head, cleaned = process.ask({"do": "clean", "max_side": max_side, "max_bytes": max_bytes}, content)
    except PictureFailed as failed:
        raise UnusablePhoto(PROBLEMS["broken"]) from failed
    return cleaned, head["fingerprint"]


class PictureProcess:
    """One child that handles one request at a time."""

    def __init__(self, seconds: float = SECONDS, module: str = image_worker.__name__):
        self.seconds, self.module = seconds, module
        self.lock = threading.Lock()
        self.child: subprocess.Popen | None = None
        self.owner = 0

    def ask(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        with self.lock:
            used_before = self._running()
            answer = self._exchange(head, body)
            if answer is None and used_before:  # an idle child may have ended just then: ask a new one once
                answer = self._exchange(head, body)
        if answer is None:
            raise PictureFailed(head["do"])
        if code := answer[0].get("unusable"):
            raise UnusablePhoto(PROBLEMS[code])
        return answer

    def stop(self) -> None:
        if self.child is not None and self.owner == os.getpid():
            self.child.kill()
            self.child.communicate()
        self.child = None

    def _exchange(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes] | None:
        if not self._running():
            self._start()
        deadline = threading.Timer(self.seconds, self.child.kill)
        deadline.start()
        try:
            image_worker.send(self.child.stdin, head, body)
            answer = image_worker.receive(self.child.stdout)
        except (OSError, ValueError):
            answer = None
        finally:
            deadline.cancel()
        if answer is None:
            self.stop()
        return answer

    def _running(self) -> bool:
        """A forked server process must not share the child of its parent."""
        return self.child is not None and self.owner == os.getpid() and self.child.poll() is None

    def _start(self) -> None:
        self.stop()
        self.owner = os.getpid()
        self.child = subprocess.Popen(
            sandbox.command(self.module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=sandbox.FOLDER,
            env=_environment(),
        )


def _environment() -> dict[str, str]:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # no request may leave the machine
    threads = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": str(image_worker.THREADS)}
    return sandbox.environment(**nowhere, **threads)


process = PictureProcess()
atexit.register(process.stop)
