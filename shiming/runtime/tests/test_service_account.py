"""The account of pages and worker when root starts them."""

import os
import pwd
import stat
import subprocess
import sys

import pytest

from shiming.runtime import directories
from shiming.runtime import service_account as module
from shiming.runtime.master_key import create_master_key
from shiming.runtime.processes import Child
from shiming.runtime.service_account import choose_servant, servant
from shiming.runtime.system import wait_until

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def as_root(monkeypatch):
    """Pretends to be root: only the change of owners needs real root."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(module, "server_user", lambda home: NOBODY)
    monkeypatch.setattr(module, "_can_run", lambda user, home: True)
    if not ROOT:
        monkeypatch.setattr(os, "chown", lambda *words, **options: None)


def test_ordinary_user_keeps_its_account(home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert choose_servant(home, 8000, demo=False) == ""
    assert servant(home) is None


def test_root_hands_pages_to_database_account(home, as_root):
    assert choose_servant(home, 8000, demo=False).startswith("Pages and worker run as nobody, not as root.")
    assert servant(home) == NOBODY


def test_only_files_of_pages_are_handed_over(home, as_root):
    (home / "keys").mkdir(mode=0o700)
    (home / "keys/database.json").write_text("{}")
    create_master_key(home / "keys/master.key")
    (home / "media/ab").mkdir(parents=True)
    (home / "media/ab/picture").write_bytes(b"encrypted")
    (home / "logs").mkdir()
    (home / "logs/shiming.log").symlink_to("/etc/hostname")

    choose_servant(home, 8000, demo=True)

    given = {"media", "logs", "static", "anchors", "anchors.jsonl", "outbox.jsonl", "demo-accounts.json"}
    assert {path.name for path in home.iterdir()} == given | {"keys", "runs-as"}
    assert stat.S_IMODE((home / "keys/master.key").stat().st_mode) == 0o400
    if ROOT:
        owners = {path.relative_to(home).as_posix(): path.lstat().st_uid for path in [home, *home.rglob("*")]}
        ours = {path for path, owner in owners.items() if owner == 0}
        assert ours == {".", "keys", "keys/database.json", "runs-as"}
        assert os.stat("/etc/hostname").st_uid == 0


@pytest.mark.parametrize("hindrance", ["data folder", "port", "program"])
def test_root_stays_with_reason_when_hindered(home, as_root, monkeypatch, hindrance):
    choose_servant(home, 8000, demo=False)  # the account of the start before
    port = 8000
    if hindrance == "data folder":
        monkeypatch.setattr(module, "can_reach", lambda folder, user: False)
    elif hindrance == "port":
        monkeypatch.setattr(module, "_first_free_port", lambda: 1024)
        port = 443
    else:
        monkeypatch.setattr(module, "_can_run", lambda user, home: False)

    message = choose_servant(home, port, demo=False)

    assert message.startswith("Pages and worker run as root, because")
    assert hindrance in message and "建议改用普通用户启动" in message
    assert servant(home) is None


def test_later_account_does_not_change_owner(home, monkeypatch):
    owners = {"nobody": NOBODY.pw_uid, "shiming": 4321}
    monkeypatch.setattr(
        directories.pwd, "getpwnam", lambda name: pwd.struct_passwd((name, "x", owners[name], 1, "", "/", ""))
    )
    assert directories.server_user(home).pw_name == "shiming"

    (home / "postgres").mkdir()
    (home / directories.POINTER).write_text("postgres\n")
    monkeypatch.setattr(directories, "_owner", lambda folder: "nobody" if folder == home / "postgres" else "")
    assert directories.server_user(home).pw_name == "nobody"


def test_unreadable_program_is_detected_by_run(home, monkeypatch):
    """The current account can run it; a Python without execute permission cannot be run."""
    me = pwd.getpwuid(os.geteuid())
    monkeypatch.setattr(module, "child_setup", lambda user: None)
    assert module._can_run(me, home)

    locked = home / "python"
    locked.write_text("#!/bin/sh\n")
    locked.chmod(0o600)
    monkeypatch.setattr(sys, "executable", str(locked))
    assert not module._can_run(me, home)


def test_child_switches_account_before_exec(home):
    child = Child("who", ["/bin/sh", "-c", f"id -u > {home}/who"], dict(os.environ), NOBODY if ROOT else None)
    if ROOT:
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)

    child.start()

    assert wait_until(lambda: (home / "who").exists() and (home / "who").read_text(), 10)
    assert int((home / "who").read_text()) == (NOBODY.pw_uid if ROOT else os.geteuid())
    child.stop(5)


def test_servant_reads_master_key_not_passwords(home, as_root):
    (home / "keys").mkdir(mode=0o700)
    (home / "keys/database.json").write_text("{}")
    (home / "keys/database.json").chmod(0o600)
    create_master_key(home / "keys/master.key")
    choose_servant(home, 8000, demo=False)

    def may(test: str, name: str) -> bool:
        user = {"user": NOBODY.pw_uid, "group": NOBODY.pw_gid, "extra_groups": []} if ROOT else {}
        return subprocess.run(["/usr/bin/test", test, home / name], **user).returncode == 0

    assert may("-r", "keys/master.key") and may("-w", "media")
    if ROOT:
        assert not may("-r", "keys/database.json") and not may("-w", ".") and not may("-w", "keys")
