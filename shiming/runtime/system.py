"""Queries of the operating system about processes and users."""

import ctypes
import os
import pwd
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Poll every 0.03 s; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def say(text: str, *, error: bool = False) -> None:
    """Print for the operator. A full disk or a closed terminal behind the output must not end the supervisor."""
    with suppress(OSError, ValueError):
        print(text, file=sys.stderr if error else sys.stdout, flush=True)


def write_whole(path: Path, text: str) -> None:
    """Write a private file atomically: a reader, also after a crash, sees the old text or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def flush_folder(folder: Path) -> None:
    """Wait until the names in this folder are on disk: a new file may otherwise be missing after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def memory() -> int:
    """Bytes of memory of this machine or container."""
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return size
    return min(size, int(limit)) if limit.isdecimal() else size


def is_alive(pid: int) -> bool:
    """A zombie is not alive: it only waits for its parent to read its exit code."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) != "Z"


def started_at(pid: int) -> str:
    """The kernel's start time of a process; distinguishes it from a later one with the same number."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


def _state(pid: int) -> str:
    fields = _stat(pid)
    return fields[0] if fields else "?"


def _stat(pid: int) -> list[str]:
    """The fields after the name in /proc/…/stat; empty without /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def processes_in(folder: Path) -> list[int]:
    """Live processes with this working folder: each PostgreSQL process runs in its data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*") if Path("/proc/self").exists() else []:
        try:
            stands_here = os.readlink(entry / "cwd") == str(folder)
        except OSError:
            continue
        if stands_here and is_alive(int(entry.name)):
            found.append(int(entry.name))
    return found


def signal_quietly(pid: int, number: int, *, group: bool = False) -> None:
    with suppress(ProcessLookupError, PermissionError):
        (os.killpg if group else os.kill)(pid, number)


def child_setup(user: pwd.struct_passwd | None = None, *, on_parent_death: int = 0) -> Callable[[], None]:
    """A preexec_fn: switch to the user, and request a signal on the parent's death."""
    parent = os.getpid()

    def before_exec():
        if user:
            # Groups first: without root rights they cannot be changed any more.
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
        os.umask(0o077)
        if on_parent_death and sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, on_parent_death)
            # The parent died before prctl, so its signal would never come.
            if os.getppid() != parent:
                os._exit(1)

    return before_exec


def can_reach(folder: Path, user: pwd.struct_passwd) -> bool:
    """Whether this user can enter the folder and all its parents (root's own folders usually forbid it)."""
    return all(_may_enter(part, user) for part in [folder, *folder.parents])


def _may_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    try:
        status = folder.stat()
    except OSError:
        return False
    if status.st_uid == user.pw_uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.pw_gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
