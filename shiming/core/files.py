"""Encrypted files: written whole and flushed before their row is saved (security.md 9, 38, 50)."""

import re
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from shiming.core import keys
from shiming.core.environment import environment
from shiming.core.errors import NoSpace
from shiming.core.models import StoredFile
from shiming.runtime.space import DiskFull, write_durably

NAME = re.compile(r"[0-9a-f]{32}")  # any other name is an incomplete file
ORPHANS_KEPT = 86_400  # seconds


def store(content: bytes, *, kind: str, media_type: str) -> StoredFile:
    """Encrypt and write the content, return its row. Call it in the transaction that saves the reference to the row."""
    row = StoredFile(kind=kind, media_type=media_type, size=len(content), digest=sha256(content).hexdigest())
    try:
        write_durably(path_of(row), keys.encrypt("files", content, str(row.pk)))
    except DiskFull as full:
        raise NoSpace("R-76") from full
    row.save(force_insert=True)
    return row


def read(row: StoredFile) -> bytes:
    return keys.decrypt("files", path_of(row).read_bytes(), str(row.pk))


def remove(row: StoredFile) -> None:
    """Delete the row of an unreferenced file now, and its content on commit."""
    path = path_of(row)
    row.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def remove_orphans(now: float) -> int:
    """Delete files without a row, left by a failed transaction or a killed process (security.md 9); return their
    number.

    Files younger than a day are kept: their transaction may still be running.
    """
    removed = 0
    for folder in (environment().folder / "media").glob("??"):
        old = {path for path in folder.iterdir() if path.stat().st_mtime < now - ORPHANS_KEPT}
        whole = [path.name for path in old if NAME.fullmatch(path.name)]
        kept = {pk.hex for pk in StoredFile.objects.filter(pk__in=whole).values_list("pk", flat=True)}
        for path in old:
            if path.name not in kept:
                path.unlink()
                removed += 1
    return removed


def path_of(row: StoredFile) -> Path:
    name = row.pk.hex
    return environment().folder / "media" / name[-2:] / name
