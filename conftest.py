"""Plain `pytest` needs no service: it starts its own PostgreSQL, once for all its processes.

This runs at import, not in a hook: conftest files of folders import models, which need Django set up.
"""

import atexit
import gc
import os
import signal

import django
import pytest
from hypothesis import HealthCheck, settings

from shiming.core.environment import environment
from shiming.runtime.errors import Refused
from shiming.runtime.test_cluster import throwaway, variables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiming.config.settings")


def bring_a_database() -> None:
    """Start a database. Workers of pytest-xdist inherit DATABASE_URL from their parent process and start nothing."""
    cluster = throwaway()
    try:
        home, addresses = cluster.__enter__()
    except Refused as refusal:
        pytest.exit(str(refusal), returncode=1)
    atexit.register(cluster.__exit__, None, None, None)
    os.environ.update(variables(home, addresses))


if not os.environ.get("DATABASE_URL"):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    bring_a_database()
os.environ.setdefault("SHIMING_MODE", "test")
os.environ.setdefault("SHIMING_STRICT_TEMPLATES", "true")  # the server of the journeys renders as for visitors

django.setup()
# No deadlines, so that a slow machine fails no test: the bench measures speed.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Each process has its own trail and its own anchors.
environment().anchors = environment().folder / f"anchors-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.jsonl"


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of garbage collection: walking it again and again took a fifth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


pytest_plugins = ["tests.cast", "tests.server", "tests.browser"]
