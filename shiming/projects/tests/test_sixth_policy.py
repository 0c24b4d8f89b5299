"""A policy is data: a new `Policy(...)` gets menus, rules and answering roles without more code."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.assignment import rules
from shiming.assignment.models import Assignment
from shiming.attendance.models import AttendanceEvent
from shiming.core.errors import Refused
from shiming.employment.models import Employment
from shiming.presence import codes
from shiming.presence.models import Stay
from shiming.projects import commands, policies
from shiming.projects.flows import policy_here
from shiming.projects.forms import PolicyForm
from shiming.projects.models import ProjectPolicy
from shiming.projects.policies import Confirmer, EmploymentMode, EntryTrigger, Policy, Rating
from shiming.web import menu
from tests.doors import client_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def sixth(cast, monkeypatch):
    """Direct employment, confirmation by the level above, entry by scan, a rating at the exit."""
    policy = Policy(
        code="sixth",
        label="第六种",
        employment_mode=EmploymentMode.DIRECT,
        confirmer=Confirmer.PARENT,
        entry_trigger=EntryTrigger.SCAN,
        rating_at_exit=Rating.REQUIRED,
    )
    monkeypatch.setitem(policies.POLICIES, "sixth", policy)
    assert cast.gc_pm and cast.specialist_pm and cast.labour_pm and cast.hr
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="sixth")
    return policy


def labels(actor) -> set[str]:
    return {item.label for group in menu.groups_for(actor, "/") for item in group.items}


def test_sixth_policy_has_menus(cast, sixth):
    assert policy_here(cast.specialist_pm) == sixth
    site, office = labels(cast.specialist_pm), labels(cast.hr)
    assert {"进场人员确认", "进场登记", "进退场管理"} <= site
    assert not {"快速登记", "进场管理"} & site
    assert {"基本信息登记", "人员项目分配", "用工信息查询"} <= office


def test_sixth_policy_has_answering_role(cast, sixth):
    pending = cast.assignment(status="pending", confirmed_at=None)
    asked = {who: rules.may_confirm(getattr(cast, who), pending) for who in ("gc_pm", "specialist_pm", "labour_pm")}
    assert asked == {"gc_pm": False, "specialist_pm": True, "labour_pm": False}
    assert list(Assignment.objects.filter(rules.asked_of(cast.specialist_pm))) == [pending]


# A worker's life under it, with two admission checks, through the pages

SCAFFOLD = "建筑架子工操作资格证"
AGES = {"men": 60, "women": 50, "men_heavy": 55, "women_heavy": 45, "trades": ["架子工"]}


def test_worker_lives_under_sixth_policy_with_two_checks(cast, sixth):
    cast.filing(cast.labour_place, "孙劳务")
    switch_on(cast, "age", **AGES)
    switch_on(cast, "credentials", needs=f"架子工：{SCAFFOLD}")
    zhang, older = cast.zhang, cast.person("周老", born=date(TODAY().year - 57, 1, 1))
    for person in (zhang, older):
        registered(cast, person)
    allocated_and_accepted(cast, {zhang, older})

    assert scanned(cast, zhang) == ["R-50"]
    assert scanned(cast, older) == ["R-51", "R-50"]
    page = client_of(cast.himself(zhang)).get(f"/m/why/{cast.binjiang.pk}/").content.decode()
    assert f"{SCAFFOLD}缺失或已过期" in page and "用人单位经办" in page

    certified(cast, zhang)
    certified(cast, older)
    assert scanned(cast, zhang) == []
    assert scanned(cast, older) == ["R-51"]
    punched(cast, zhang)
    left(cast, zhang)

    stay = Stay.objects.get()
    assert (stay.person, stay.method, stay.exited_on, stay.rating) == (zhang, "scan", TODAY(), "good")
    methods = AttendanceEvent.objects.filter(person_id=zhang.pk).values_list("method", flat=True)
    assert list(methods) == ["worker_code"]
    assert scanned(cast, zhang) == ["R-20"], "the allocation ended with the exit"


def switch_on(cast, code, **settings):
    browser = client_of(cast.admin)
    at = f"/projects/{cast.binjiang.pk}/checks/{code}/"
    assert browser.post(at, settings | {"effect": "refuse"}).status_code == 302
    draft = cast.binjiang.checks.get(code=code)
    assert browser.post(f"/checks/{draft.pk}/start/", {"on": TODAY()}).status_code == 302


def registered(cast, person):
    typed = {"number": person.id_number.plain, "trade": "架子工", "team": cast.team().pk, "version": 0}
    answer = client_of(cast.hr).post("/employments/registrations/new/", typed | {"contract_start": "2026-01-01"})
    assert answer.status_code == 302


def allocated_and_accepted(cast, people):
    employed = list(Employment.objects.filter(person__in=people).values_list("pk", flat=True))
    client_of(cast.hr).post(
        "/assignments/allocation/", {"ids": employed, "place": cast.labour_place.pk, "role": "worker"}
    )
    waiting = list(Assignment.objects.filter(status="pending").values_list("pk", flat=True))
    client_of(cast.specialist_pm).post("/assignments/acceptances/", {"ids": waiting, "lodges_on_site": "no"})
    assert Assignment.objects.filter(status="accepted").count() == len(people)


def scanned(cast, person) -> list[str]:
    """The codes of the refusals at the gate, none after an entry."""
    sent = {"code": codes.personal_code(person.pk), "event_id": uuid4()}
    answer = client_of(cast.gc_pm).post("/site/scan/entry/", sent, headers={"Accept": "application/json"}).json()
    return [each["code"] for each in answer["refusals"]]


def certified(cast, person):
    typed = {"person_number": person.id_number.plain, "name": SCAFFOLD, "number": f"T{person.name}"}
    answer = client_of(cast.hr).post("/credentials/new/", typed | {"valid_until": TODAY() + timedelta(days=300)})
    assert answer.status_code == 302


def punched(cast, person):
    sent = {"code": codes.personal_code(person.pk), "event_id": uuid4(), "direction": "in"}
    assert client_of(cast.gc_pm).post("/site/scan/punch/", sent).status_code == 200


def left(cast, person):
    stay = Stay.objects.get(person=person)
    sent = {"ids": stay.pk, "on": TODAY(), "rating": "good"}
    assert client_of(cast.gc_pm).post("/stays/exits/", sent).status_code == 302


def test_unfinished_policy_is_not_offered(cast, monkeypatch):
    form = PolicyForm()
    assert [code for code, _ in form.fields["base"].choices] == ["site_direct", "two_tier", "audit_bind", "invite_scan"]
    monkeypatch.setitem(policies.POLICIES, "two_tier", replace(policies.TWO_TIER, offered=False))
    assert "two_tier" not in [code for code, _ in PolicyForm().fields["base"].choices]
    with pytest.raises(Refused) as refused:
        commands.set_policy(cast.binjiang, "two_tier", from_date=timezone.localdate(), by=cast.admin)
    assert refused.value.codes == ["R-74"]
