"""Kinds of damage to the data folder: each stops the start with its sentence, and nothing is created or deleted."""

import json
import os
import shutil

import psycopg
import pytest

from shiming import cli
from shiming.core.keys import NONCE
from shiming.runtime import damage
from shiming.runtime.backup import write_backup
from shiming.runtime.directories import find_places
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation
from shiming.runtime.master_key import AESGCM, create_master_key
from shiming.runtime.postgres import Cluster, _passwords
from shiming.runtime.processes import end_left_over

LOCKS = {"server.lock", "postgres.starting", "postgres.users"}


class Started(Exception):
    """The start found no damage and went on to the database."""


@pytest.fixture
def at_home(home, monkeypatch):
    for name in ("DATABASE_URL", "SHIMING_MIGRATE_URL", "SHIMING_MASTER_KEY_FILE", "SHIMING_PG_USER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHIMING_HOME", str(home))
    monkeypatch.setenv("SHIMING_PORT", "58731")
    monkeypatch.setattr(Installation, "settle", lambda self: None)
    monkeypatch.setattr(Installation, "check_port", lambda self: None)
    return home


@pytest.fixture
def installation(at_home, monkeypatch):
    """The files of an installation in use, with an imitation of the cluster; a start raises Started."""

    def start(self):
        raise Started

    monkeypatch.setattr(Cluster, "start", start)
    places = find_places(at_home)
    places.data.mkdir()
    places.give(places.data)
    (places.data / "PG_VERSION").write_text("18\n")
    _passwords(at_home)
    create_master_key(at_home / "keys/master.key")
    (at_home / "media/ab").mkdir(parents=True)
    (at_home / "media/ab/picture").write_bytes(b"a picture")
    for name, text in {
        "kind": "production\n",
        "anchors.jsonl": "{}\n",
        "tables.stamp": "x",
        "database-made": "",
    }.items():
        (at_home / name).write_text(text)
    return at_home


def seen(home) -> dict:
    """Every path with mode, owner and content, except locks."""
    found = {}
    for path in sorted(home.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[path.relative_to(home).as_posix()] = (status.st_mode, status.st_uid, content)
    return {name: facts for name, facts in found.items() if name not in LOCKS}


def lose(*names):
    def harm(home, monkeypatch):
        for name in names:
            path = home / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return harm


def write(name, content):
    def harm(home, monkeypatch):
        (home / name).unlink()
        (home / name).write_bytes(content)

    return harm


def keep(*names):
    """All else is gone."""

    def harm(home, monkeypatch):
        lose(*[path.name for path in home.iterdir() if path.name not in names])(home, monkeypatch)

    return harm


def empty_folder(name):
    def harm(home, monkeypatch):
        for path in (home / name).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    return harm


def replace_by_file(name):
    def harm(home, monkeypatch):
        shutil.rmtree(home / name)
        (home / name).write_text("")

    return harm


def replace_by_folder(name):
    def harm(home, monkeypatch):
        (home / name).unlink()
        (home / name).mkdir()

    return harm


def replace_by_link(home, monkeypatch):
    (home / "postgres").rename(home / "elsewhere")
    (home / "postgres").symlink_to(home / "elsewhere")


def give_away(home, monkeypatch):
    if os.geteuid() == 0:
        os.chown(home / "postgres", 0, 0)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)


def unmount(home, monkeypatch):
    """The volume of the data folder is listed, and its empty mount point is all that is left."""
    keep()(home, monkeypatch)
    table = home.parent / f"{home.name}.fstab"
    table.write_text(f"# volumes\nUUID=1 / ext4 defaults 0 1\nUUID=2 {home} ext4 defaults 0 2\n")
    monkeypatch.setattr(damage, "FSTAB", table)


def mount_an_empty_volume(home, monkeypatch):
    keep()(home, monkeypatch)
    (home / "lost+found").mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: path == home)


