"""The restore drill: restores a backup beside the live system and checks its content."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shiming.runtime.backup import read_backup
from shiming.runtime.directories import forget
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation, outside_addresses
from shiming.runtime.master_key import key_path


def newest_backup(home: Path) -> Path:
    made = sorted((home / "backups").glob("*.backup"), key=lambda path: path.stat().st_mtime)
    if not made:
        raise Refused(
            f"There is no backup in {home / 'backups'}. Make one with `shiming backup`, or name a file.",
            f"{home / 'backups'} 中没有备份。请先运行 shiming backup，或写明备份文件。",
        )
    return made[-1]


def drill(living: Installation, source: Path) -> None:
    """Check row numbers, encrypted values, files and the trail in a temporary folder, then remove it."""
    if outside_addresses():
        raise Refused(
            "The drill restores into an embedded database. For an outside one, restore into a second server: "
            "SHIMING_HOME=… DATABASE_URL=… shiming restore …",
            "演练使用内置数据库。外部数据库请另设一台服务器，用 SHIMING_HOME=… DATABASE_URL=… shiming restore … 演练。",
        )
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir=living.home))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        key, elsewhere = key_path(living.home), dict.fromkeys(("SHIMING_ANCHORS", "SHIMING_ANCHORS_COPY"))
        with _pretending(SHIMING_HOME=folder, SHIMING_MASTER_KEY_FILE=key, **elsewhere):
            restored = read_backup(source.resolve())
            with restored.database() as (_, addresses):
                restored.manage(addresses.app, "check_restored")
    finally:
        forget(folder)
        shutil.rmtree(folder)


@contextmanager
def _pretending(**settings: Path | None) -> Iterator[None]:
    """Set environment variables for this process and its children; restore them afterwards."""
    before = {name: os.environ.pop(name, None) for name in settings}
    os.environ.update({name: str(value) for name, value in settings.items() if value})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
