"""A durable cluster with a city in it, kept in a cache folder until it is removed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench import past
from bench.bare import TABLE_SQL
from shiming.runtime.directories import forget, make_home
from shiming.runtime.installation import connected
from shiming.runtime.master_key import key_path, require_key_of
from shiming.runtime.postgres import Addresses, Cluster

# Connections and memory are the product's defaults: nothing is tuned for the bench.
DETAILED = 9000


def folder() -> Path:
    cache = os.environ.get("SHIMING_BENCH_HOME") or os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/shiming-bench"
    return Path(cache).expanduser()


@contextmanager
def city(people: int) -> Iterator[Addresses]:
    """Yield the addresses of a running database with this number of people; the environment names it."""
    folder().mkdir(parents=True, exist_ok=True)
    home = make_home(folder() / f"{people}-people")
    cluster = Cluster(home)
    addresses = cluster.start()
    with connected(addresses.owner) as database:
        require_key_of(database, key_path(home), may_create=True)
    try:
        os.environ.update(_environment(home, addresses.app))
        _bring_up(home, addresses, people)
        yield addresses
    finally:
        cluster.stop()


def remove() -> None:
    for home in folder().glob("*-people"):
        forget(home)
        shutil.rmtree(home)
        print(f"removed {home}")


def _environment(home: Path, address: str) -> dict[str, str]:
    return {
        "SHIMING_HOME": str(home),
        "SHIMING_MODE": "demo",
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }


def _bring_up(home: Path, addresses: Addresses, people: int) -> None:
    built, past_lived = home / "city-built", home / "past-lived"
    _manage(home, addresses.owner, "migrate", "--no-input", "--verbosity", "0")
    with psycopg.connect(addresses.owner, autocommit=True) as connection:
        connection.execute(TABLE_SQL)
        if not built.exists():
            _manage(
                home, addresses.app, "build_city", "--people", str(people), "--detailed", str(min(people, DETAILED))
            )
            built.touch()
        if not past_lived.exists():
            past.fill(connection)
            connection.execute("VACUUM ANALYZE")
            past_lived.touch()


def _manage(home: Path, address: str, *words: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "django", *words]
    subprocess.run(command, env=os.environ | _environment(home, address), check=True)
