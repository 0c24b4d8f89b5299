import pytest

from shiming import cli
from shiming.runtime.installation import Installation, outside_addresses
from shiming.runtime.master_key import create_master_key
from shiming.runtime.postgres import Cluster


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
def test_what_it_does_not_understand_it_says(words, capsys):
    with pytest.raises(SystemExit, match="2"):
        cli.main(words)
    assert "usage: shiming" in capsys.readouterr().err


def test_a_refusal_is_two_sentences_and_no_stack_trace(at_home, capsys):
    create_master_key(at_home / "keys/master.key")
    (at_home / "letter.txt").write_text("not a backup")
    assert cli.main(["restore", str(at_home / "letter.txt")]) == 1

    english, chinese = capsys.readouterr().err.strip().split("\n")
    assert english.endswith("is not a backup of Shiming.")
    assert "不是本系统的备份文件" in chinese


def test_a_backup_names_the_key_that_is_not_in_it(at_home, capsys):
    create_master_key(at_home / "keys/master.key")
    assert cli.main(["backup"]) == 0

    said = capsys.readouterr().out
    assert "Backup written" in said
    assert str(at_home / "keys/master.key") in said
    assert Cluster(at_home).postmaster() is None


def test_reset_never_empties_a_folder_with_real_data(at_home, capsys):
    Installation("production").claim()
    (at_home / "media").mkdir()

    assert cli.main(["demo", "--reset"]) == 1
    assert "不能用作演示数据" in capsys.readouterr().err
    assert (at_home / "media").exists()


def test_an_outside_database_is_used_as_it_is_named(at_home, monkeypatch):
    assert outside_addresses() is None

    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/shiming")
    monkeypatch.setenv("SHIMING_MIGRATE_URL", "postgresql://owner@db/shiming")
    with Installation("production").database() as (cluster, addresses):
        assert (cluster, addresses.app, addresses.owner) == (
            None,
            "postgresql://app@db/shiming",
            "postgresql://owner@db/shiming",
        )
    assert not (at_home / "postgres").exists()


def test_the_demonstration_never_touches_an_outside_database(at_home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/shiming")

    with Installation("demo").database() as (cluster, addresses):
        assert cluster is not None
        assert "@db" not in addresses.app
