"""The running product for browser journeys and screens: own database, own processes.

A database is migrated once per cluster and copied for each journey, so every journey starts with an empty city. The
server keeps running: it loses its database connection, reconnects, and uses the same keys.
"""

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from subprocess import run
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from shiming.core import keys
from shiming.core.environment import environment
from shiming.core.privacy import blind_index
from shiming.outbox.models import OutboxMessage
from shiming.runtime.locks import Lock
from shiming.runtime.postgres import Addresses, Cluster
from shiming.runtime.processes import Child, answers, worker
from shiming.runtime.system import wait_until
from tests.cast import Cast
from tests.doors import client_of

TEMPLATE = "journeys_template"
START_SECONDS = 60


# Databases.


def addresses() -> tuple[Addresses, str]:
    """The addresses of this run's cluster, and the one that may create and drop; an outside server has only one."""
    home, given = environment().folder, os.environ["DATABASE_URL"]
    if (home / "keys" / "database.json").exists():
        cluster = Cluster(home)
        if given in vars(cluster.addresses).values():
            return cluster.addresses, cluster.superuser_address
    return Addresses(given, given, given), given


def at(address: str, database: str) -> str:
    """The address of another database on the same server with the same role."""
    return urlsplit(address)._replace(path=f"/{database}").geturl()


def template() -> str:
    """A migrated database; the first process of the test run makes it, the others wait for the lock."""
    lock = Lock(environment().folder / "journeys.lock")
    lock.take(wait=300)
    try:
        if not _exists(TEMPLATE):
            recreate("journeys_unfinished", "template1")
            migrate(at(addresses()[0].owner, "journeys_unfinished"))
            _administer("ALTER DATABASE {} RENAME TO {}", "journeys_unfinished", TEMPLATE)
    finally:
        lock.release()
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """Each process copies the migrated database; migrating one of its own takes 5 s of processor."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = template()


def migrate(address: str) -> None:
    env = os.environ | {"DATABASE_URL": address, "SHIMING_MIGRATE_URL": address}
    done = run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "0"],
        env=env | {"DJANGO_SETTINGS_MODULE": "shiming.config.settings"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"migrate failed:\n{done.stderr[-3000:]}")


def recreate(database: str, source: str) -> None:
    """A fresh copy; open connections to the old database are closed."""
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
    owner = urlsplit(addresses()[0].owner).username or "postgres"
    _administer("CREATE DATABASE {} TEMPLATE {} OWNER {}", database, source, owner)


def drop(database: str) -> None:
    _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def _exists(database: str) -> bool:
    with psycopg.connect(at(addresses()[1], "postgres"), autocommit=True) as connection:
        return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone())


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(at(addresses()[1], "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """Point this process's Django to that database, and clear its caches of another one."""
    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    _turn_to(database)
    try:
        yield
    finally:
        _turn_to(before)


def _turn_to(database: str) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = database
    keys.forget()


# The server.


def free_port() -> int:
    """A port above 20000 that is free at the moment."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            if (port := probe.getsockname()[1]) > 20000:
                return port


@contextmanager
def serving(database_url: str, *, workers: int = 1, threads: int = 4, **settings: str) -> Iterator[str]:
    """The real server over this database; `settings` are environment variables. Yields its address."""
    port = free_port()
    options = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(port)]
    options += ["--workers", str(workers), "--blocking-threads", str(threads), "--log-level", "error"]
    env = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "shiming.config.settings"} | settings
    env |= {"SHIMING_PORT": str(port), "SHIMING_STRICT_TEMPLATES": "false"}
    (environment().folder / "static").mkdir(exist_ok=True)  # whitenoise looks for it even when finders serve
    web = Child("web", [sys.executable, "-m", "granian", *options, "tests.wsgi:application"], env, user=None)
    web.start()
    url = f"http://127.0.0.1:{port}"
    try:
        if not wait_until(lambda: web.process.poll() is not None or answers(url), START_SECONDS):
            raise RuntimeError(f"{url} does not answer")
        if web.process.poll() is not None:
            raise RuntimeError(f"the server ended with {web.process.returncode}")
        yield url
    finally:
        web.ask_to_stop()
        web.stop(5)


@contextmanager
def working(database_url: str) -> Iterator[Child]:
    """The real worker over this database."""
    env = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "shiming.config.settings"}
    child = worker(env, user=None)
    child.start()
    try:
        yield child
    finally:
        child.ask_to_stop()
        child.stop(5)


# For tests.


@dataclass
class Live:
    """The running product, empty at first: `live.cast` fills it, `live.url` is its address."""

    url: str
    database: str

    @cached_property
    def cast(self) -> Cast:
        return Cast()

    @property
    def home(self) -> Path:
        return environment().folder

    def code(self, phone: str) -> str:
        """The newest six digits sent to this number."""
        return re.search(r"\d{6}", self.message(phone))[0]

    def message(self, phone: str) -> str:
        newest = OutboxMessage.objects.filter(to_digest=blind_index("phone", phone)).order_by("-created_at").first()
        assert newest is not None, f"nothing was sent to {phone}"
        return newest.text.plain

    def cookie(self, actor) -> dict:
        """The session cookie of this actor, for journeys that start behind the login."""
        morsel = next(iter(client_of(actor).cookies.values()))
        return {"name": morsel.key, "value": morsel.value, "url": self.url}


@pytest.fixture(scope="session")
def running(worker_id) -> Iterator[Live]:
    """One server for each process of the test run."""
    database = f"journey_{worker_id}"
    recreate(database, template())
    with serving(at(addresses()[0].app, database), SHIMING_MODE="test") as url:
        yield Live(url, database)
    drop(database)


@pytest.fixture
def live(running, django_db_blocker, monkeypatch) -> Iterator[Live]:
    """The running product with an empty database. Not together with `db` or `cast`: use `live.cast`."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop in this thread
    recreate(running.database, TEMPLATE)
    with django_db_blocker.unblock(), connected_to(running.database):
        yield Live(running.url, running.database)
