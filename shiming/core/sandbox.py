"""Child processes that parse foreign content: bounded memory and time, no secrets in the environment. Django is not
imported here, because the child imports this module."""

import os
import resource
import subprocess
import sys
from pathlib import Path

KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "LANG", "TZ")


def run(module: str, content: bytes, *, seconds: float, **more: str) -> subprocess.CompletedProcess:
    """`python -m module` with `content` on stdin; raises subprocess.TimeoutExpired after `seconds`."""
    return subprocess.run(
        command(module),
        input=content,
        capture_output=True,
        timeout=seconds,
        check=False,
        env=environment(**more),
        cwd=FOLDER,
    )


def command(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def environment(**more: str) -> dict[str, str]:
    """The variables Python needs, plus those given; no secrets."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    paths = os.pathsep.join(str(Path(path or ".").resolve()) for path in sys.path)
    return {**kept, "PYTHONPATH": paths, **more}


def bound(*, memory: int, cpu_seconds: int) -> None:
    """Called by the child for itself: limits of address space in bytes and of CPU time in seconds."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


FOLDER = Path(sys.prefix)
