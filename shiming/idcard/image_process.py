"""Pictures from outside are opened by a separate process: started when first needed, killed when it takes too long,
started anew when it dies. What it cannot survive, the product survives."""

import atexit
import os
import subprocess
import threading
from typing import Any

from shiming.core import sandbox
from shiming.idcard import image_worker
from shiming.idcard.photos import PROBLEMS, PhotoReport, UnusablePhoto, small

SECONDS = 30


class PictureFailed(RuntimeError):
    """The process died or took too long over this picture."""


def inspect(content: bytes) -> PhotoReport:
    """photos.inspect, at arm's length."""
    try:
        head, _ = process.ask({"do": "inspect"}, content)
    except PictureFailed:
        return PhotoReport((PROBLEMS["broken"],))
    format, width, height, sharpness, brightness = head["facts"]
    problems = tuple(small(width, height) if code == "small" else PROBLEMS[code] for code in head["problems"])
    return PhotoReport(problems, format, width, height, sharpness, brightness)


def clean(content: bytes, max_side: int = 1600) -> tuple[bytes, str]:
    """photos.clean and photos.fingerprint, at arm's length."""
    try:
        head, cleaned = process.ask({"do": "clean", "max_side": max_side}, content)
    except PictureFailed as failed:
        raise UnusablePhoto(PROBLEMS["broken"]) from failed
    return cleaned, head["fingerprint"]


class PictureProcess:
    """One child, one question at a time."""

    def __init__(self, seconds: float = SECONDS, module: str = image_worker.__name__):
        self.seconds, self.module = seconds, module
        self.lock = threading.Lock()
        self.child: subprocess.Popen | None = None
        self.owner = 0

    def ask(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        with self.lock:
            used_before = self._running()
            answer = self._exchange(head, body)
            if answer is None and used_before:  # it may have gone to rest just then: ask a fresh one
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
        """A fork of the server must not share its parent's child."""
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
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")  # nothing is ever fetched
    threads = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": str(image_worker.THREADS)}
    return sandbox.environment(**nowhere, **threads)


process = PictureProcess()
atexit.register(process.stop)
