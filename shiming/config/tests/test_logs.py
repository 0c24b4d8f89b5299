"""The log says what went wrong, where and for which request, and never a number of a person."""

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


# 删去号码


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (ID_NUMBER, "***"),
        ("11990019900307451x", "***"),
        ("119900900307451", "***"),  # fifteen places, as they were once
        ("13800138000", "***"),
        ("6222020200112233445", "***"),
        (f"from {ID_NUMBER} to 13800138000", "from *** to ***"),
        ("列13800138000,", "列***,"),
        ("2026-01-31 12:00:00", "2026-01-31 12:00:00"),
        ("12345678901234567890", "12345678901234567890"),  # longer than any of them
    ],
)
def test_numbers_of_persons_are_struck_out_and_others_stay(said, written):
    assert line(said)["event"] == written


def test_a_number_given_beside_the_message_is_struck_out_too():
    assert line("not found: %s", ID_NUMBER)["event"] == "not found: ***"


@pytest.mark.parametrize("word", ["DETAIL", "CONTEXT", "QUERY", "STATEMENT"])
def test_what_the_database_repeats_of_a_row_is_struck_out(word):
    said = f"duplicate key value\n{word}:  Key (name)=(张三) already exists.\nHINT:  none"
    assert line(said)["event"] == f"duplicate key value\n{word}: ***\nHINT:  none"


def test_a_failure_is_written_with_its_traceback_and_without_the_number():
    try:
        raise ValueError(f"cannot read {ID_NUMBER}")
    except ValueError as failure:
        written = line("broken", exc_info=(type(failure), failure, failure.__traceback__))
    assert written["exception"].endswith("ValueError: cannot read ***")
    assert "test_a_failure_is_written" in written["exception"]


@pytest.mark.parametrize("character", ["\x7f", "\x9b", "\u200b", "\u202e", "\u2028", "\u2066"])
def test_characters_that_would_deceive_the_reader_are_written_out(character):
    assert line(f"a{character}b")["event"] == f"a\\u{ord(character):04x}b"


# 说明出处


def test_a_line_says_when_how_bad_and_where():
    written = line("broken", level=logging.ERROR)
    assert (written["event"], written["level"], written["logger"]) == ("broken", "error", "shiming.people")
    assert written["timestamp"].endswith("Z")


def test_a_line_of_a_request_names_the_page_and_the_account_instead_of_the_address():
    user = uuid4()
    request = SimpleNamespace(
        id="request-1",
        resolver_match=SimpleNamespace(view_name="person-show"),
        actor=SimpleNamespace(user_id=user),
    )
    written = line("Not Found: /people/?q=张三", request=request)
    said = {name: written[name] for name in ("event", "request", "route", "user")}
    assert said == {"event": "Not Found", "request": "request-1", "route": "person-show", "user": str(user)}


def test_a_request_of_which_nothing_is_known_yet_is_written_all_the_same():
    written = line("Bad Request: /x", request=SimpleNamespace())
    assert (written["event"], written["request"], written["route"], written["user"]) == ("Bad Request", "", "", "")


def test_what_goes_wrong_deep_inside_a_request_carries_its_number():
    token = origin.set(Origin("203.0.113.9", "request-2"))
    try:
        assert line("broken")["request"] == "request-2"
    finally:
        origin.reset(token)
    assert line("broken")["request"] == ""


def test_our_own_numbers_are_not_taken_for_those_of_persons():
    request = SimpleNamespace(id="13800138000", actor=None, resolver_match=None)
    assert line("broken: 13800138000", request=request)["request"] == "13800138000"


# 放在哪里


@pytest.fixture
def settled():
    """Loggers as they were, after a configuration was tried."""
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


def test_the_file_is_made_when_there_is_something_to_write_and_for_its_owner_alone(tmp_path):
    handler = PrivateFile(str(tmp_path / "logs" / FILE))
    assert not (tmp_path / "logs").exists()
    handler.emit(logging.LogRecord("shiming", logging.WARNING, "", 0, "张三", (), None))
    handler.close()

    assert (tmp_path / "logs" / FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "logs" / FILE).read_text(encoding="utf-8") == "张三\n"


def test_a_file_that_was_turned_over_is_followed_by_a_new_one(tmp_path):
    handler, file = PrivateFile(str(tmp_path / FILE)), tmp_path / FILE
    for said in ("first", "second"):
        handler.emit(logging.LogRecord("shiming", logging.WARNING, "", 0, said, (), None))
        if said == "first":
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
        ("psycopg.pool", "error", True, False),  # a database that is away is spoken of elsewhere
        ("procrastinate", "error", True, False),
    ],
)
def test_what_is_written_to_the_file_and_what_to_the_console(
    settled, tmp_path, capsys, logger, level, in_file, on_console
):
    logging.config.dictConfig(configuration(tmp_path, console=True))
    getattr(logging.getLogger(logger), level)("said")
    file = tmp_path / "logs" / FILE

    assert (file.exists(), "said" in capsys.readouterr().err) == (in_file, on_console)


def test_without_a_console_there_is_the_file_alone(tmp_path):
    found = configuration(tmp_path, console=False)
    assert (set(found["handlers"]), found["root"]["handlers"]) == ({"file"}, ["file"])
