"""Rotates the log by size, and deletes files older than the legal period or beyond the total size.

One process rotates for all; each writer notices that the file is gone and opens a new one (config/logs.py). The log of
PostgreSQL is appended to, so a file that grows beyond its limit is emptied.
"""

import os
import time
from pathlib import Path

LARGEST = 20_000_000  # bytes
KEPT = 400 * 86_400  # seconds; the Cybersecurity Law asks for at least six months
TOTAL = 2_000_000_000  # bytes of all rotated files; a hundred files, which a healthy system does not write in years
LARGEST_OF_DATABASE = 100_000_000  # bytes; PostgreSQL keeps one file for each day of the week


def turn_over(folder: Path) -> None:
    """Never raises OSError: a log that cannot be rotated must not stop the supervisor."""
    log = folder / "shiming.log"
    try:
        if log.stat().st_size < LARGEST:
            return
        log.rename(folder / f"shiming-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.log")
        _delete_old(folder)
    except OSError:
        return


def bound(folder: Path) -> None:
    """Empty each log of the database that has grown beyond its limit."""
    for log in folder.glob("*.log"):
        try:
            if log.stat().st_size > LARGEST_OF_DATABASE:
                os.truncate(log, 0)
        except OSError:
            continue


def _delete_old(folder: Path) -> None:
    total = 0
    for old in sorted(folder.glob("shiming-*.log"), reverse=True):  # newest first
        status = old.stat()
        total += status.st_size
        if total > TOTAL or status.st_mtime < time.time() - KEPT:
            old.unlink()
