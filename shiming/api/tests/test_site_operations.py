"""Allocation, entry, exit and punches through a key: each success, and each refusal with its own words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.api.models import Received
from shiming.assignment.models import Assignment
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.presence import codes as qr
from shiming.presence.models import Stay
from tests.callers import codes, firm, site, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def labour(cast):
    return firm(cast, cast.antai)


@pytest.fixture
def gate(cast):
    return site(cast.gc_pm)


def refused(answer) -> tuple:
    return answer.status_code, codes(answer)


def waiting(cast, name: str = "张三") -> Assignment:
    return cast.assignment(cast.employment(cast.person(name)), status="pending", confirmed_at=None)


def ids(*rows) -> list[str]:
    return [str(row.pk) for row in rows]


# allocation


def test_allocation_has_every_field(cast, labour):
    row = cast.assignment()
    answer = labour.get(f"/assignments/{row.pk}").json()
    assert answer.pop("confirmed_at")
    assert answer == {
        "id": str(row.pk),
        "version": 1,
        "status": "accepted",
        "status_label": row.get_status_display(),
        "role": "worker",
        "person": {"id": str(cast.zhang.pk), "name": "张三", "id_number": str(cast.zhang.id_number)},
        "employment_id": str(row.employment_id),
        "project": {"id": str(cast.binjiang.pk), "name": "滨江一期"},
        "participation": {
            "id": str(cast.labour_place.pk),
            "kind": "labour",
            "kind_label": "劳务分包",
            "company": {"id": str(cast.antai.pk), "name": "安泰劳务"},
            "parent_id": str(cast.specialist_place.pk),
        },
        "team": None,
        "trade": "钢筋工",
        "allocated_on": row.allocated_on.isoformat(),
        "lodges_on_site": None,
        "decision_note": "",
    }


def test_site_accepts_and_notes_lodging(cast, gate):
    answer = gate.post("/assignments/acceptance", assignment_ids=ids(waiting(cast)), lodges_on_site=True).json()
    [done] = answer["done"]
    assert (done["status"], done["lodges_on_site"], answer["refused"]) == ("accepted", True, [])


def test_site_rejects_and_firm_resubmits(cast, gate, labour):
    row, _ = waiting(cast), cast.filing(cast.labour_place, "孙劳务")
    assert refused(gate.post("/assignments/rejection", assignment_ids=ids(row))) == (422, ["R-40"])
    [done] = gate.post("/assignments/rejection", assignment_ids=ids(row), note="证件不清").json()["done"]
    assert (done["status"], done["decision_note"]) == ("rejected", "证件不清")

    again = labour.post(f"/assignments/{row.pk}/resubmission")
    assert (again.status_code, again.json()["status"]) == (200, "pending")
    assert refused(labour.post(f"/assignments/{row.pk}/resubmission")) == (409, ["R-43"])


def test_firm_removes_unanswered_allocation(cast, labour):
    open_, confirmed = waiting(cast), cast.assignment(cast.employment(cast.person("李四")))
    answer = labour.post("/assignments/removal", assignment_ids=ids(open_, confirmed))
    assert [row["id"] for row in answer.json()["done"]] == ids(open_)
    assert [(row["label"], row["id"]) for row in answer.json()["refused"]] == [("李四", str(confirmed.pk))]


def test_firm_accepts_nothing_and_site_removes_nothing(cast, labour, gate):
    row = waiting(cast)
    answers = [
        labour.post("/assignments/acceptance", assignment_ids=ids(row)),
        gate.post("/assignments/removal", assignment_ids=ids(row)),
    ]
    assert [codes(answer) for answer in answers] == [["R-42"], ["R-42"]]
    assert Assignment.objects.get().status == "pending"


def test_allocations_are_listed_by_state_and_site(cast, labour):
    waiting(cast), cast.assignment(cast.employment(cast.person("李四")))
    asked = [{}, {"status": "pending"}, {"project": cast.chengdong.pk}]
    assert [labour.get("/assignments", **each).json()["total"] for each in asked] == [2, 1, 0]


def test_place_of_another_site_is_not_found(cast, labour):
    given = {"participation_id": str(cast.stranger_place.pk), "employment_ids": ids(cast.employment())}
    assert refused(labour.post("/assignments", **given)) == (404, ["A-02"])


# stays


def test_stay_has_every_field(cast, gate):
    [done] = gate.post("/entries", assignment_ids=ids(cast.assignment())).json()["done"]
    stay = Stay.objects.get()
    assert done.pop("entered_at")
    assert done == {
        "id": str(stay.pk),
        "assignment_id": str(stay.assignment_id),
        "person": {"id": str(cast.zhang.pk), "name": "张三", "id_number": str(cast.zhang.id_number)},
        "project": {"id": str(cast.binjiang.pk), "name": "滨江一期"},
        "entered_on": today(),
        "method": "batch",
        "exited_on": None,
        "exited_at": None,
        "auto": False,
    }
    assert gate.get(f"/stays/{stay.pk}").json()["id"] == str(stay.pk)


def test_batch_entry_decides_each_alone(cast, gate):
    rows = [cast.assignment(), waiting(cast, "李四")]
    answer = gate.post("/entries", assignment_ids=ids(*rows)).json()
    assert [row["person"]["name"] for row in answer["done"]] == ["张三"]
    assert [(row["label"], [each["code"] for each in row["refusals"]]) for row in answer["refused"]] == [
        ("李四", ["R-20"])
    ]


def test_earlier_leaver_stops_the_whole_batch(cast, gate):
    here, gone = cast.stay(), cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    gate.post("/stays/exit", stay_ids=ids(gone))
    answer = gate.post("/stays/exit", stay_ids=ids(here, gone))
    assert "R-23" in codes(answer)
    assert Stay.objects.get(pk=here.pk).on_site


def test_stays_are_listed_by_state(cast, gate, labour):
    here, gone = cast.stay(), cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    gate.post("/stays/exit", stay_ids=ids(gone))
    asked = [{}, {"on_site": True}, {"on_site": False}, {"project": cast.chengdong.pk}]
    found = [[row["id"] for row in labour.get("/stays", **each).json()["items"]] for each in asked]
    assert [sorted(each) for each in found] == [sorted(ids(here, gone)), ids(here), ids(gone), []]


def test_repeated_scan_is_one_entry(cast, gate):
    cast.assignment()
    scan = {"code": qr.personal_code(cast.zhang.pk), "event_id": str(uuid4())}
    first, again = (gate.post("/entries/scan", **scan).json() for _ in range(2))
    assert (first["tone"], again["tone"], again["stay_id"]) == ("ok", "ok", first["stay_id"])
    assert Stay.objects.count() == 1


# attendance


def test_punch_is_stored_once_with_each_raw_copy(cast, gate):
    cast.stay()
    punch = {"event_id": str(uuid4()), "person_id": str(cast.zhang.pk), "direction": "in", "method": "face"}
    first, again = (gate.post("/attendance/punches", **punch).json() for _ in range(2))

    assert (first["repeated"], again["repeated"]) == (False, True)
    assert {name: first[name] for name in punch} == punch
    assert AttendanceEvent.objects.count() == 1
    assert [row.path for row in Received.objects.all()] == ["/api/v1/attendance/punches"] * 2


def test_event_id_for_two_people_conflicts(cast, gate):
    cast.stay(), cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    event = str(uuid4())
    answers = [
        gate.post("/attendance/punches", event_id=event, person_id=str(person.pk))
        for person in (cast.zhang, cast.person("李四"))
    ]
    assert [answer.status_code for answer in answers] == [200, 409]


def test_correction_is_decided_with_a_reason(cast, gate, labour):
    cast.stay()
    yesterday = timezone.localdate() - timedelta(days=1)
    row = Correction.objects.create(
        person=cast.zhang,
        project=cast.binjiang,
        day=yesterday,
        came_at=timezone.now() - timedelta(days=1),
        reason="忘记打卡",
        requested_by=cast.user("张三", cast.zhang),
    )
    path = f"/attendance/corrections/{row.pk}/decision"
    assert refused(labour.post(path, approve=True)) == (403, ["R-42"])
    assert gate.post(path, approve=False).status_code == 422

    decided = gate.post(path, approve=False, note="监控里没有").json()
    assert (decided["day"], decided["reason"], decided["decision_note"]) == (
        yesterday.isoformat(),
        "忘记打卡",
        "监控里没有",
    )
    assert refused(gate.post(path, approve=True)) == (409, ["R-43"])
    assert labour.get("/attendance/corrections", status="requested").json()["total"] == 0


@pytest.mark.parametrize("day", ["1999-12-31", "2999-01-01", "0001-01-01"])
def test_day_out_of_range_is_refused(gate, day):
    assert refused(gate.get(f"/attendance/days/{day}")) == (404, ["A-02"])


# projects


def test_firm_reads_site_contract_and_teams(cast, labour):
    filing, team = cast.filing(cast.labour_place, "孙劳务"), cast.team()
    cast.stay()
    project = labour.get("/projects").json()["items"][0]
    assert project == {
        "id": str(cast.binjiang.pk),
        "filing_code": cast.binjiang.filing_code,
        "name": "滨江一期",
        "status": "open",
        "status_label": "在建",
        "on_site": 1,
    }
    [contract] = labour.get("/contracts").json()["items"]
    assert (contract["number"], contract["pm"], contract["status_label"]) == (filing.number, "孙劳务", "合同已报送")
    assert "phone" not in str(contract)
    assert labour.get("/teams").json()["items"] == [
        {"id": str(team.pk), "name": "王班组", "trade": "", "leader": None, "people": 0}
    ]
