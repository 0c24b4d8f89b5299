"""Backup and restore: content, keys, damage, the encrypted file format."""

import io
import shutil
import tarfile

import psycopg
import pytest

from shiming import cli
from shiming.runtime import backup as backups
from shiming.runtime.backup import read_backup, write_backup
from shiming.runtime.encrypted_file import PIECE, TAG, OpenedFile, SealingFile
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation
from shiming.runtime.master_key import create_master_key


@pytest.fixture
def backup(home, monkeypatch):
    """An installation with one row, one picture and its key, saved."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("SHIMING_HOME", str(home / "old"))
    old = Installation("production")
    old.claim()
    create_master_key(old.home / "keys/master.key")
    with old.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE note (text text)")
        connection.execute("INSERT INTO note VALUES ('张三')")
    (old.home / "media/ab").mkdir(parents=True)
    (old.home / "media/ab/picture").write_bytes(b"a picture")
    return write_backup(old, home / "shiming.backup")


@pytest.fixture
def new(home, backup, monkeypatch):
    """An empty folder that holds the key."""
    monkeypatch.setenv("SHIMING_HOME", str(home / "new"))
    (home / "new/keys").mkdir(parents=True)
    shutil.copy(home / "old/keys/master.key", home / "new/keys/master.key")
    return home / "new"


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def test_backup_restores_everything_into_empty_folder(new, backup):
    restored = read_backup(backup)

    with restored.database() as (_, addresses), psycopg.connect(addresses.app) as connection:
        connection.execute("INSERT INTO note VALUES ('李四')")
        assert connection.execute("SELECT text FROM note").fetchall() == [("张三",), ("李四",)]
    assert (restored.home / "media/ab/picture").read_bytes() == b"a picture"
    assert (restored.home, restored.kind) == (new, "production")


def test_restored_demonstration_keeps_its_city_and_its_key(home, monkeypatch):
    """Also from a backup that does not hold the note of a city that is built."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("SHIMING_HOME", str(home / "old"))
    old = Installation("demo")
    old.claim()
    with old.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE people_person AS SELECT '张三' AS name")
    kept = write_backup(old, home / "city.backup")
    (home / "new/keys").mkdir(parents=True)
    shutil.copy(home / "old/keys/master.key", home / "new/keys/master.key")
    key = (home / "new/keys/master.key").read_bytes()
    monkeypatch.setenv("SHIMING_HOME", str(home / "new"))

    assert cli.main(["restore", str(kept)]) == 0
    done = []
    monkeypatch.setattr(Installation, "manage", lambda self, address, *words: done.append(words[0]))
    monkeypatch.setattr(Installation, "serve", lambda self, *places, when_ready: done.append("serve"))
    assert cli.main(["demo"]) == 0

    assert [word for word in done if word != "collectstatic"] == ["migrate", "serve"]
    assert (home / "new/keys/master.key").read_bytes() == key
    with Installation("demo").database() as (_, addresses), psycopg.connect(addresses.app) as connection:
        assert connection.execute("SELECT name FROM people_person").fetchall() == [("张三",)]


def test_backup_that_reads_back_otherwise_is_not_kept(home, backup, monkeypatch):
    def spoil(path, *words):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        return verify(path, *words)

    verify = backups._verify
    monkeypatch.setattr(backups, "_verify", spoil)
    with pytest.raises(Refused, match="damaged"):
        write_backup(Installation("production"), home / "second.backup")
    assert sorted(names_in(home)) == ["old", "shiming.backup"]


def test_backup_without_key_shows_nothing(home, backup):
    content = backup.read_bytes()

    assert backup.stat().st_mode & 0o077 == 0
    for telling in ("张三".encode(), b"PGDMP", b"a picture", b"manifest", b"keys/", b"ustar"):
        assert telling not in content
    assert (home / "old/keys/master.key").read_bytes() not in content
    assert sorted(names_in(home)) == ["old", "shiming.backup"]


def test_unencrypted_files_stay_in_data_folder(home, backup):
    assert [name for name in names_in(home / "old") if name.startswith("backup-")] == []


def test_existing_files_are_not_overwritten(home, backup, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(home / "old"))

    with pytest.raises(Refused, match="already holds an installation"):
        read_backup(backup)


def test_missing_key_stops_the_restore(new, backup):
    (new / "keys/master.key").unlink()

    with pytest.raises(Refused, match=r"master key is needed, and .*new/keys/master.key cannot be read"):
        read_backup(backup)
    assert names_in(new) == ["keys"]


def test_wrong_key_differs_from_damaged_file(new, backup):
    (new / "keys/master.key").unlink()
    create_master_key(new / "keys/master.key")

    with pytest.raises(Refused, match="is not the one"):
        read_backup(backup)
    assert names_in(new) == ["keys"]


@pytest.mark.parametrize("harm", ["a bit in the middle", "the last byte missing", "a byte too much"])
def test_damaged_backup_leaves_folder_empty(new, backup, harm):
    content = bytearray(backup.read_bytes())
    if harm == "a bit in the middle":
        content[len(content) // 2] ^= 1
    backup.write_bytes(content[:-1] if "missing" in harm else content + b"!" if "too much" in harm else content)

    with pytest.raises(Refused, match="damaged"):
        read_backup(backup)
    assert names_in(new) == ["keys"]


def test_backup_with_missing_rows_is_refused(new, home, backup, monkeypatch):
    monkeypatch.setattr(backups, "rows_of", lambda connection: {"note": 0})

    with pytest.raises(Refused, match="other numbers of rows than were saved: note"):
        read_backup(backup)
    assert "media" not in names_in(new)


def test_other_file_is_refused(home, new):
    (home / "letter.txt").write_text("not a backup")

    with pytest.raises(Refused, match="is not a backup"):
        read_backup(home / "letter.txt")
    with pytest.raises(Refused, match="cannot be read"):
        read_backup(home / "missing.backup")


def test_path_outside_folder_is_refused(new, home):
    hostile = home / "hostile.backup"
    with hostile.open("wb") as file:
        sealing = SealingFile(file, (new / "keys/master.key").read_bytes())
        with tarfile.open(fileobj=sealing, mode="w|") as archive:
            for name, content in (("manifest.json", b'{"kind": "production"}'), ("media/../../evil", b"!")):
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        sealing.finish()

    with pytest.raises(Refused, match="strange name"):
        read_backup(hostile)
    assert "evil" not in names_in(home)


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_content_of_any_length_decrypts(length):
    content = bytes(range(256)) * (length // 256 + 1)
    assert opened(sealed(content[:length])) == content[:length]


def test_cut_or_swapped_pieces_are_refused():
    whole, head, piece = sealed(b"a" * 3 * PIECE), 48, PIECE + TAG

    for harmed in (whole[: head + piece], whole[: head + 2 * piece], whole[:head]):
        with pytest.raises(Refused, match="damaged or incomplete"):
            opened(harmed)
    with pytest.raises(Refused, match="damaged or incomplete"):
        opened(whole[:head] + whole[head + piece : head + 2 * piece] + whole[head : head + piece])


def sealed(content: bytes) -> bytes:
    file = io.BytesIO()
    sealing = SealingFile(file, b"k" * 32)
    sealing.write(content)
    sealing.finish()
    return file.getvalue()


def opened(content: bytes) -> bytes:
    return OpenedFile(io.BytesIO(content), b"k" * 32, "it").readall()
