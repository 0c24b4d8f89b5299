"""Children of ours that open what came from outside: a process of its own, with bounds on memory and time, that sees
none of our secrets. Nothing of Django is loaded here, because it is loaded there."""

import os
import resource
import subprocess
import sys
from pathlib import Path

KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "LANG", "TZ")


def run(module: str, content: bytes, *, seconds: float, **more: str) -> subprocess.CompletedProcess:
    """`python -m module` with `content` on its standard input; subprocess.TimeoutExpired after so many seconds."""
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
    """What Python needs, what the child is given beside it, and none of our secrets."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    paths = os.pathsep.join(str(Path(path or ".").resolve()) for path in sys.path)
    return {**kept, "PYTHONPATH": paths, **more}


def bound(*, memory: int, cpu_seconds: int) -> None:
    """Said by the child itself, of itself: bytes of address space, and time."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


FOLDER = Path(sys.prefix)
