"""Anchors: signed lines with the heads of all chains, appended to two files outside the database.

Each line names the line before by its SHA-256 and is signed with a key derived from the master key. It is on disk in
both places before `anchor` returns. The worker writes one when it starts, every ten minutes, and when it stops.
"""

import json
import os
from base64 import b64decode, b64encode
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from django.db import transaction
from django.utils import timezone

from shiming.core import keys, seals
from shiming.core.environment import environment
from shiming.core.limits import one_at_a_time
from shiming.runtime.system import flush_folder

RHYTHM = timedelta(minutes=10)
TAIL = 65_536  # bytes in which the last line is looked for
LEFT_OUT = ("signature",)


class Why(StrEnum):
    START = "start"
    RHYTHM = "rhythm"
    STOP = "stop"


@transaction.atomic
def anchor(why: Why = Why.RHYTHM) -> dict:
    """Append one line to both files; when one place fails, the other is written before OSError is raised."""
    one_at_a_time("anchor")
    before = last_line()
    line = {
        "number": before["number"] + 1 if before else 1,
        "at": timezone.now().isoformat(),
        "why": str(why),
        "before": named(before) if before else "",
        "chains": {chain.name: _end(chain) for chain in seals.CHAINS.values()},
    }
    line["signature"] = b64encode(keys.anchor_key().sign(signed_text(line))).decode()
    troubles = [trouble for path in environment().anchor_files if (trouble := _append(path, as_text(line)))]
    if troubles:
        raise troubles[0]
    return line


def last_line() -> dict | None:
    """The line with the highest number that this installation signed, in either place."""
    known = [line for path in environment().anchor_files for line in _tail(path) if is_ours(line)]
    return max(known, key=lambda line: line["number"], default=None)


def is_ours(line) -> bool:
    """Whether the value read from a file is a line with a signature of this installation."""
    return isinstance(line, dict) and isinstance(line.get("number"), int) and signed_here(line)


def signed_here(line: dict) -> bool:
    try:
        keys.anchor_key().public_key().verify(b64decode(str(line.get("signature"))), signed_text(line))
    except (InvalidSignature, ValueError):
        return False
    return True


def signed_text(line: dict) -> bytes:
    return as_text({name: value for name, value in line.items() if name not in LEFT_OUT}).encode()


def as_text(line: dict) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def named(line: dict) -> str:
    return sha256(as_text(line).encode()).hexdigest()


def parsed(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return None


def _end(chain: seals.Chain) -> dict | None:
    last = seals.last_seal(chain)
    if last is None:
        return None
    digest = bytes(last.digest or b"").hex()
    return {"seal": last.number, "last": last.last_id, "head": bytes(last.head).hex(), "digest": digest}


def _tail(path: Path) -> list:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return [parsed(text) for text in file.read().decode(errors="replace").splitlines()]
    except OSError:
        return []


def _append(path: Path, text: str) -> OSError | None:
    """Append and wait for the disk. A line torn by a power cut is ended first, so that it spoils only itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = not path.exists()
        with path.open("ab+") as file:
            torn = _is_torn(file)
            file.write((b"\n" if torn else b"") + text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            flush_folder(path.parent)
    except OSError as trouble:
        return trouble
    return None


def _is_torn(file) -> bool:
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"
