"""The anchor file: one JSON line for each anchor. A damaged line is reported, and does not hide the others."""

import json
from collections.abc import Iterator
from pathlib import Path

TEXTS = ("at", "chain", "head")  # beside the number of the seal


def read_anchors(path: Path) -> Iterator[tuple[int, dict | None]]:
    """(number of the line, its content or None); (0, None) when the file cannot be read at all."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    except OSError:
        yield 0, None
        return
    for number, line in enumerate(lines, start=1):
        yield number, _understood(line)


def _understood(line: str) -> dict | None:
    try:
        noted = json.loads(line)
        known = isinstance(noted["seal"], int) and all(isinstance(noted[name], str) for name in TEXTS)
    except (ValueError, TypeError, KeyError):
        return None
    return noted if known else None
