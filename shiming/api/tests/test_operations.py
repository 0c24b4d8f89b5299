"""The whole path of a worker through keys: the steps of firm, site and person in turn."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.presence import codes as qr
from tests.callers import codes, firm, site

pytestmark = pytest.mark.django_db


def test_worker_is_hired_allocated_entered_and_leaves(cast):
    labour, gate = firm(cast, cast.antai), site(cast.gc_pm)
    cast.filing(cast.labour_place, "孙劳务")
    team = cast.team()

    hired = labour.post("/employments", name="张三", number=cast.zhang.id_number.plain)
    assert (hired.status_code, hired.json()["status"]) == (201, "invited")
    pk = hired.json()["id"]
    employment.confirm(Employment.objects.get(pk=pk), by=cast.himself())
    done = labour.put(f"/employments/{pk}/profile", kind="worker", trade="钢筋工", team_id=str(team.pk))
    assert (done.status_code, done.json()["profile_completed"], done.json()["team"]["name"]) == (200, True, "王班组")

    [row] = labour.post("/assignments", participation_id=str(cast.labour_place.pk), employment_ids=[pk]).json()["done"]
    assert row["status"] == "pending"
    [row] = gate.post("/assignments/acceptance", assignment_ids=[row["id"]]).json()["done"]
    assert row["status"] == "accepted"

    asked = gate.get("/eligibility", person=cast.zhang.pk, project=cast.binjiang.pk)
    assert asked.json() == {"may_enter": True, "refusals": []}
    verdict = gate.post("/entries/scan", code=qr.personal_code(cast.zhang.pk), event_id=str(uuid4())).json()
    assert (verdict["tone"], verdict["name"]) == ("ok", "张三")
    punched = gate.post("/attendance/punches", person_id=str(cast.zhang.pk), event_id=str(uuid4()), method="face")
    assert (punched.status_code, punched.json()["direction"]) == (200, "in")

    now = timezone.localdate()
    [day] = labour.get(f"/people/{cast.zhang.pk}/attendance/{now.year}/{now.month}").json()
    assert (day["day"], day["status"]) == (now.isoformat(), "ongoing")
    left = gate.post("/stays/exit", stay_ids=[verdict["stay_id"]]).json()
    assert [stay["exited_on"] for stay in left["done"]] == [now.isoformat()]


def test_personal_values_are_masked(cast):
    cast.employment()
    answer = firm(cast, cast.antai).post("/people/search", number=cast.zhang.id_number.plain)
    number, phone = cast.zhang.id_number.plain, cast.zhang.phone.plain
    assert answer.json()["id_number"] == f"{number[:3]}*****{number[-3:]}"
    assert number not in answer.content.decode() and phone not in answer.content.decode()


def test_another_firm_does_not_find_the_person(cast):
    cast.employment()
    answer = firm(cast, cast.yuanda).post("/people/search", number=cast.zhang.id_number.plain)
    assert (answer.status_code, codes(answer)) == (404, ["A-02"])


def test_foreign_id_fails_the_whole_call(cast):
    own = cast.assignment(status="pending", confirmed_at=None)
    foreign = cast.assignment(
        cast.employment(cast.person("外人"), cast.yuanda), cast.stranger_place, status="pending", confirmed_at=None
    )
    answer = site(cast.gc_pm).post("/assignments/acceptance", assignment_ids=[str(own.pk), str(foreign.pk)])
    own.refresh_from_db()
    assert (answer.status_code, own.status) == (404, "pending")


def test_each_row_of_a_batch_is_decided_alone(cast):
    good = cast.assignment(status="pending", confirmed_at=None)
    ended = cast.assignment(cast.employment(cast.person("李四")), status="ended")
    answer = site(cast.gc_pm).post("/assignments/acceptance", assignment_ids=[str(good.pk), str(ended.pk)]).json()
    assert [row["id"] for row in answer["done"]] == [str(good.pk)]
    [refused] = answer["refused"]
    assert (refused["id"], refused["label"], refused["refusals"][0]["code"]) == (str(ended.pk), "李四", "R-43")


def test_lists_are_paged_by_key_until_the_end(cast):
    for number in range(11):
        cast.employment(cast.person(f"工人{number}"))
    labour = firm(cast, cast.antai)
    first = labour.get("/employments", size=10).json()
    second = labour.get("/employments", size=10, cursor=first["next"]).json()
    assert (len(first["items"]), len(second["items"]), second["next"], first["total"]) == (10, 1, None, 11)
    assert codes(labour.get("/employments", cursor="made-up")) == ["V-01"]


def test_batch_punches_are_answered_row_by_row(cast):
    cast.stay()
    outside, event = cast.person("未进场"), str(uuid4())
    rows = [
        {"event_id": event, "person_id": str(cast.zhang.pk), "occurred_at": timezone.now().isoformat()},
        {"event_id": str(uuid4()), "person_id": str(outside.pk)},
    ]
    gate = site(cast.gc_pm)
    first = gate.post("/attendance/punches/batch", punches=rows).json()["rows"]
    again = gate.post("/attendance/punches/batch", punches=rows).json()["rows"]
    assert [(row["kept"], row["repeated"]) for row in first] == [(True, False), (False, False)]
    assert [(row["kept"], row["repeated"]) for row in again] == [(True, True), (False, False)]
    assert first[1]["refusals"][0]["code"] == "R-31"


def test_day_lists_people_on_site(cast):
    cast.stay()
    page = site(cast.gc_pm).get(f"/attendance/days/{timezone.localdate()}").json()
    assert [(row["person"]["name"], row["day"]) for row in page["items"]] == [("张三", None)]


@pytest.mark.parametrize(
    "path", ["/projects", "/contracts", "/teams", "/assignments", "/stays", "/people", "/transfers"]
)
def test_every_list_answers(cast, path):
    cast.stay(), cast.team(), cast.filing(cast.labour_place, "孙劳务")
    answer = firm(cast, cast.antai).get(path)
    assert (answer.status_code, answer.json()["total"]) == (200, 0 if path == "/transfers" else 1)


def test_project_shows_its_chain(cast):
    assert cast.labour_place.parent == cast.specialist_place
    found = firm(cast, cast.antai).get(f"/projects/{cast.binjiang.pk}").json()
    assert [place["company"]["name"] for place in found["participations"]] == ["宏基总包", "恒立幕墙", "安泰劳务"]


def test_description_is_public_and_complete(client):
    found = client.get("/api/openapi.json")
    assert found.status_code == 200
    assert {"/api/v1/employments", "/api/v1/entries/scan"} <= set(found.json()["paths"])


def test_session_does_not_replace_the_key(cast):
    from tests.doors import client_of

    for browser in (Client(), client_of(cast.hr)):
        answer = browser.get("/api/v1/employments")
        assert (answer.status_code, answer.json()["code"]) == (401, "A-01")
        assert answer["Content-Type"] == "application/problem+json"
