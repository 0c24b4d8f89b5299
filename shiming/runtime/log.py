"""Rotates the log by size and deletes files older than the legal period.

One process rotates for all; each writer notices that the file is gone and opens a new one (config/logs.py).
"""

import time
from pathlib import Path

LARGEST = 20_000_000  # bytes
KEPT = 400 * 86_400  # seconds; the Cybersecurity Law asks for at least six months


def turn_over(folder: Path) -> None:
    log = folder / "shiming.log"
    if not log.exists() or log.stat().st_size < LARGEST:
        return
    log.rename(folder / f"shiming-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.log")
    for old in folder.glob("shiming-*.log"):
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink()
