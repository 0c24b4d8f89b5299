"""Typesets a paper (ledger, poster) in a child process with limits on memory and time.

python -m shiming.web.press < asked.json > paper.pdf

`asked` names the .typ file and holds everything printed on it; no other file is read. The child process loads no part
of Django.
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


class NotPrinted(RuntimeError):
    """The child process died or exceeded its time."""


def print_pdf(paper: Path, data: dict) -> bytes:
    """The paper as PDF, set by a child process."""
    content = json.dumps({"paper": str(paper), "data": data}, ensure_ascii=False).encode()
    try:
        run = sandbox.run(__name__, content, seconds=WALL_SECONDS, RAYON_NUM_THREADS="1", MALLOC_ARENA_MAX="2")
    except subprocess.TimeoutExpired:
        raise NotPrinted("took too long") from None
    if run.returncode or not run.stdout.startswith(b"%PDF"):
        raise NotPrinted(run.stderr.decode(errors="replace")[-400:])
    return run.stdout


def compose(paper: Path, data: dict, **wanted):
    """Typeset in this process; `format="png"` returns the pages as images."""
    import typst

    fonts = Path(find_spec("noto_cjk_sans_otc").origin).parent
    return typst.compile(
        paper.read_bytes(),
        root=paper.parent,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **wanted,
    )


def main() -> None:
    sandbox.bound(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(compose(Path(asked["paper"]), asked["data"]))


if __name__ == "__main__":
    main()
