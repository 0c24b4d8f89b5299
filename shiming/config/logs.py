"""The log: one JSON line per problem in logs/shiming.log, errors on stderr as well.

No personal number is logged: a line holds the page's name instead of its address, and every text that looks like an
ID, phone or card number is replaced. Several processes append to one file; the supervisor rotates it
(runtime/log.py), and each process reopens it.
"""

import logging
import os
import re
import sys
import time
from contextlib import suppress
from logging.handlers import WatchedFileHandler
from pathlib import Path

import structlog

FILE = "shiming.log"
NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[Xx]|\d{15,19}|\d{11})(?!\d)")
ROWS = re.compile(r"^(\s*(?:DETAIL|CONTEXT|QUERY|STATEMENT)):.*$", re.MULTILINE)  # PostgreSQL prints row values here
CONTROLS = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")  # JSON escapes those below U+0020
TELL_EVERY = 60  # seconds
NOT_TOUCHED = {"timestamp", "level", "request", "user"}  # our own ids, which can look like personal numbers


class PrivateFile(WatchedFileHandler):
    """Readable by the owner only, created at the first line."""

    def __init__(self, filename: str):
        super().__init__(filename, encoding="utf-8", delay=True)
        self._tell_at = 0.0

    def _open(self):
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a full disk, a missing folder or a lost permission must not change the answer of a page."""
        try:
            super().emit(record)
        except Exception:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """One short line on stderr each minute, instead of the line that could not be written."""
        with suppress(Exception):
            if self.stream is not None:  # opened again at the next line
                stream, self.stream = self.stream, None
                with suppress(OSError):  # what is still in its buffer is lost
                    stream.close()
        if time.monotonic() < self._tell_at:
            return
        self._tell_at = time.monotonic() + TELL_EVERY
        reason = sys.exc_info()[1]
        with suppress(Exception):
            print(
                f"The log {self.baseFilename} cannot be written ({reason}). / 日志无法写入，请检查磁盘。",
                file=sys.stderr,
            )


def configuration(folder: Path, *, console: bool) -> dict:
    """The value of Django's LOGGING."""
    handlers = {"file": {"()": PrivateFile, "filename": str(folder / "logs" / FILE), "formatter": "json"}}
    if console:
        handlers["console"] = {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "json"}
    # The supervisor reports a database outage in one sentence, so these loggers stay off the console.
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
    """Add request id, page and user. Must not use the database, which may be the cause of the failure."""
    from shiming.core.audit import origin

    request = getattr(line["_record"], "request", None)
    line["request"] = getattr(request, "id", "") or origin.get().request_id
    if request is None:
        return line
    line["event"] = str(line["event"]).partition(":")[0]  # the rest is the address
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
