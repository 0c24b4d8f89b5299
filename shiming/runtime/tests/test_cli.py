"""The command line: errors, backup, reset, outside databases, folders of earlier versions."""

import os
import shutil

import psycopg
import pytest

from shiming import cli
from shiming.runtime.installation import Installation, outside_addresses
from shiming.runtime.master_key import create_master_key
from shiming.runtime.postgres import Cluster

OUTSIDE = os.environ["DATABASE_URL"]


@pytest.fixture
def at_home(home, monkeypatch):
    for name in ("DATABASE_URL", "SHIMING_MIGRATE_URL", "SHIMING_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SHIMING_HOME", str(home))
    return home


@pytest.mark.parametrize(
    "words",
    [["demo", "--people", "0"], ["demo", "--people", "many"], ["restore"], ["fly"], []],
)
def test_unknown_command_prints_usage_error(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(words)
    assert "usage: shiming" in capsys.readouterr().err


def test_refusal_prints_two_sentences_only(at_home, capsys):
    create_master_key(at_home / "keys/master.key")
    (at_home / "letter.txt").write_text("not a backup")
    assert cli.main(["restore", str(at_home / "letter.txt")]) == 1

    english, chinese = capsys.readouterr().err.strip().split("\n")
    assert english.endswith("is not a backup of Shiming.")
    assert "不是本系统的备份文件" in chinese


def test_backup_names_the_missing_key(at_home, capsys):
    installation = Installation("production")
    installation.claim()
    with installation.database():
        pass
    assert cli.main(["backup"]) == 0

    output = capsys.readouterr().out
    assert "Backup written" in output
    assert str(at_home / "keys/master.key") in output
    assert Cluster(at_home).postmaster() is None


def test_reset_refuses_folder_with_real_data(at_home, capsys):
    Installation("production").claim()
    (at_home / "media").mkdir()

    assert cli.main(["demo", "--reset"]) == 1
    assert "不能用作演示数据" in capsys.readouterr().err
    assert (at_home / "media").exists()


def test_outside_database_is_used_as_given(at_home, monkeypatch):
    assert outside_addresses() is None

    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/shiming")
    monkeypatch.setenv("SHIMING_MIGRATE_URL", OUTSIDE)
    with Installation("production").database() as (cluster, addresses):
        assert (cluster, addresses.app, addresses.owner) == (None, "postgresql://app@db/shiming", OUTSIDE)
    assert not (at_home / "postgres").exists()
    assert (at_home / "keys/master.key").exists()  # of an empty database


def test_outside_database_away_is_refused_in_words(at_home, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@127.0.0.1:1/shiming")
    for words in (["run"], ["manage", "check"]):
        assert cli.main(words) == 1
        assert "The database does not answer" in capsys.readouterr().err


def test_demo_ignores_outside_database(at_home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/shiming")

    with Installation("demo").database() as (cluster, addresses):
        assert cluster is not None
        assert "@db" not in addresses.app


PRE_RELEASE = """
CREATE TABLE django_migrations (id serial, app text, name text, applied timestamptz DEFAULT now());
INSERT INTO django_migrations (app, name) VALUES ('core', '0001_initial'), ('core', '0002_append_only');
"""


@pytest.fixture
def made_before_release(at_home):
    """Returns a function that creates a folder of either kind with migrations from before the first release."""

    def make(kind: str) -> Installation:
        installation = Installation(kind)
        installation.claim()
        create_master_key(at_home / "keys/master.key")
        with installation.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
            connection.execute(PRE_RELEASE)
        (at_home / "city-built").touch()
        return installation

    return make


def test_folder_made_before_the_release_is_refused_in_words(made_before_release, capsys):
    installation = made_before_release("production")
    assert cli.main(["run"]) == 1
    refused = capsys.readouterr().err
    assert "version before the first release" in refused and "数据没有改动" in refused and "SHIMING_HOME" in refused
    assert cli.main(["manage", "migrate"]) == 1
    assert capsys.readouterr().err == refused
    with installation.database() as (_, addresses), psycopg.connect(addresses.owner) as connection:
        assert connection.execute("SELECT count(*) FROM django_migrations").fetchone() == (2,)


def test_demonstration_made_before_the_release_offers_to_be_rebuilt(made_before_release, capsys, monkeypatch):
    made_before_release("demo")
    assert cli.main(["demo"]) == 1
    asked = capsys.readouterr()
    assert "Build it again? [y/N]" in asked.out and "shiming demo --reset" in asked.err

    served = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda: "y")
    monkeypatch.setattr(Installation, "manage", lambda self, address, *words: served.append(words[0]))
    monkeypatch.setattr(Installation, "serve", lambda self, *places, when_ready: served.append("serve"))
    assert cli.main(["demo"]) == 0
    assert [word for word in served if word != "collectstatic"] == ["migrate", "build_city", "serve"]


def test_backup_made_before_the_release_is_refused_and_leaves_the_folder_empty(
    made_before_release, at_home, monkeypatch, capsys
):
    made_before_release("production")
    assert cli.main(["backup", str(at_home / "old.backup")]) == 0
    new = at_home / "new"
    (new / "keys").mkdir(parents=True)
    shutil.copy(at_home / "keys/master.key", new / "keys/master.key")
    monkeypatch.setenv("SHIMING_HOME", str(new))

    assert cli.main(["restore", str(at_home / "old.backup")]) == 1
    assert "version before the first release" in capsys.readouterr().err
    assert not {"kind", "postgres", "postgres-place", "media"} & {path.name for path in new.iterdir()}
