"""Turns the log over when it has grown, and forgets what is older than the law asks to keep.

One process does it for all: whoever writes sees that the file has gone and begins the next one (config/logs.py).
"""

import time
from pathlib import Path

LARGEST = 20_000_000  # bytes
KEPT = 400 * 86_400  # seconds; 网络安全法 asks for six months at least


def turn_over(folder: Path) -> None:
    log = folder / "shiming.log"
    if not log.exists() or log.stat().st_size < LARGEST:
        return
    log.rename(folder / f"shiming-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.log")
    for old in folder.glob("shiming-*.log"):
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink()
