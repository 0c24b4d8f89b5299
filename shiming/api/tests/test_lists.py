"""Lists page by page, the rate limit of a key, and the published description."""

import pytest

from shiming.api import limits
from shiming.api.service import api
from tests.callers import codes, firm, site
from tests.test_api_matrix import operations

pytestmark = pytest.mark.django_db


@pytest.fixture
def labour(cast):
    return firm(cast, cast.antai)


def employed(cast, count: int) -> set[str]:
    return {str(cast.employment(cast.person(f"工人{number}")).pk) for number in range(count)}


def pages(caller, path: str, **query) -> list[dict]:
    """All pages, each requested with the `next` of the one before."""
    found = [caller.get(path, **query).json()]
    while cursor := found[-1]["next"]:
        found.append(caller.get(path, cursor=cursor, **query).json())
    return found


# paging


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_every_row_comes_once(cast, labour, count, sizes):
    made = employed(cast, count)
    found = pages(labour, "/employments", size=10)
    ids = [row["id"] for page in found for row in page["items"]]

    assert [len(page["items"]) for page in found] == sizes
    assert (set(ids), len(ids)) == (made, count)
    assert {(page["total"], page["total_is_capped"]) for page in found} == {(count, False)}


def test_newest_rows_come_first(cast, labour):
    made = [cast.employment(cast.person(name)) for name in ("甲", "乙", "丙")]
    rows = labour.get("/employments").json()["items"]
    assert [row["id"] for row in rows] == [str(row.pk) for row in sorted(made, key=lambda row: row.created_at)][::-1]


def test_added_row_does_not_shift_next_page(cast, labour):
    made = employed(cast, 12)
    first = labour.get("/employments", size=10).json()
    cast.employment(cast.person("后来的"))
    second = labour.get("/employments", size=10, cursor=first["next"]).json()
    assert {row["id"] for page in (first, second) for row in page["items"]} == made


@pytest.mark.parametrize(("asked", "answered"), [("10", 10), ("50", 12), ("0", 12), ("-1", 12), ("11", 12)])
def test_unknown_size_uses_the_default(cast, labour, asked, answered):
    employed(cast, 12)
    assert len(labour.get("/employments", size=asked).json()["items"]) == answered


@pytest.mark.parametrize("cursor", ["made-up", "x" * 500, "0", "null", "[]"])
def test_invented_cursor_is_refused_by_name(cast, labour, cursor):
    employed(cast, 1)
    answer = labour.get("/employments", cursor=cursor)
    assert (answer.status_code, codes(answer), answer.json()["field"]) == (422, ["V-01"], "cursor")
    assert answer.json()["refusals"][0]["next_step"] == "从第一页重新开始"


def test_cursor_belongs_to_its_filters(cast, labour):
    employed(cast, 11)
    cast.employment(cast.person("离开的"), status="invited")
    found = pages(labour, "/employments", size=10, status="active")
    assert [len(page["items"]) for page in found] == [10, 1]
    assert {row["status"] for page in found for row in page["items"]} == {"active"}


def test_cursor_of_another_firm_reaches_no_row(cast, labour):
    made = employed(cast, 11)
    cursor = labour.get("/employments", size=10).json()["next"]
    other = firm(cast, cast.yuanda).get("/employments", size=10, cursor=cursor).json()
    assert made.isdisjoint({row["id"] for row in other.get("items", [])})


# speed


def test_key_has_a_burst_and_a_rate():
    now = [0.0]
    buckets = limits.Buckets(burst=3, per_second=2, clock=lambda: now[0])
    assert [buckets.take("key") for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    now[0] = 0.5
    assert [buckets.take("key") for _ in range(2)] == [0, 0.5]


def test_idle_key_refills_to_the_burst():
    now = [0.0]
    buckets = limits.Buckets(burst=3, per_second=2, clock=lambda: now[0])
    for _ in range(3):
        buckets.take("key")
    now[0] = 3600.0
    assert [buckets.take("key") for _ in range(4)] == [0, 0, 0, 0.5]


def test_one_key_takes_nothing_from_another():
    buckets = limits.Buckets(burst=1, per_second=1, clock=lambda: 0.0)
    assert [buckets.take(key) for key in ("a", "a", "b", "b")] == [0, 1, 0, 1]


def test_wait_is_whole_seconds_per_key(cast, monkeypatch):
    monkeypatch.setattr(limits, "requests", limits.Buckets(burst=1, per_second=0.3, clock=lambda: 0.0))
    labour, gate = firm(cast, cast.antai), site(cast.gc_pm)
    answers = [labour.get("/teams"), labour.get("/teams"), gate.get("/teams")]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    assert (answers[1]["Retry-After"], answers[1].json()["title"]) == ("4", "请求太频繁，请 4 秒后再试")


def test_limited_request_has_no_effect(cast, monkeypatch):
    monkeypatch.setattr(limits, "requests", limits.Buckets(burst=0, per_second=1, clock=lambda: 0.0))
    answer = firm(cast, cast.antai).post("/employments", name="张三", number=cast.zhang.id_number.plain)
    assert (answer.status_code, cast.zhang.employments.count()) == (429, 0)


# description


def test_description_names_every_operation_once(client):
    published = client.get("/api/openapi.json").json()
    listed = [each["operationId"] for methods in published["paths"].values() for each in methods.values()]
    served = [api.get_openapi_operation_id(found) for found in _operations()]
    assert sorted(listed) == sorted(served)
    assert len(set(listed)) == len(listed)


def _operations():
    for router in api._get_bound_routers():
        for found in router.path_operations.values():
            yield from found.operations


def test_every_operation_has_chinese_summary_and_key():
    for path, method, described in operations():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in described["summary"]), (path, method)
        assert described["security"] == [{"KeyBearer": []}], (path, method)


def test_no_address_contains_an_id_number():
    asked = {
        (path, item["name"])
        for path, _, described in operations()
        for item in described.get("parameters", ())
        if item["name"] in ("number", "id_number", "phone", "bank_card")
    }
    assert asked == set()