DAMAGES = {
    "master key lost": (lose("keys/master.key"), "master key is needed"),
    "master key cut short": (write("keys/master.key", b"short"), "should hold 32 bytes, not 5"),
    "master key is a folder": (replace_by_folder("keys/master.key"), "master key is needed"),
    "folder of keys lost": (lose("keys"), "holds the passwords of the database"),
    "database lost": (lose("postgres"), "that folder is missing or empty"),
    "database and its pointer lost": (lose("postgres", "postgres-place"), "that folder is missing or empty"),
    "volume of the database empty": (empty_folder("postgres"), "that folder is missing or empty"),
    "data of the database empty": (empty_folder("postgres/data"), "that folder is missing or empty"),
    "database without its version": (lose("postgres/data/PG_VERSION"), "that folder is missing or empty"),
    "pointer empty": (write("postgres-place", b""), "should name the folder of the database"),
    "pointer garbled": (write("postgres-place", b"\xff\xfe\0"), "should name the folder of the database"),
    "pointer to the data folder itself": (write("postgres-place", b".\n"), "should name the folder of the database"),
    "pointer to a lost folder": (write("postgres-place", b"/nonexistent/db"), "/nonexistent/db/data, and that folder"),
    "passwords lost": (lose("keys/database.json"), "database.json is missing"),
    "passwords garbled": (write("keys/database.json", b'{"post'), "database.json cannot be read"),
    "passwords of one role lost": (write("keys/database.json", b'{"postgres": "x"}'), "database.json is damaged"),
    "database of another account": (give_away, "belongs to the account"),
    "database is a link": (replace_by_link, "should be a folder, and is not"),
    "database is a file": (replace_by_file("postgres"), "should be a folder, and is not"),
    "marker lost": (lose("kind"), "has lost its marker"),
    "marker empty": (write("kind", b""), "should hold the word production or demo"),
    "marker of an unknown kind": (write("kind", b"archive\n"), "holds 'archive'"),
    "marker garbled": (write("kind", b"\xff\xff"), "kind cannot be read"),
    "marker of the other kind": (write("kind", b"demo\n"), "holds demo data"),
    "pictures are a file": (replace_by_file("media"), "media should be a folder"),
    "only keys left": (keep("keys"), "has lost its marker"),
    "only marker and master key left": (
        lambda *way: (keep("kind", "keys")(*way), lose("keys/database.json")(*way)),
        "that folder is missing or empty",
    ),
    "only pictures left": (keep("media"), "has lost its marker"),
    "volume not mounted": (unmount, "is not mounted"),
    "empty volume mounted": (mount_an_empty_volume, "is empty. Nothing was changed. Mount the one"),
    "restore broken off": (lambda home, _: (home / "restore-unfinished").touch(), "did not come to its end"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_stops_the_start_with_its_sentence(installation, monkeypatch, capsys, name):
    harm, sentence = DAMAGES[name]
    harm(installation, monkeypatch)
    before = seen(installation)

    assert cli.main(["run"]) == 1

    english, chinese = capsys.readouterr().err.strip().split("\n")
    assert sentence in english
    assert "请" in chinese
    assert not any(word in english.lower() + chinese for word in ("remove", "delete", "删除"))
    assert seen(installation) == before


def test_whole_installation_starts(installation):
    with pytest.raises(Started):
        cli.main(["run"])


@pytest.mark.parametrize("command", [["backup"], ["restore-drill"], ["verify-trail"]])
def test_commands_refuse_a_folder_without_installation(at_home, monkeypatch, capsys, command):
    monkeypatch.setenv("SHIMING_HOME", str(at_home / "mistyped"))

    assert cli.main(command) == 1
    assert "There is no installation in" in capsys.readouterr().err
    assert seen(at_home) == {}


@pytest.mark.parametrize("content", ["{", "[]", '{"boot": 1}', '{"boot": "", "processes": [{"pid": "x"}]}', "\0"])
def test_damaged_record_of_processes_is_given_up(at_home, capsys, content):
    (at_home / "processes.json").write_text(content)

    end_left_over(at_home)

    assert "processes.json" in capsys.readouterr().out
    assert not (at_home / "processes.json").exists()


@pytest.fixture
def living(at_home, monkeypatch):
    """A running database that holds one data key and knows one file."""
    monkeypatch.setattr(Installation, "manage", lambda self, address, *words: None)
    monkeypatch.setattr(Installation, "serve", lambda self, *places, when_ready: print("served"))
    installation = Installation("production")
    installation.claim()
    with installation.database() as (_, addresses):
        master = (at_home / "keys/master.key").read_bytes()
        wrapped = b"n" * NONCE + AESGCM(master).encrypt(b"n" * NONCE, b"k" * 32, b"fields")
        with psycopg.connect(addresses.owner) as database:
            database.execute("CREATE TABLE core_datakey (id serial, purpose text, wrapped bytea)")
            database.execute("INSERT INTO core_datakey (purpose, wrapped) VALUES ('fields', %s)", [wrapped])
            database.execute("CREATE TABLE core_storedfile AS SELECT 1 AS id")
        yield at_home  # the server keeps running, so that each start below connects at once


def test_start_asks_the_database_for_its_key_and_its_files(living, capsys):
    key = living / "keys/master.key"
    kept = key.read_bytes()

    key.unlink()
    assert cli.main(["run"]) == 1
    assert "master key is needed" in capsys.readouterr().err
    assert not key.exists()

    create_master_key(key)
    assert cli.main(["run"]) == 1
    assert "is not the one of this database" in capsys.readouterr().err
    with pytest.raises(Refused, match="is not the one of this database"):
        write_backup(Installation("production"))
    assert not list((living / "backups").glob("*"))

    key.unlink()
    key.write_bytes(kept)
    assert cli.main(["run"]) == 1
    assert "media is empty, but the database knows files" in capsys.readouterr().err

    (living / "media").mkdir(exist_ok=True)
    (living / "media/lost").touch()
    assert cli.main(["run"]) == 0
    assert "served" in capsys.readouterr().out


def test_list_of_demo_accounts_may_be_lost(at_home, capsys):
    for content in ("{", json.dumps([1])):
        (at_home / "demo-accounts.json").write_text(content)
        cli._demo_ready(Installation("demo"), 0)
        assert "demo-accounts.json cannot be read" in capsys.readouterr().out
