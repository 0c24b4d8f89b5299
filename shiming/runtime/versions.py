"""Whether tables and static files match this code (checked in milliseconds), and whether a release made the tables."""

from datetime import date
from importlib.metadata import version
from pathlib import Path

import psycopg

from shiming.runtime.errors import Refused

PACKAGE = Path(__file__).parent.parent
APPLIED = """
    SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), count(*), max(applied)
    FROM django_migrations
"""

# Before the first release the migrations of each module were numbered on; with 0.1 they start from 0001
# (docs/architecture.md).
MADE_BEFORE_RELEASE = """
    SELECT count(*) FROM django_migrations
    WHERE (app, name) IN (('core', '0002_append_only'), ('core', '0004_sheet_import'))
"""


class MadeBeforeRelease(Refused):
    """The tables come from a version before the first release."""

    def __init__(self):
        super().__init__(
            "These data were made by a version before the first release, and this version cannot open them. "
            "Nothing was changed. Keep the folder with that version, and start this one in an empty folder: "
            "SHIMING_HOME=…",
            "这些数据由正式发布以前的版本建立，本版本不能打开，数据没有改动。"
            "请保留该文件夹和原来的版本，并用 SHIMING_HOME 指定一个空文件夹启动本版本。",
        )


def require_released(address: str) -> None:
    """Raise MadeBeforeRelease for such tables; a database without tables passes."""
    with psycopg.connect(address, connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None:
            return
        if connection.execute(MADE_BEFORE_RELEASE).fetchone()[0]:
            raise MadeBeforeRelease


class Done:
    """A file beside the data that holds the state for which some work was done."""

    def __init__(self, note: Path):
        self._note = note

    def holds(self, state: str | None) -> bool:
        if state is None or not self._note.is_file():
            return False
        return self._note.read_text(encoding="utf-8", errors="replace") == state

    def note(self, state: str | None) -> None:
        self._note.write_text(state or "", encoding="utf-8")


def tables_state(address: str) -> str | None:
    """State of this code over this database. It changes each month, because migrations create partitions ahead."""
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            applied = connection.execute(APPLIED).fetchone()
    except psycopg.Error:
        return None
    libraries = f"{version('django')} {version('procrastinate')}"
    return f"{_state(PACKAGE.rglob('*.py'))} {libraries} {date.today():%Y-%m} {applied}"


def static_state() -> str:
    """Changes with each static file of the product and with a new Django."""
    return f"{_state(PACKAGE.glob('*/static/**/*'))} {version('django')}"


def _state(paths) -> str:
    files = [path.stat() for path in paths if path.is_file()]
    return f"{PACKAGE} {len(files)} {max((file.st_mtime_ns for file in files), default=0)}"
