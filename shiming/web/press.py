"""Sets one ledger in a child process with limits on memory and time; it reads no file except its input.

python -m shiming.ledgers.press < data.json > ledger.pdf

The child process loads no part of Django.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from shiming.core import sandbox

MEMORY = 2_000_000_000  # address space: the font alone maps twenty million bytes
CPU_SECONDS = 40
WALL_SECONDS = 60
PAPER = Path(__file__).with_name("paper") / "ledger.typ"


class NotPrinted(RuntimeError):
    """The child process died or exceeded its time."""


def print_pdf(data: dict) -> bytes:
    """The ledger as PDF, set by a child process."""
    content = json.dumps(data, ensure_ascii=False).encode()
    try:
        run = sandbox.run(__name__, content, seconds=WALL_SECONDS, RAYON_NUM_THREADS="1", MALLOC_ARENA_MAX="2")
    except subprocess.TimeoutExpired:
        raise NotPrinted("took too long") from None
    if run.returncode or not run.stdout.startswith(b"%PDF"):
        raise NotPrinted(run.stderr.decode(errors="replace")[-400:])
    return run.stdout


def compose(data: str, **wanted):
    """Typeset the paper in this process; `format="png"` returns its pages as images."""
    import typst

    fonts = Path(find_spec("noto_cjk_sans_otc").origin).parent
    return typst.compile(
        PAPER.read_bytes(),
        root=PAPER.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        **wanted,
    )


def main() -> None:
    sandbox.bound(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    sys.stdout.buffer.write(compose(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
