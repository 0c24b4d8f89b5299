"""R-33 and R-34 in every way of entering, and what an exit ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.assignment import commands as assignments
from shiming.core.errors import DomainError
from shiming.desk import commands as desk
from shiming.desk.commands import Work
from shiming.health.models import PreRegistration
from shiming.health.tests.cases import CLEAR, CONFIRMED, ISOLATE, SUSPECTED, dispose, gate, preregister
from shiming.presence import commands as presence
from shiming.presence.codes import personal_code
from shiming.presence.eligibility import eligibility, facts_for, warnings
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
WORK = Work(trade="钢筋工", education="高中")


def flow(cast, code):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base=code)


def accepted(cast, person):
    return cast.assignment(cast.employment(person))


def pending(cast, person):
    return cast.assignment(cast.employment(person), status="pending", confirmed_at=None)


def refused_by(result) -> list[str]:
    return [code for _, error in result.refused for code in error.codes]


def at_the_desk(cast, person):
    flow(cast, "site_direct")
    try:
        desk.register(cast.labour_place, WORK, by=cast.gc_pm, number=person.id_number.plain)
    except DomainError as error:
        return error.codes
    return []


def irregularly(cast, person):
    flow(cast, "site_direct")
    card = {"birth_date": person.birth_date}
    number = person.id_number.plain
    try:
        desk.register(cast.labour_place, WORK, by=cast.gc_pm, number=number, name=person.name, card=card)
    except DomainError as error:
        return error.codes
    return []


def by_scan(cast, person):
    accepted(cast, person)
    verdict = presence.enter_by_code(personal_code(person.pk), event_id=uuid4(), by=cast.gc_pm)
    return [item.code for item in verdict.refusals]


def by_processing(cast, person):
    return refused_by(presence.enter([accepted(cast, person)], method="form", by=cast.gc_pm))


def in_a_batch(cast, person):
    other = cast.assignment(cast.employment(cast.person("李四")))
    result = presence.enter([accepted(cast, person), other], method="batch", by=cast.gc_pm)
    return [code for name, error in result.refused if name == person.name for code in error.codes]


def as_manager(cast, person):
    row = cast.assignment(cast.employment(person, kind="manager"), role="安全员")
    return refused_by(presence.enter_pm([row], by=cast.labour_pm))


def by_acceptance(cast, person):
    flow(cast, "two_tier")
    row = pending(cast, person)
    return refused_by(assignments.accept([row], by=cast.specialist_pm, lodges_on_site=False))


def by_approval(cast, person):
    row = pending(cast, person)
    flow(cast, "audit_bind")
    return [code for error in presence.refused_on_acceptance([row]).values() for code in error.codes if code != "R-26"]


WAYS = {
    "进场登记": at_the_desk,
    "非正常登记": irregularly,
    "扫码": by_scan,
    "处理": by_processing,
    "批量处理": in_a_batch,
    "管理人员": as_manager,
    "接收": by_acceptance,
    "审核通过": by_approval,
}


@pytest.mark.parametrize("way", WAYS)
def test_entry_needs_a_preregistration_every_way(cast, way):
    assert cast.specialist_pm and cast.labour_pm
    gate(cast)
    assert WAYS[way](cast, cast.zhang) == ["R-33"]
    assert not Stay.objects.filter(person=cast.zhang).exists()


@pytest.mark.parametrize("way", WAYS)
def test_blocked_person_enters_no_way(cast, way):
    assert cast.specialist_pm and cast.labour_pm
    gate(cast)
    preregister(cast, cast.zhang)
    dispose(cast, cast.zhang)
    assert WAYS[way](cast, cast.zhang) == ["R-34"]


@pytest.mark.parametrize("way", WAYS)
def test_preregistered_person_enters_every_way(cast, way):
    assert cast.specialist_pm and cast.labour_pm
    gate(cast)
    preregister(cast, cast.zhang)
    assert WAYS[way](cast, cast.zhang) == []


@pytest.mark.parametrize(
    ("way", "label"), [(ISOLATE, "需隔离"), (SUSPECTED, "疑似"), (CONFIRMED, "确诊")], ids=lambda value: value
)
def test_refusal_names_the_status(cast, way, label):
    gate(cast)
    accepted(cast, cast.zhang)
    preregister(cast, cast.zhang)
    dispose(cast, cast.zhang, way)
    [refused] = eligibility(cast.zhang, cast.binjiang)
    assert str(refused) == f"当前状态“{label}”，不能进场登记（R-34）"


def test_newest_disposition_counts(cast):
    gate(cast)
    accepted(cast, cast.zhang)
    preregister(cast, cast.zhang)
    dispose(cast, cast.zhang)
    dispose(cast, cast.zhang, CLEAR)
    assert eligibility(cast.zhang, cast.binjiang) == []


def test_disposition_blocks_at_another_site_with_the_overlay(cast):
    gate(cast)
    gate(cast, cast.chengdong)
    assert cast.stranger_pm
    preregister(cast, cast.zhang)
    dispose(cast, cast.zhang)
    cast.assignment(cast.employment(cast.zhang, cast.yuanda), cast.stranger_place)
    preregister(cast, cast.zhang, cast.stranger_place, by=cast.stranger_pm)
    assert [item.code for item in eligibility(cast.zhang, cast.chengdong)] == ["R-34"]


def test_site_without_overlay_asks_nothing(cast):
    accepted(cast, cast.zhang)
    gate(cast, cast.chengdong)
    assert eligibility(cast.zhang, cast.binjiang) == []


def test_entry_before_the_first_day_is_not_asked(cast):
    accepted(cast, cast.zhang)
    gate(cast, on=TODAY() + timedelta(days=1))
    assert eligibility(cast.zhang, cast.binjiang, TODAY()) == []


def test_stopped_overlay_lets_people_in(cast):
    accepted(cast, cast.zhang)
    admission.stop(gate(cast), on=TODAY(), by=cast.admin)
    assert eligibility(cast.zhang, cast.binjiang) == []


def test_people_on_site_stay_when_the_overlay_begins(cast):
    stay = cast.stay()
    gate(cast)
    stay.refresh_from_db()
    assert stay.on_site


def test_past_stays_from_an_old_system_are_not_asked(cast):
    """Import of past stays is excepted: it records what happened before."""
    gate(cast)
    stay = cast.stay(method="imported")
    assert stay.on_site


def test_other_employer_than_preregistered_warns(cast):
    gate(cast)
    preregister(cast, cast.zhang, cast.gc_place)
    accepted(cast, cast.zhang)
    facts = facts_for(cast.zhang.pk, cast.binjiang.pk)
    assert [str(item) for item in warnings(facts, TODAY())] == ["用人单位与预登记的“宏基总包”不一致（W-03）"]
    assert eligibility(cast.zhang, cast.binjiang) == []


def test_exit_ends_the_preregistration(cast):
    gate(cast)
    row = preregister(cast, cast.zhang)
    stay = cast.stay()
    presence.leave_site([stay], by=cast.gc_pm)
    row.refresh_from_db()
    assert not row.open
    cast.assignment(stay.assignment.employment)
    assert [item.code for item in eligibility(cast.zhang, cast.binjiang)] == ["R-33"]


def test_automatic_exit_ends_the_preregistration_too(cast):
    gate(cast)
    preregister(cast, cast.zhang)
    stay = cast.stay()
    presence.close_automatically(stay, reason="聘用结束", by=cast.admin)
    assert not PreRegistration.objects.get().open
