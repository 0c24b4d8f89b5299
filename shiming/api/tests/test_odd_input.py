"""Any input gets an answer: no server error (5xx), and no half-finished change."""

import pytest

from shiming.api import limits
from shiming.core.models import AuditEntry
from tests.callers import firm
from tests.test_api_matrix import address_of, body_of, operations
from tests.world import ACTORS, own

pytestmark = pytest.mark.django_db
ODD = ["\x00", "\ud800", "'; --", "९" * 18, "x" * 5000, "", None, [], {}, 10**30, -1, 1.5, True, "2026-02-30", "NaN"]


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(limits, "requests", limits.Buckets(burst=100_000))


def test_odd_values_in_every_field_are_answered(cast):
    objects, labour, wrong = own(cast, ACTORS["legal_rep"](cast)), firm(cast, cast.antai), []
    for path, method, described in operations():
        if method == "get":
            continue
        body, address = body_of(described, objects) or {}, address_of(path, objects).removeprefix("/api/v1")
        for name in body:
            for odd in ODD:
                try:
                    status = getattr(labour, method)(address, **(body | {name: odd})).status_code
                except Exception as error:
                    status = repr(error)[:100]
                if not isinstance(status, int) or status >= 500:
                    wrong.append((method, path, name, repr(odd)[:20], status))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    "query", ["size=abc", "size=999", "cursor=%00", "status=%00", "status='--", "person=1", "project=x"]
)
@pytest.mark.parametrize("path", ["/people", "/employments", "/assignments", "/stays", "/attendance/corrections"])
def test_odd_queries_are_answered(cast, path, query):
    name, _, value = query.partition("=")
    answer = firm(cast, cast.antai).get(path, **{name: value.replace("%00", "\x00")})
    assert answer.status_code < 500


@pytest.mark.parametrize("month", ["0/1", "99999/12", "2026/13", "2026/0"])
def test_impossible_month_is_refused(cast, month):
    cast.employment()
    assert firm(cast, cast.antai).get(f"/people/{cast.zhang.pk}/attendance/{month}").status_code == 404


def test_refused_request_leaves_no_event(cast):
    labour = firm(cast, cast.antai)
    before = AuditEntry.objects.count()
    assert labour.post("/employments", name="\x00", number="\x00").status_code == 422
    assert AuditEntry.objects.count() == before
