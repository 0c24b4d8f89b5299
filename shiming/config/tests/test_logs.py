"""The log names the error, the place and the request, and holds no personal number."""

import json
import logging
import logging.config
from types import SimpleNamespace
from uuid import uuid4

import pytest

from shiming.config.logs import FILE, PrivateFile, configuration, formatter
from shiming.core.audit import Origin, origin

ID_NUMBER = "119900199003074514"


def line(message: str, *values, level=logging.WARNING, **more) -> dict:
    record = logging.LogRecord("shiming.people", level, "", 0, message, values, None)
    vars(record).update(more)
    return json.loads(formatter().format(record))


# removal of numbers


@pytest.mark.parametrize(
    ("logged", "written"),
    [
        (ID_NUMBER, "***"),
        ("11990019900307451x", "***"),
        ("119900900307451", "***"),  # fifteen digits, the old format
        ("13800138000", "***"),
        ("6222020200112233445", "***"),
        (f"from {ID_NUMBER} to 13800138000", "from *** to ***"),
        ("列13800138000,", "列***,"),
        ("2026-01-31 12:00:00", "2026-01-31 12:00:00"),
        ("12345678901234567890", "12345678901234567890"),  # longer than any personal number
    ],
)
def test_personal_numbers_are_replaced_others_kept(logged, written):
    assert line(logged)["event"] == written


def test_number_in_extra_field_is_replaced():
    assert line("not found: %s", ID_NUMBER)["event"] == "not found: ***"


@pytest.mark.parametrize("word", ["DETAIL", "CONTEXT", "QUERY", "STATEMENT"])
def test_row_values_of_database_are_replaced(word):
    logged = f"duplicate key value\n{word}:  Key (name)=(张三) already exists.\nHINT:  none"
    assert line(logged)["event"] == f"duplicate key value\n{word}: ***\nHINT:  none"


def test_traceback_is_logged_without_number():
    try:
        raise ValueError(f"cannot read {ID_NUMBER}")
    except ValueError as failure:
        written = line("broken", exc_info=(type(failure), failure, failure.__traceback__))
    assert written["exception"].endswith("ValueError: cannot read ***")
    assert "test_traceback_is_logged_without_number" in written["exception"]


@pytest.mark.parametrize("character", ["\x7f", "\x9b", "\u200b", "\u202e", "\u2028", "\u2066"])
def test_control_characters_are_escaped(character):
    assert line(f"a{character}b")["event"] == f"a\\u{ord(character):04x}b"


# origin of a line


def test_line_holds_time_level_and_logger():
    written = line("broken", level=logging.ERROR)
    assert (written["event"], written["level"], written["logger"]) == ("broken", "error", "shiming.people")
    assert written["timestamp"].endswith("Z")


def test_request_line_names_page_not_address():
    user = uuid4()
    request = SimpleNamespace(
        id="request-1",
        resolver_match=SimpleNamespace(view_name="person-show"),
        actor=SimpleNamespace(user_id=user),
    )
    written = line("Not Found: /people/?q=张三", request=request)
    logged = {name: written[name] for name in ("event", "request", "route", "user")}
    assert logged == {"event": "Not Found", "request": "request-1", "route": "person-show", "user": str(user)}


def test_request_without_actor_is_logged():
    written = line("Bad Request: /x", request=SimpleNamespace())
    assert (written["event"], written["request"], written["route"], written["user"]) == ("Bad Request", "", "", "")


def test_error_inside_request_carries_its_id():
    token = origin.set(Origin("203.0.113.9", "request-2"))
    try:
        assert line("broken")["request"] == "request-2"
    finally:
        origin.reset(token)
    assert line("broken")["request"] == ""


def test_own_ids_are_not_replaced():
    request = SimpleNamespace(id="13800138000", actor=None, resolver_match=None)
    assert line("broken: 13800138000", request=request)["request"] == "13800138000"


# location of the files


@pytest.fixture
def settled():
    """Restores the loggers after the test."""
    names = ["", "django", "shiming", "psycopg", "procrastinate"]
    kept = {
        name: (list(logging.getLogger(name).handlers), logging.getLogger(name).level, logging.getLogger(name).propagate)
        for name in names
    }
    yield
    for name, (handlers, level, propagate) in kept.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.level, logger.propagate = handlers, level, propagate
        logger.setLevel(level)


def test_log_file_is_created_private_when_needed(tmp_path):
    handler = PrivateFile(str(tmp_path / "logs" / FILE))
    assert not (tmp_path / "logs").exists()
    handler.emit(logging.LogRecord("shiming", logging.WARNING, "", 0, "张三", (), None))
    handler.close()

    assert (tmp_path / "logs" / FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "logs" / FILE).read_text(encoding="utf-8") == "张三\n"


@pytest.mark.parametrize("hindrance", ["full disk", "folder is a file", "file is a folder", "bad line"])
def test_log_that_cannot_be_written_raises_nothing(tmp_path, capsys, hindrance):
    file = tmp_path / "logs" / FILE
    if hindrance == "folder is a file":
        file.parent.write_text("")
    else:
        file.parent.mkdir()
    if hindrance == "full disk":
        file.symlink_to("/dev/full")
    elif hindrance == "file is a folder":
        file.mkdir()
    handler, values = PrivateFile(str(file)), ("no number",) if hindrance == "bad line" else (1,)

    for _ in range(3):
        handler.handle(logging.LogRecord("shiming", logging.WARNING, "", 0, "%d", values, None))

    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"The log {file} cannot be written")


def test_log_is_written_again_after_the_disk_was_full(tmp_path):
    file = tmp_path / FILE
    file.symlink_to("/dev/full")
    handler = PrivateFile(str(file))
    handler.handle(logging.LogRecord("shiming", logging.WARNING, "", 0, "lost", (), None))
    file.unlink()
    handler.handle(logging.LogRecord("shiming", logging.WARNING, "", 0, "kept", (), None))
    handler.close()

    assert file.read_text(encoding="utf-8") == "kept\n"


def test_rotated_log_file_is_reopened(tmp_path):
    handler, file = PrivateFile(str(tmp_path / FILE)), tmp_path / FILE
    for logged in ("first", "second"):
        handler.emit(logging.LogRecord("shiming", logging.WARNING, "", 0, logged, (), None))
        if logged == "first":
            file.rename(tmp_path / "old.log")
    handler.close()
    assert [(tmp_path / name).read_text() for name in ("old.log", FILE)] == ["first\n", "second\n"]


@pytest.mark.parametrize(
    ("logger", "level", "in_file", "on_console"),
    [
        ("shiming", "info", True, False),
        ("shiming", "error", True, True),
        ("django", "warning", True, False),
        ("django.request", "error", True, True),
        ("psycopg.pool", "error", True, False),  # the supervisor reports a database outage
        ("procrastinate", "error", True, False),
    ],
)
def test_destination_depends_on_logger_and_level(settled, tmp_path, capsys, logger, level, in_file, on_console):
    logging.config.dictConfig(configuration(tmp_path, console=True))
    getattr(logging.getLogger(logger), level)("logged")
    file = tmp_path / "logs" / FILE

    assert (file.exists(), "logged" in capsys.readouterr().err) == (in_file, on_console)


def test_without_console_only_file_is_written(tmp_path):
    found = configuration(tmp_path, console=False)
    assert (set(found["handlers"]), found["root"]["handlers"]) == ({"file"}, ["file"])
