"""Pictures of faces come from outside: they are opened by a child with bounds on memory and time (core/sandbox.py)."""

import atexit
from typing import Any

from shiming.faces.engine import EngineFailed
from shiming.idcard.image_process import PictureFailed, PictureProcess
from shiming.idcard.photos import UnusablePhoto

SECONDS = 20


def ask(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The child's answer; EngineFailed when the picture is none, or the child died or took too long over it."""
    try:
        return _process.ask(head, body)
    except (PictureFailed, UnusablePhoto) as failed:
        raise EngineFailed(str(failed)) from failed


def cut(jpeg: bytes, box: tuple[float, float, float, float]) -> bytes:
    """The face in its box with some room around it, as a small JPEG of its own: what a human compares."""
    return ask({"do": "cut", "box": list(box)}, jpeg)[1]


_process = PictureProcess(SECONDS, module="shiming.faces.engine.worker")
atexit.register(_process.stop)
