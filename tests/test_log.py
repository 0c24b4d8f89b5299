"""The log has what an operator needs to trace a failure, and no personal data."""

import json
import logging
import os
import time

import pytest
from django.db import OperationalError
from django.urls import path

from shiming.config import urls
from shiming.config.logs import FILE, PrivateFile, formatter
from shiming.core.doors import public
from shiming.core.environment import environment
from shiming.runtime import log
from tests.doors import client_of

ID_NUMBER, PHONE, CARD = "119900199003074514", "13800001234", "6222020200112233445"
FAULT = f"cannot write {ID_NUMBER}\x07 of {PHONE}\nDETAIL:  Key (name)=(张三) exists\n{CARD}"


@public(methods=("GET",))
def broken(request, number=""):
    raise RuntimeError(FAULT) if FAULT else OperationalError("no connection")


urlpatterns = [*urls.urlpatterns, path("broken/<str:number>/", broken, name="broken")]
handler500 = urls.handler500


def lines() -> list[dict]:
    return [
        json.loads(line) for line in (environment().folder / "logs" / FILE).read_text(encoding="utf-8").splitlines()
    ]


@pytest.fixture
def failure(cast, settings):
    """The log entry of a failed request, by the number in its answer."""
    settings.ROOT_URLCONF = __name__
    client = client_of(cast.hr)
    client.raise_request_exception = False
    answer = client.get(f"/broken/{ID_NUMBER}/?q={PHONE}")
    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500 and number in answer.content.decode()
    (line,) = [line for line in lines() if line["request"] == number]
    return line


def test_error_number_leads_to_the_traceback(failure, cast):
    assert (failure["level"], failure["route"], failure["user"]) == ("error", "broken", str(cast.hr.user_id))
    assert "raise RuntimeError(FAULT)" in failure["exception"]
    assert failure["timestamp"].endswith("Z")


def test_no_number_of_a_person_reaches_the_log(failure):
    logged = json.dumps(failure, ensure_ascii=False)
    assert not any(planted in logged for planted in (ID_NUMBER, PHONE, CARD, "张三", "\x07"))
    assert "cannot write ***" in failure["exception"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("11990019900307451X 已存在", "*** 已存在"),
        ("119900900307451", "***"),
        ("电话13800001234。", "电话***。"),
        ("card=6222020200112233", "card=***"),
        ("1234567890 and 123456789012", "1234567890 and 123456789012"),
        ("line\u2028 two\x9b", "line\\u2028 two\\u009b"),
    ],
)
def test_numbers_of_persons_are_masked(text, written):
    record = logging.LogRecord("shiming", logging.WARNING, "", 0, text, (), None)
    assert json.loads(formatter().format(record))["event"] == written


def test_line_stays_one_line():
    record = logging.LogRecord("shiming", logging.WARNING, "", 0, '张三\r\n{"level": "info"}\x1b[2J', (), None)
    assert formatter().format(record).isprintable()


def test_log_is_readable_by_owner_only(failure):
    assert (environment().folder / "logs" / FILE).stat().st_mode & 0o777 == 0o600


def test_answer_stays_what_it_is_when_the_log_cannot_be_written(cast, settings, monkeypatch, capsys):
    """503 with Retry-After is repeated by phones and terminals; a 500 is not."""
    settings.ROOT_URLCONF = __name__

    def lost_permission(self):
        raise PermissionError

    monkeypatch.setattr(PrivateFile, "_open", lost_permission)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, PrivateFile):
            handler.close()
    monkeypatch.setattr("tests.test_log.FAULT", None)
    client = client_of(cast.hr)
    client.raise_request_exception = False

    answer = client.get("/broken/1/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_large_log_is_rotated_and_oldest_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "LARGEST", 5)
    old = tmp_path / "shiming-20240101-000000.log"
    old.write_text("long ago")
    os.utime(old, (time.time() - log.KEPT - 60,) * 2)
    (tmp_path / FILE).write_text("grown")

    log.turn_over(tmp_path)
    log.turn_over(tmp_path)

    (turned,) = tmp_path.iterdir()
    assert turned.read_text() == "grown" and turned.name != FILE


def test_all_logs_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "LARGEST", 5)
    monkeypatch.setattr(log, "TOTAL", 10)
    for month in (1, 2, 3):
        (tmp_path / f"shiming-20260{month}01-000000.log").write_text("grown")
    (tmp_path / FILE).write_text("grown")

    log.turn_over(tmp_path)

    assert len(list(tmp_path.iterdir())) == 2
    assert not (tmp_path / "shiming-20260101-000000.log").exists()


def test_log_of_the_database_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "LARGEST_OF_DATABASE", 5)
    (tmp_path / "postgres-Mon.log").write_text("a storm")
    (tmp_path / "postgres-Tue.log").write_text("few")

    log.bound(tmp_path)

    assert [path.read_text() for path in sorted(tmp_path.iterdir())] == ["", "few"]


def test_log_that_cannot_be_rotated_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "LARGEST", 0)
    log.turn_over(tmp_path / "missing")
    (tmp_path / FILE).write_text("grown")
    monkeypatch.setattr(type(tmp_path), "rename", lambda self, target: os.open("/proc/version", os.O_WRONLY))
    log.turn_over(tmp_path)
