"""The drill on a real installation with one worker, whose number and photo must come back."""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from shiming import cli
from shiming.runtime.backup import write_backup
from shiming.runtime.directories import forget
from shiming.runtime.installation import Installation
from shiming.runtime.postgres import Cluster

ONE_PERSON = """
from shiming.core import files
from shiming.core.models import StoredFile
from shiming.outbox.commands import send
send("13900000000", "您好", "drill")
files.store(b"a photo", kind="portrait", media_type="image/jpeg")
"""


@pytest.fixture(scope="module")
def living():
    """Migrated once for all tests of this file."""
    home = Path(tempfile.mkdtemp(prefix="shiming-drill-"))
    home.chmod(0o711)
    with pytest.MonkeyPatch.context() as settings:
        for name in ("DATABASE_URL", "SHIMING_MIGRATE_URL"):
            settings.delenv(name, raising=False)
        settings.setenv("SHIMING_HOME", str(home))
        installation = Installation("production")
        installation.claim()
        with installation.database() as (_, addresses):
            installation.manage(addresses.owner, "migrate", "--no-input", "--verbosity", "0")
            installation.manage(addresses.app, "shell", "--verbosity", "0", "--command", ONE_PERSON)
        yield installation
    forget(home)
    shutil.rmtree(home)


def test_whole_backup_passes_and_leaves_nothing(living, capfd):
    write_backup(living)
    before = sorted(path.name for path in living.home.iterdir())

    assert cli.main(["restore-drill"]) == 0

    output = capfd.readouterr().out
    assert "文件: 1 个" in output and "痕迹完整" in output and "恢复演练通过" in output
    assert sorted(path.name for path in living.home.iterdir()) == before
    assert Cluster(living.home).postmaster() is None
    assert os.environ["SHIMING_HOME"] == str(living.home)


def test_photo_missing_in_backup_is_reported(living, capfd):
    photo = next(path for path in (living.home / "media").rglob("*") if path.is_file())
    kept = photo.read_bytes()
    photo.unlink()
    saved = write_backup(living)
    photo.write_bytes(kept)

    assert cli.main(["restore-drill", str(saved)]) == 1
    assert "缺失或已改变" in capfd.readouterr().out


def test_number_that_does_not_decrypt_is_reported(living, capfd):
    with living.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
        connection.execute("UPDATE outbox_outboxmessage SET text = set_byte(text, 20, get_byte(text, 20) # 1)")
    saved = write_backup(living)

    assert cli.main(["restore-drill", str(saved)]) == 1
    assert "text 解不开" in capfd.readouterr().out


def test_missing_backup_is_refused_with_hint(living, capfd):
    for made in (living.home / "backups").iterdir():
        made.unlink()

    assert cli.main(["restore-drill"]) == 1
    assert "shiming backup" in capfd.readouterr().err
