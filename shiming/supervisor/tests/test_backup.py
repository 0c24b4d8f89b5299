import psycopg
import pytest

from shiming.supervisor.backup import read_backup, write_backup
from shiming.supervisor.installation import Installation
from shiming.supervisor.refused import Refused


@pytest.fixture
def backup(home, monkeypatch):
    """An installation with one row, one picture and its key, saved."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("SHIMING_HOME", str(home / "old"))
    old = Installation("production")
    old.claim()
    (old.home / "media/ab").mkdir(parents=True)
    (old.home / "media/ab/picture").write_bytes(b"encrypted")
    with old.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('张三')")
    return write_backup(old, home / "backup.tar")


def test_a_backup_brings_everything_back_into_an_empty_folder(home, backup, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(home / "new"))
    new = read_backup(backup)

    with new.database() as (_, addresses), psycopg.connect(addresses.app) as connection:
        connection.execute("INSERT INTO note VALUES ('李四')")
        assert connection.execute("SELECT text FROM note").fetchall() == [("张三",), ("李四",)]
    assert (new.home / "media/ab/picture").read_bytes() == b"encrypted"
    assert new.kind == "production"


def test_the_keys_are_not_in_the_backup(home, backup):
    password = (home / "old/keys/database.json").read_bytes()[14:40]

    assert backup.stat().st_mode & 0o077 == 0
    assert password not in backup.read_bytes()
    assert b"keys/" not in backup.read_bytes()


def test_nothing_that_exists_is_overwritten(home, backup, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(home / "old"))

    with pytest.raises(Refused, match="already holds an installation"):
        read_backup(backup)


def test_a_damaged_backup_is_refused_and_the_folder_stays_empty(home, backup, monkeypatch):
    content = bytearray(backup.read_bytes())
    at = content.index(b"PGDMP") + 200
    content[at] ^= 1
    backup.write_bytes(content)
    monkeypatch.setenv("SHIMING_HOME", str(home / "new"))

    with pytest.raises(Refused, match="damaged"):
        read_backup(backup)
    assert [path.name for path in (home / "new").iterdir()] == []


def test_some_other_file_is_refused(home, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(home / "new"))
    (home / "letter.txt").write_text("not a backup")

    for name in ("letter.txt", "missing.tar"):
        with pytest.raises(Refused, match="is not a backup"):
            read_backup(home / name)
