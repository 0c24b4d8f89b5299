"""One data folder: start its database, migrate it, serve it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from shiming.runtime.damage import KINDS, UNFINISHED_RESTORE, kind_of, require_media, require_sound
from shiming.runtime.directories import forget, make_home, remembered
from shiming.runtime.errors import Refused
from shiming.runtime.locks import Lock
from shiming.runtime.master_key import key_path, require_key_of
from shiming.runtime.postgres import Addresses, Cluster
from shiming.runtime.processes import Watch, end_left_over, web, worker
from shiming.runtime.service_account import choose_servant, environment_of, give_master_key, servant
from shiming.runtime.system import child_setup, wait_until, write_whole
from shiming.runtime.versions import Done, require_released, static_state, tables_state

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KEPT_WHEN_EMPTIED = {"server.lock", "kind"}
HOLDS = {
    "core_storedfile": "SELECT EXISTS (SELECT FROM core_storedfile)",
    "people_person": "SELECT EXISTS (SELECT FROM people_person)",
}
DEFAULT_HOME = {"production": "~/.shiming", "demo": "~/.shiming-demo"}


class Installation:
    def __init__(self, kind: str):
        self.kind = kind
        self.home = make_home(Path(os.environ.get("SHIMING_HOME") or DEFAULT_HOME[kind]))
        self.host = os.environ.get("SHIMING_HOST") or "127.0.0.1"
        self.port = _port()
        self._server = Lock(self.home / "server.lock")

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One server per data folder; a second one raises Refused with the address of the first."""
        if not self._server.take():
            raise Refused(
                f"Shiming already runs in {self.home}: {self._server.read()}",
                f"该数据文件夹的系统已在运行：{self._server.read()}",
            )
        end_left_over(self.home)
        self._server.write(f"{self.url} (process {os.getpid()})")
        try:
            yield
        finally:
            self._server.release()

    def claim(self, *, to_empty: bool = False) -> None:
        """Mark a new folder as demo or production for ever; Refused if it is marked as the other kind, or if a part of
        it is missing or damaged (unless a demonstration is claimed to be emptied)."""
        found = kind_of(self.home)
        if found not in (None, self.kind):
            raise Refused(
                f"{self.home} holds {found} data and cannot be used for {self.kind}. Choose another SHIMING_HOME.",
                f"{self.home} 中是{KINDS[found]}，不能用作{KINDS[self.kind]}。请更换 SHIMING_HOME。",
            )
        if found is None:
            self._refuse_what_is_not_ours()
        if not to_empty:
            self.require_sound()
        if found is None:
            self._mark()

    def claim_for_restore(self) -> None:
        """Mark a folder that holds nothing but the master key; it counts as damaged until `restored` is called."""
        (self.home / UNFINISHED_RESTORE).touch()
        self._mark()

    def restored(self) -> None:
        (self.home / UNFINISHED_RESTORE).unlink()

    def require_sound(self) -> None:
        require_sound(self.home, outside=self._outside() is not None)

    def _mark(self) -> None:
        write_whole(self.home / "kind", f"{self.kind}\n")

    def _outside(self) -> Addresses | None:
        return outside_addresses() if self.kind != "demo" else None

    def settle(self) -> None:
        """Choose and print the account of pages and worker before the first of them starts; warn about plain HTTP."""
        if notice := choose_servant(self.home, self.port, demo=self.kind == "demo"):
            print(notice, flush=True)
        if self.host not in LOOPBACK and os.environ.get("SHIMING_HTTPS", "").lower() not in ("1", "true", "yes", "on"):
            print(
                f"Whoever listens on the network reads along: pages leave {self.host} unencrypted. "
                "Put a proxy with HTTPS in front and set SHIMING_HTTPS=true.\n"
                "网页以明文经过网络，可被窃听。请在前面加 HTTPS 代理，并设 SHIMING_HTTPS=true。",
                flush=True,
            )

    def empty(self) -> None:
        """Delete everything of a demonstration; Refused for any other folder."""
        self.claim(to_empty=True)
        with suppress(Refused):  # of a damaged cluster; it is deleted next
            self._end_left_database()
        forget(self.home)
        for path in self.home.iterdir():
            if path.name not in KEPT_WHEN_EMPTIED:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()

    def _end_left_database(self) -> None:
        """Stop a server that survived a kill -9: it would still write into the files to be deleted."""
        place = remembered(self.home)
        if place is None or not place.exists():
            return
        cluster = Cluster(self.home)
        cluster.stop()
        if cluster.postmaster():
            raise Refused(
                f"Another command still uses the database in {self.home}. End it first.",
                f"{self.home} 的数据库仍被另一个命令使用，请先结束那个命令。",
            )

    def _refuse_what_is_not_ours(self) -> None:
        """A demonstration may be emptied at any time, so it starts in an empty folder only."""
        if self.kind == "demo" and any(path.name not in KEPT_WHEN_EMPTIED for path in self.home.iterdir()):
            raise Refused(
                f"{self.home} is not empty and holds no demonstration. Name an empty folder with SHIMING_HOME.",
                f"{self.home} 不是空文件夹，也没有演示数据。请用 SHIMING_HOME 指定一个空文件夹。",
            )

    @contextmanager
    def database(self) -> Iterator[tuple[Cluster | None, Addresses]]:
        """Yield (cluster, addresses) of the embedded database, or (None, addresses) of DATABASE_URL (never the
        demo)."""
        if outside := self._outside():
            self._require_key(outside)
            yield None, outside
            return
        cluster = Cluster(self.home)
        try:
            addresses = cluster.start()
            self._require_key(addresses)
            yield cluster, addresses
        finally:
            cluster.stop()

    def _require_key(self, addresses: Addresses) -> None:
        """Refused if the master key is not the one of this database; an empty database gets a new one."""
        with connected(addresses.owner) as database:
            if require_key_of(database, key_path(self.home), may_create=True):
                give_master_key(self.home, servant(self.home))

    def _require_media(self, addresses: Addresses) -> None:
        with connected(addresses.owner) as database:
            require_media(self.home, rows=holds_rows(database, "core_storedfile"))

    def holds_people(self, addresses: Addresses) -> bool:
        """Whether a demonstration has its city, built here or restored."""
        with connected(addresses.owner) as database:
            return holds_rows(database, "people_person")

    def environment(self, address: str) -> dict[str, str]:
        """Environment of a child process; without SHIMING_MIGRATE_URL, which only migrations use."""
        env = os.environ | {
            "SHIMING_HOME": str(self.home),
            "SHIMING_MODE": self.kind,
            "SHIMING_HOST": self.host,
            "SHIMING_PORT": str(self.port),
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "shiming.config.settings",
            "PYTHONUNBUFFERED": "1",
        }
        env |= environment_of(servant(self.home), self.home)
        env.pop("SHIMING_MIGRATE_URL", None)
        return env

    def run_command(self, address: str, *words: str) -> int:
        """Run a Django command in its own process with the rights of the pages; return its exit code."""
        command = [sys.executable, "-m", "shiming", "manage", *words]
        as_servant = child_setup(servant(self.home))
        return subprocess.run(command, env=self.environment(address), preexec_fn=as_servant).returncode

    def manage(self, address: str, *words: str) -> None:
        if code := self.run_command(address, *words):
            raise Refused(
                f"`shiming manage {' '.join(words)}` failed (code {code}); see above.",
                f"命令 {words[0]} 未成功，原因见上。数据没有丢失，排除原因后可以再次启动。",
            )

    def bring_up_to_date(self, addresses: Addresses) -> None:
        """Migrate and collect static files, unless the last start did so for the same code and database."""
        self._require_media(addresses)
        tables = Done(self.home / "tables.stamp")
        if not tables.holds(tables_state(addresses.owner)):
            require_released(addresses.owner)
            self.manage(addresses.owner, "migrate", "--no-input", "--verbosity", "0")
            tables.note(tables_state(addresses.owner))
        static = Done(self.home / "static.stamp")
        if not static.holds(static_state()) or not (self.home / "static").exists():
            self.manage(addresses.app, "collectstatic", "--no-input", "--clear", "--verbosity", "0")
            static.note(static_state())

    def check_port(self) -> None:
        """Refused if the port cannot be bound. Waits up to 2 s, since a process just ended may still hold it."""
        if not wait_until(lambda: _is_free(self.host, self.port), 2):
            raise Refused(
                f"Port {self.port} on {self.host} cannot be used; most often another program has it. Choose another: "
                f"SHIMING_PORT={self.port + 1}",
                f"端口 {self.port} 无法使用（通常是已被其他程序占用）。请换一个端口，例如 SHIMING_PORT={self.port + 1}。",
            )

    def serve(self, cluster: Cluster | None, addresses: Addresses, *, when_ready) -> None:
        user = servant(self.home)
        children = [
            web(self.host, self.port, self.environment(addresses.app), user),
            worker(self.environment(addresses.jobs), user),
        ]
        Watch(self.home, cluster, children, self.url).serve(when_ready=when_ready)


