"""Request bodies match their description: missing, oversized and unknown fields are named."""

from uuid import uuid4

import pytest
from django.test import Client

from shiming.api.bodies import MOST
from shiming.core.models import AuditEntry
from tests.callers import codes, firm, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def labour(cast):
    return firm(cast, cast.antai)


def problems_of(answer) -> list[tuple[str, str]]:
    return [(item["code"], item["sentence"].partition("：")[0]) for item in answer.json()["refusals"]]


UNREADABLE = [
    ("/employments", {}, [("R-10", "请填写"), ("R-10", "请填写")]),
    ("/employments", {"name": "张三", "number": None}, [("A-05", "身份证号（number）")]),
    ("/employments", {"name": ["张三"], "number": 1}, [("A-05", "身份证号（number）"), ("A-05", "姓名（name）")]),
    ("/employments", {"name": "张" * 201, "number": "1"}, [("A-05", "姓名（name）")]),
    ("/employments", {"name": "张三", "number": "1" * 201}, [("A-05", "身份证号（number）")]),
    ("/employments", {"name": "张三", "number": "1", "Name": "x"}, [("A-05", "Name（Name）")]),
    ("/people/search", {"number": {"$ne": ""}}, [("A-05", "身份证号（number）")]),
    ("/assignments/removal", {"assignment_ids": "x"}, [("A-05", "人员（assignment_ids）")]),
    ("/assignments/removal", {"assignment_ids": [1, "x"]}, [("A-05", "人员（assignment_ids.0）")] * 2),
    ("/assignments/rejection", {"assignment_ids": [], "note": "长" * 201}, [("A-05", "note（note）")]),
]


@pytest.mark.parametrize(("path", "body", "found"), UNREADABLE)
def test_every_unreadable_field_is_named(labour, path, body, found):
    answer = labour.post(path, **body)
    names = [(code, name.replace(".1", ".0")) for code, name in problems_of(answer)]
    assert (answer.status_code, sorted(names)) == (422, sorted(found))
    assert answer["Content-Type"] == "application/problem+json"


def test_first_field_is_reported(labour):
    assert labour.post("/employments", number="1").json()["field"] == "name"


@pytest.mark.parametrize("count", [MOST, MOST + 1])
def test_number_of_rows_is_limited(labour, count):
    answer = labour.post("/assignments/removal", assignment_ids=[str(uuid4()) for _ in range(count)])
    assert codes(answer) == (["A-02"] if count == MOST else ["A-05"])


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"occurred_at": "2026-01-31T08:00:00"}, 422),  # without a time zone
        ({"occurred_at": "yesterday"}, 422),
        ({"occurred_at": 10**30}, 422),
        ({"direction": "through"}, 422),
        ({"method": "guess"}, 422),
        ({"event_id": "1"}, 422),
        ({"device": "d" * 61}, 422),
        ({"device": "gate\x00"}, 422),
        ({"occurred_at": "2026-01-31T08:00:00+08:00", "direction": "in"}, 422),  # readable; not on site that day
    ],
)
def test_unreadable_punch_is_not_stored(cast, given, status):
    punch = {"event_id": str(uuid4()), "person_id": str(cast.zhang.pk)} | given
    answer = site(cast.gc_pm).post("/attendance/punches", **punch)
    assert answer.status_code == status and codes(answer)


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b'{"name": NaN}'])
def test_other_json_is_refused_without_effect(labour, content):
    before = AuditEntry.objects.count()
    answer = Client().post(
        "/api/v1/employments",
        content,
        content_type="application/json",
        headers={"Authorization": f"Bearer {labour.key}"},
    )
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"] == "application/problem+json" and codes(answer)
    assert AuditEntry.objects.count() == before


def test_form_is_not_read_as_json(labour):
    sent = {"name": "张三", "number": "1"}
    answer = Client().post("/api/v1/employments", sent, headers={"Authorization": f"Bearer {labour.key}"})
    assert answer.status_code in (400, 415, 422)


def test_oversized_body_is_refused_unread(labour):
    answer = labour.post("/employments", name="张" * 400_000, number="1")
    assert (answer.status_code, answer["Content-Type"], codes(answer)) == (413, "application/problem+json", ["R-73"])


@pytest.mark.parametrize("path", ["/employments/1", "/employments/none", "/people/0/attendance/2026/1"])
def test_address_without_id_is_not_found(labour, path):
    assert labour.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "query"),
    [("/eligibility", {}), ("/eligibility", {"person": "1", "project": "2"}), ("/stays", {"on_site": "perhaps"})],
)
def test_unreadable_query_is_refused_by_name(labour, path, query):
    answer = labour.get(path, **query)
    assert (answer.status_code, set(codes(answer)) <= {"R-10", "A-05"}) == (422, True)
