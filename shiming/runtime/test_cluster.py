"""A cluster for one test run: not durable, removed afterwards, ended with the process that started it.

python -m shiming.runtime.test_cluster <command…>    runs the command with such a database, migrated or not
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shiming.runtime.directories import forget
from shiming.runtime.errors import Refused
from shiming.runtime.postgres import Addresses, Cluster
from shiming.runtime.system import is_alive

PREFIX = "shiming-throwaway-"


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[tuple[Path, Addresses]]:
    """Yields its data folder and its addresses."""
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    if os.geteuid() == 0:
        home.chmod(0o711)
    cluster = Cluster(home, durable=durable, dies_with_us=True)
    try:
        yield home, cluster.start()
    finally:
        cluster.stop()
        remove(home)


def remove(home: Path) -> None:
    forget(home)
    shutil.rmtree(home, ignore_errors=True)


def variables(home: Path, addresses: Addresses) -> dict[str, str]:
    """Tests create databases, so they connect as the owner."""
    return {
        "SHIMING_HOME": str(home),
        "SHIMING_MODE": "test",
        "DATABASE_URL": addresses.owner,
        "SHIMING_MIGRATE_URL": addresses.owner,
    }


def _sweep() -> None:
    """Remove clusters of test runs that were killed with -9."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        starter = left.name.removeprefix(PREFIX).split("-")[0]
        if starter.isdigit() and not is_alive(int(starter)):
            remove(left)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with throwaway() as (home, addresses):
            return subprocess.run(sys.argv[1:], env=os.environ | variables(home, addresses)).returncode
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
