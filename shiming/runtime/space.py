"""Free space on the volumes of an installation: a warning below 10 %, no uploads below 5 %.

Scans, punches and logins write rows only, so they go on when uploads are refused.
"""

import errno
import os
import shutil
import time
from pathlib import Path

from shiming.runtime.system import flush_folder

WARN, FULL = 0.10, 0.05  # of the volume
LOOK_EVERY, REPEAT_AFTER = 30, 3600  # seconds


def free_share(*folders: Path) -> float:
    """The smallest free share of the volumes of these folders; a folder that cannot be asked does not count."""
    shares = [1.0]
    for folder in folders:
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        shares.append(usage.free / usage.total if usage.total else 1.0)
    return min(shares)


class DiskFull(Exception):
    """What is left on this disk belongs to the database."""


def write_durably(path: Path, content: bytes) -> None:
    """Write a private file that is on disk when this returns; DiskFull, another failure or a crash leave none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if free_share(path.parent) < FULL:
        raise DiskFull
    temporary = path.with_suffix(".part")
    try:
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise
    temporary.rename(path)  # after the fsync
    flush_folder(path.parent)


class SpaceWatch:
    """Tells the operator when the space becomes short, and again each hour while it is."""

    def __init__(self, *folders: Path):
        self._folders = folders
        self._look_at = self._tell_at = 0.0

    def notice(self) -> str:
        """The sentence to print now, else ""."""
        now = time.monotonic()
        if now < self._look_at:
            return ""
        self._look_at = now + LOOK_EVERY
        share = free_share(*self._folders)
        if share >= WARN:
            self._tell_at = 0.0
            return ""
        if now < self._tell_at:
            return ""
        self._tell_at = now + REPEAT_AFTER
        return (
            f"Only {share:.0%} of the disk is free: below {FULL:.0%} uploads are refused, on a full disk the database "
            f"stops. Free space, or enlarge the volume of {self._folders[0]}.\n"
            f"磁盘仅剩 {share:.0%}：低于 {FULL:.0%} 不再接收上传，用尽后数据库会停止。请清理磁盘或扩容 {self._folders[0]} 所在的卷。"
        )
