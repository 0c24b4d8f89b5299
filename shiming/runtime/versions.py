"""Whether the tables and the static files already are as this code wants them: a question of milliseconds, not seconds."""

from datetime import date
from importlib.metadata import version
from pathlib import Path

import psycopg

PACKAGE = Path(__file__).parent.parent
APPLIED = """
    SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), count(*), max(applied)
    FROM django_migrations
"""


class Done:
    """A note beside the data: this was the state when the work was done."""

    def __init__(self, note: Path):
        self._note = note

    def holds(self, state: str | None) -> bool:
        return state is not None and self._note.exists() and self._note.read_text(encoding="utf-8") == state

    def note(self, state: str | None) -> None:
        self._note.write_text(state or "", encoding="utf-8")


def tables_state(address: str) -> str | None:
    """This code over this database. With each month it is another: partitions are made ahead when tables are."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            applied = connection.execute(APPLIED).fetchone()
    except psycopg.Error:
        return None
    libraries = f"{version('django')} {version('procrastinate')}"
    return f"{_state(PACKAGE.rglob('*.py'))} {libraries} {date.today():%Y-%m} {applied}"


def static_state() -> str:
    """Changes with any static file of the product, and with a new Django."""
    return f"{_state(PACKAGE.glob('*/static/**/*'))} {version('django')}"


def _state(paths) -> str:
    files = [path.stat() for path in paths if path.is_file()]
    return f"{PACKAGE} {len(files)} {max((file.st_mtime_ns for file in files), default=0)}"
