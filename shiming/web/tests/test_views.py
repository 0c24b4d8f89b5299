"""The server error page."""

import psycopg
import pytest
from django.db import InternalError, OperationalError, ProgrammingError
from django.test import Client

from shiming.web.gatekeeping import RequestOrigin


def away():
    raise OperationalError("the connection is lost")


def full():
    raise OperationalError("no space left") from psycopg.errors.DiskFull()


def read_only():
    raise InternalError("read-only") from psycopg.errors.ReadOnlySqlTransaction()


def wrong():
    raise ProgrammingError("no such table") from psycopg.errors.UndefinedTable()


@pytest.mark.parametrize(("trouble", "status"), [(away, 503), (full, 503), (read_only, 503), (wrong, 500)])
def test_database_outage_is_503_other_errors_500(monkeypatch, trouble, status):
    monkeypatch.setattr(RequestOrigin, "__call__", lambda self, request: trouble())

    answer = Client(raise_request_exception=False).get("/login/company/")

    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert "您的操作没有保存" in answer.content.decode()
