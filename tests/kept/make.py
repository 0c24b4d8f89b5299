"""Makes a kept backup: `python -m tests.kept.make NAME` writes tests/kept/NAME.backup and NAME.key, once per release.

The installation is small and invented: one person employed, allocated, on site, with a portrait, a message and a sealed
trail. The key opens this file alone.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from shiming.runtime.backup import write_backup
from shiming.runtime.directories import forget
from shiming.runtime.installation import Installation
from shiming.runtime.master_key import create_master_key

HERE = Path(__file__).parent
CONTENT = """
from shiming.core import files, seals
from shiming.evidence import anchors
from shiming.outbox.commands import send
from tests.cast import Cast

cast = Cast()
stay = cast.stay()
cast.zhang.portrait = files.store(b"a portrait", kind="portrait", media_type="image/jpeg")
cast.zhang.save()
from shiming.people.commands import reveal
reveal(cast.zhang, "phone", purpose="发放工资", by=cast.hr)
send("15499000001", "您好", "kept")
for chain in seals.CHAINS.values():
    seals.seal(chain, seals.mark(chain).number)
anchors.anchor()
"""


def main(name: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="shiming-kept-"))
    folder.chmod(0o711)
    os.environ["SHIMING_HOME"] = str(folder)
    try:
        installation = Installation("production")
        installation.claim()
        key = create_master_key(folder / "keys" / "master.key")
        with installation.database() as (_, addresses):
            installation.manage(addresses.owner, "migrate", "--no-input", "--verbosity", "0")
            installation.manage(addresses.app, "shell", "--verbosity", "0", "--command", CONTENT)
        shutil.copy(write_backup(installation), HERE / f"{name}.backup")
        shutil.copy(key, HERE / f"{name}.key")
        (HERE / f"{name}.key").chmod(0o600)
    finally:
        forget(folder)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1])
