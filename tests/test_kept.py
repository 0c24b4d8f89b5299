"""Every backup kept from a release restores into this version, opens and verifies (tests/kept/make.py)."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from shiming.runtime.backup import read_backup
from shiming.runtime.directories import forget

KEPT = sorted((Path(__file__).parent / "kept").glob("*.backup"))
FACTS = """
from shiming.people.models import Person
from shiming.presence.models import Stay
zhang = Person.objects.get(name="张三")
print("open stays", Stay.objects.filter(person=zhang, exited_on=None).count(), "born", zhang.id_number.plain[6:14])
"""


@pytest.fixture
def home(monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="shiming-kept-"))
    folder.chmod(0o711)
    for name in ("DATABASE_URL", "SHIMING_MIGRATE_URL", "SHIMING_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHIMING_HOME", str(folder))
    yield folder
    forget(folder)
    shutil.rmtree(folder)


def test_kept_backup_exists():
    assert [path.stem for path in KEPT][:1] == ["0.1"]


@pytest.mark.parametrize("backup", KEPT, ids=lambda path: path.stem)
def test_kept_backup_restores_opens_and_verifies(backup, home, capfd):
    (home / "keys").mkdir(mode=0o700)
    shutil.copy(backup.with_suffix(".key"), home / "keys" / "master.key")
    os.chmod(home / "keys" / "master.key", 0o400)

    restored = read_backup(backup)
    with restored.database() as (_, addresses):
        restored.bring_up_to_date(addresses)
        restored.manage(addresses.app, "check_restored")
        restored.manage(addresses.app, "shell", "--verbosity", "0", "--command", FACTS)

    output = capfd.readouterr().out
    assert "文件: 1 个" in output and "痕迹完整" in output and "open stays 1 born 19850312" in output
