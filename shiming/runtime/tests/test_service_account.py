"""As whom pages and worker run when root starts them."""

import os
import pwd
import stat
import subprocess
import sys

import pytest

from shiming.runtime import directories
from shiming.runtime import service_account as module
from shiming.runtime.processes import Child
from shiming.runtime.service_account import choose_servant, servant
from shiming.runtime.system import wait_until

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def as_root(monkeypatch):
    """Told of root wherever the tests run: only giving files away needs to be root in truth."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(module, "server_user", lambda home: NOBODY)
    monkeypatch.setattr(module, "_can_run", lambda user, home: True)
    if not ROOT:
        monkeypatch.setattr(os, "chown", lambda *words, **options: None)


def test_an_ordinary_user_stays_who_he_is(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert choose_servant(home, 8000, demo=False) == ""
    assert servant(home) is None


def test_root_hands_its_pages_to_the_account_of_the_database(home, as_root):
    assert choose_servant(home, 8000, demo=False).startswith("Pages and worker run as nobody, not as root.")
    assert servant(home) == NOBODY


def test_what_the_pages_write_is_handed_over_and_nothing_else(home, as_root):
    (home / "keys").mkdir(mode=0o700)
    (home / "keys/database.json").write_text("{}")
    (home / "media/ab").mkdir(parents=True)
    (home / "media/ab/picture").write_bytes(b"encrypted")
    (home / "logs").mkdir()
    (home / "logs/shiming.log").symlink_to("/etc/hostname")

    choose_servant(home, 8000, demo=True)

    given = {"media", "logs", "static", "anchors.jsonl", "outbox.jsonl", "demo-accounts.json"}
    assert {path.name for path in home.iterdir()} == given | {"keys", "runs-as"}
    assert stat.S_IMODE((home / "keys/master.key").stat().st_mode) == 0o400
    if ROOT:
        owners = {path.relative_to(home).as_posix(): path.lstat().st_uid for path in [home, *home.rglob("*")]}
        ours = {path for path, owner in owners.items() if owner == 0}
        assert ours == {".", "keys", "keys/database.json", "runs-as"}
        assert os.stat("/etc/hostname").st_uid == 0


@pytest.mark.parametrize("hindrance", ["data folder", "port", "program"])
def test_where_it_cannot_be_root_stays_and_says_why(home, as_root, monkeypatch, hindrance):
    choose_servant(home, 8000, demo=False)  # as it was before
    port = 8000
    if hindrance == "data folder":
        monkeypatch.setattr(module, "can_reach", lambda folder, user: False)
    elif hindrance == "port":
        monkeypatch.setattr(module, "_first_free_port", lambda: 1024)
        port = 443
    else:
        monkeypatch.setattr(module, "_can_run", lambda user, home: False)

    said = choose_servant(home, port, demo=False)

    assert said.startswith("Pages and worker run as root, because")
    assert hindrance in said and "建议改用普通用户启动" in said
    assert servant(home) is None


def test_an_account_that_is_made_later_changes_nothing_for_files_that_are_there(home, monkeypatch):
    owners = {"nobody": NOBODY.pw_uid, "shiming": 4321}
    monkeypatch.setattr(
        directories.pwd, "getpwnam", lambda name: pwd.struct_passwd((name, "x", owners[name], 1, "", "/", ""))
    )
    assert directories.server_user(home).pw_name == "shiming"

    (home / "postgres").mkdir()
    (home / directories.POINTER).write_text("postgres\n")
    monkeypatch.setattr(directories, "_owner", lambda folder: "nobody" if folder == home / "postgres" else "")
    assert directories.server_user(home).pw_name == "nobody"


def test_a_program_he_may_not_read_is_found_out_by_trying(home, monkeypatch):
    """Who we are is always able to; a Python that nobody can execute is not."""
    me = pwd.getpwuid(os.geteuid())
    monkeypatch.setattr(module, "child_setup", lambda user: None)
    assert module._can_run(me, home)

    locked = home / "python"
    locked.write_text("#!/bin/sh\n")
    locked.chmod(0o600)
    monkeypatch.setattr(sys, "executable", str(locked))
    assert not module._can_run(me, home)


def test_a_child_becomes_the_account_before_it_begins(home):
    child = Child("who", ["/bin/sh", "-c", f"id -u > {home}/who"], dict(os.environ), NOBODY if ROOT else None)
    if ROOT:
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)

    child.start()

    assert wait_until(lambda: (home / "who").exists() and (home / "who").read_text(), 10)
    assert int((home / "who").read_text()) == (NOBODY.pw_uid if ROOT else os.geteuid())
    child.stop(5)


def test_the_servant_reads_his_key_and_never_the_passwords_of_the_database(home, as_root):
    (home / "keys").mkdir(mode=0o700)
    (home / "keys/database.json").write_text("{}")
    (home / "keys/database.json").chmod(0o600)
    choose_servant(home, 8000, demo=False)

    def may(test: str, name: str) -> bool:
        user = {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if ROOT else {}
        return subprocess.run(["/usr/bin/test", test, home / name], **user).returncode == 0

    assert may("-r", "keys/master.key") and may("-w", "media")
    if ROOT:
        assert not may("-r", "keys/database.json") and not may("-w", ".") and not may("-w", "keys")
