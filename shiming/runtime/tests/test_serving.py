"""The whole system as a user starts it: database, web processes and worker, on a free port."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from shiming.runtime.directories import forget
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation
from shiming.runtime.postgres import Cluster
from shiming.runtime.processes import answers
from shiming.runtime.system import is_alive, wait_until

SERVE = """
from shiming.runtime.installation import Installation
installation = Installation("production")
with installation.alone():
    installation.claim()
    installation.check_port()
    with installation.database() as (cluster, addresses):
        installation.bring_up_to_date(addresses)
        installation.serve(cluster, addresses, when_ready=lambda: print("ready", flush=True))
"""
PATIENCE = 90


class Served:
    def __init__(self, home: Path, port: int):
        self.home, self.url = home, f"http://127.0.0.1:{port}"
        env = os.environ | {"SHIMING_HOME": str(home), "SHIMING_PORT": str(port), "SHIMING_WORKERS": "1"}
        for name in ("DATABASE_URL", "SHIMING_MIGRATE_URL"):
            env.pop(name, None)
        self.process = subprocess.Popen([sys.executable, "-c", SERVE], env=env, stdout=subprocess.PIPE, text=True)

    def is_ready(self) -> bool:
        return self.process.stdout.readline() == "ready\n"

    def database(self) -> int:
        return int((self.home / "postgres/data/postmaster.pid").read_text().split()[0])

    def web(self) -> int:
        return json.loads((self.home / "processes.json").read_text())["processes"][0]["pid"]

    def answers(self) -> bool:
        return answers(self.url)

    def ends(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def home():
    """One folder for all tests of this file: each continues where the one before ended."""
    folder = Path(tempfile.mkdtemp(prefix="shiming-serving-"))
    folder.chmod(0o711)
    yield folder
    forget(folder)
    shutil.rmtree(folder)


@pytest.fixture
def served(home):
    with serving(home) as running:
        yield running


@contextmanager
def serving(home):
    running = Served(home, free_port())
    try:
        assert running.is_ready()
        yield running
    finally:
        running.ends(signal.SIGTERM)
        running.process.stdout.close()
        assert wait_until(lambda: running_in(home) == [], 10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def running_in(home: Path) -> list[str]:
    """Live processes of this data folder, found by environment or arguments."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue
        if str(home).encode() in words and is_alive(int(process.name)):
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def test_ctrl_c_ends_every_process(home):
    with serving(home) as served:
        assert served.answers()
        assert served.ends(signal.SIGINT) == 0
        assert running_in(home) == []


def test_killed_processes_and_database_restart(served):
    web = served.web()
    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: served.web() != web and served.answers(), PATIENCE)

    database = served.database()
    os.kill(database, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(database), 10)
    assert wait_until(served.answers, PATIENCE)
    assert served.database() != database


def test_second_start_names_the_first_one(served, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(served.home))

    with pytest.raises(Refused, match=f"already runs in .*{served.url}"), Installation("production").alone():
        pass


def test_start_after_kill_nine_works(home):
    first = Served(home, free_port())
    assert first.is_ready()
    for pid in (first.process.pid, first.web(), first.database()):
        os.kill(pid, signal.SIGKILL)
    first.process.wait()
    first.process.stdout.close()

    with serving(home) as second:
        assert second.answers()


def test_port_in_use_is_refused_first(home, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("SHIMING_HOME", str(home))
        monkeypatch.setenv("SHIMING_PORT", str(port))

        with pytest.raises(Refused, match=f"SHIMING_PORT={port + 1}"):
            Installation("production").check_port()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_invalid_port_is_refused(home, monkeypatch, port):
    monkeypatch.setenv("SHIMING_HOME", str(home))
    monkeypatch.setenv("SHIMING_PORT", port)

    with pytest.raises(Refused, match="1 to 65535"):
        Installation("production")


def test_demo_and_real_data_share_no_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(tmp_path))
    Installation("production").claim()

    with pytest.raises(Refused, match="holds production data and cannot be used for demo"):
        Installation("demo").claim()
    Installation("production").claim()


def test_demo_refuses_a_non_empty_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(tmp_path))
    (tmp_path / "thesis.odt").write_text("years of work")

    for attempt in (Installation("demo").claim, Installation("demo").empty):
        with pytest.raises(Refused, match="is not empty"):
            attempt()
    assert (tmp_path / "thesis.odt").exists()


def test_reset_deletes_only_the_demo(tmp_path, monkeypatch):
    monkeypatch.setenv("SHIMING_HOME", str(tmp_path / "demo"))
    demo = Installation("demo")
    demo.claim()
    (demo.home / "demo-accounts.json").write_text("[]")
    left_over = Cluster(demo.home)
    left_over.start()
    left_over._users.release()  # as after a kill -9: the server runs without a lock holder

    demo.empty()
    assert [path.name for path in demo.home.iterdir()] == ["kind"]
    assert wait_until(lambda: running_in(demo.home) == [], 5)


@pytest.mark.parametrize(
    ("host", "https", "warned"),
    [("127.0.0.1", "", False), ("0.0.0.0", "", True), ("0.0.0.0", "true", False), ("::", "false", True)],
)
def test_plain_http_outside_host_is_warned(tmp_path, monkeypatch, capsys, host, https, warned):
    for name, value in {"SHIMING_HOME": str(tmp_path), "SHIMING_HOST": host, "SHIMING_HTTPS": https}.items():
        monkeypatch.setenv(name, value)
    Installation("production").settle()

    assert ("明文经过网络" in capsys.readouterr().out) is warned