def data_folder() -> Path:
    """The folder of SHIMING_HOME; by default that of the real installation."""
    return Path(os.environ.get("SHIMING_HOME") or DEFAULT_HOME["production"]).expanduser()


def outside_addresses() -> Addresses | None:
    app = os.environ.get("DATABASE_URL")
    return Addresses(app, os.environ.get("SHIMING_MIGRATE_URL") or app, app) if app else None


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection]:
    """A connection of a start or a command; Refused when the database does not answer."""
    try:
        connection = psycopg.connect(address, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise Refused(
            f"The database does not answer: {str(error).strip().splitlines()[-1]}. Nothing was changed. Check that its "
            "server runs and that DATABASE_URL names it.",
            "数据库没有应答，原因见上，数据没有改动。请确认数据库服务器已运行，且 DATABASE_URL 正确。",
        ) from error
    with connection:
        yield connection


def holds_rows(database: psycopg.Connection, table: str) -> bool:
    if database.execute("SELECT to_regclass(%s)", [table]).fetchone()[0] is None:
        return False
    return database.execute(HOLDS[table]).fetchone()[0]


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _port() -> int:
    text = os.environ.get("SHIMING_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Refused(
            f"SHIMING_PORT must be a number from 1 to 65535, not {text!r}.",
            f"SHIMING_PORT 应为 1 到 65535 之间的数字，而不是 {text!r}。",
        )
    return int(text)
