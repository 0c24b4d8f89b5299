"""The log: one JSON line for each thing that went wrong, in logs/shiming.log, and the worst of them on stderr.

Numbers of persons never reach it: a line carries the page's name instead of its address, and whatever looks like an
ID, a phone or a card number is struck out. Several processes append to the same file; the supervisor turns it over
(runtime/log.py), and each notices and opens the new one.
"""

import os
import re
from logging.handlers import WatchedFileHandler
from pathlib import Path

import structlog

FILE = "shiming.log"
NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[Xx]|\d{15,19}|\d{11})(?!\d)")
ROWS = re.compile(r"^(\s*(?:DETAIL|CONTEXT|QUERY|STATEMENT)):.*$", re.MULTILINE)  # PostgreSQL repeats the values
CONTROLS = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")  # JSON escapes those below space itself
NOT_TOUCHED = {"timestamp", "level", "request", "user"}  # our own numbers, which look like others now and then


class PrivateFile(WatchedFileHandler):
    """For the owner of the installation alone, and made when there is something to write."""

    def __init__(self, filename: str):
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self):
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))


def configuration(folder: Path, *, console: bool) -> dict:
    """For Django's LOGGING."""
    handlers = {"file": {"()": PrivateFile, "filename": str(folder / "logs" / FILE), "formatter": "json"}}
    if console:
        handlers["console"] = {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "json"}
    # A database that is away for a moment is told by the supervisor, in one sentence.
    in_file = {"handlers": ["file"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": formatter}},
        "handlers": handlers,
        "root": {"level": "WARNING", "handlers": list(handlers)},
        "loggers": {"django": {}, "shiming": {"level": "INFO"}, "psycopg": in_file, "procrastinate": in_file},
    }


def formatter() -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            of_request,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redacted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def of_request(logger, name, line: dict) -> dict:
    """Which request it was, which page and who asked. Nothing here may need the database, which may be what failed."""
    from shiming.core.audit import origin

    request = getattr(line["_record"], "request", None)
    line["request"] = getattr(request, "id", "") or origin.get().request_id
    if request is None:
        return line
    line["event"] = str(line["event"]).partition(":")[0]  # what follows is the address
    match, actor = getattr(request, "resolver_match", None), getattr(request, "actor", None)
    line["route"] = match.view_name if match else ""
    line["user"] = str(actor.user_id) if actor and actor.user_id else ""
    return line


def redacted(logger, name, line: dict) -> dict:
    return {key: value if key in NOT_TOUCHED else struck(value) for key, value in line.items()}


def struck(value):
    if not isinstance(value, str):
        return value
    return CONTROLS.sub(_escaped, NUMBERS.sub("***", ROWS.sub(r"\1: ***", value)))


def _escaped(found: re.Match) -> str:
    return f"\\u{ord(found[0]):04x}"
