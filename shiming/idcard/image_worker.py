"""The child program that opens foreign pictures: few rights, bounded memory and time, no network.

Started by image_process.py. It reads a request from stdin, writes the answer to stdout, and ends when the input ends or
no request arrives for IDLE_SECONDS. A message is two lengths, a JSON head and a body.
"""

import contextlib
import json
import os
import select
import signal
import struct
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any, BinaryIO

LENGTHS = struct.Struct(">II")
MEMORY = 3 * 1024**3
SECONDS = 40
IDLE_SECONDS = 300
THREADS = 2


def main(work: dict[str, Callable] | None = None) -> None:
    """Answer until the input ends; `work` of another module in place of that on photos of cards."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # library output goes to stderr, so that it cannot mix with the answers
    _limit_memory()
    while select.select([0], [], [], IDLE_SECONDS)[0]:
        message = receive(sys.stdin.buffer.raw)
        if message is None:
            return
        signal.alarm(SECONDS)
        send(answers, *_answer(work or WORK, *message))
        signal.alarm(0)


def send(out: BinaryIO, head: dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(head).encode()
    out.write(LENGTHS.pack(len(text), len(body)) + text + body)
    out.flush()


def receive(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message, or None when the other side has closed."""
    lengths = _exactly(source, LENGTHS.size)
    if lengths is None:
        return None
    head_length, body_length = LENGTHS.unpack(lengths)
    head, body = _exactly(source, head_length), _exactly(source, body_length)
    return None if head is None or body is None else (json.loads(head), body)


def _exactly(source: BinaryIO, count: int) -> bytes | None:
    parts = []
    while count:
        part = source.read(count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(work: dict[str, Callable], head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from shiming.idcard.photos import UnusablePhoto

    try:
        return work[head["do"]](head, body)
    except UnusablePhoto as unusable:
        return {"unusable": unusable.problem.code}, b""


def _inspect(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from shiming.idcard import photos

    report = photos.inspect(body)
    return {
        "problems": [problem.code for problem in report.problems],
        "facts": [report.format, report.width, report.height, report.sharpness, report.brightness],
    }, b""


def _clean(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from shiming.idcard import photos

    cleaned = photos.clean(body, head["max_side"], max_bytes=head["max_bytes"])
    return {"fingerprint": photos.fingerprint(cleaned)}, cleaned


def _read(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The text lines on a photo, and the upright photo itself, turned by head["turn"]."""
    from shiming.idcard import photos

    image = photos.reduced(photos.upright(body).rotate(head["turn"], expand=True), head["max_side"])
    found = _reader()(image)
    if found.boxes is None:
        return {"lines": []}, photos.as_jpeg(image)
    lines = zip(found.boxes.tolist(), found.txts, map(float, found.scores), strict=True)
    return {"lines": list(lines)}, photos.as_jpeg(image)


WORK = {"inspect": _inspect, "clean": _clean, "read": _read}


@lru_cache
def _reader():
    from rapidocr import RapidOCR

    threads = {"intra_op_num_threads": THREADS, "inter_op_num_threads": 1}
    onnx = {f"EngineConfig.onnxruntime.{name}": count for name, count in threads.items()}
    return RapidOCR(params={"Global.log_level": "error", **onnx})


if __name__ == "__main__":
    main()
