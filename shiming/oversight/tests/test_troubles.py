"""Each kind of trouble: whom it counts, that a number is the number of its rows, and that its days are data."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.core.errors import Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.oversight import commands, troubles
from shiming.oversight.models import TroubleCount
from shiming.presence.models import Stay
from shiming.projects.models import Grant, Project

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


@pytest.fixture
def good(cast):
    """A stay without trouble: a contract, a verified identity, a punch."""

    def stay(name="张三", place=None, days=40, **fields):
        since = timezone.now() - timedelta(days=days)
        person = cast.person(name)
        employment = Employment.objects.filter(person=person).first() or cast.employment(
            person, contract_start=days_ago(days)
        )
        made = cast.stay(cast.assignment(employment, place), entered_on=days_ago(days), entered_at=since, **fields)
        punch(made)
        return made

    return stay


def punch(stay, hours=20):
    at = timezone.now() - timedelta(hours=hours)
    return AttendanceEvent.objects.create(
        project_id=stay.project_id,
        event_id=uuid4(),
        occurred_at=at,
        person_id=stay.person_id,
        received_at=at,
        direction="in",
        method="card",
    )


def counted(cast) -> dict[str, dict[str, int]]:
    """Count as the job does; each site with its kinds. A number is always that of the rows that it opens."""
    commands.count_troubles()
    found, days = {}, troubles.thresholds()
    for site in troubles.projects(cast.regulator()):
        stored = dict(site.trouble_counts.values_list("kind", "number"))
        for code, kind in troubles.KINDS.items():
            assert troubles.rows_of(kind, site, days[code]).count() == stored.get(code, 0), (site, code)
        assert site.troubles == sum(stored.values())
        found[site.name] = stored
    return found


def test_site_without_trouble_is_not_listed(cast, good):
    good()
    assert counted(cast) == {}


def test_late_confirmation_and_expired_grant(cast):
    employment = cast.employment(cast.person("王五"))
    waiting = cast.assignment(employment, status="pending", confirmed_at=None, allocated_on=days_ago(3))
    assert counted(cast) == {}
    type(waiting).objects.update(allocated_on=days_ago(4))
    cast.operator()
    Grant.objects.update(starts_on=days_ago(9), ends_on=days_ago(1))
    assert counted(cast) == {"滨江一期": {"late": 1, "expired": 1}}


def test_on_site_without_punch(cast, good):
    good("李四")
    cast.stay(cast.assignment(cast.employment(cast.zhang, contract_start=days_ago(20))))
    assert counted(cast) == {"滨江一期": {"forgotten": 1}}


def test_punch_without_stay_counts_the_person_once(cast, good):
    gone = good(exited_on=days_ago(5), exited_at=timezone.now() - timedelta(days=5))
    punch(gone, hours=30)
    assert counted(cast) == {"滨江一期": {"unstayed": 1}}
    [person] = troubles.rows_of(troubles.KINDS["unstayed"], cast.binjiang, 3)
    assert (person.name, person.punches) == ("张三", 2)


def test_person_on_two_sites_is_named_on_both(cast, good):
    second = cast.project("滨江二期")
    place = cast.participation(second, cast.antai, "labour", cast.participation(second, cast.hongji, "general"))
    good()
    good(place=place)
    assert counted(cast) == {"滨江一期": {"twice": 1}, "滨江二期": {"twice": 1}}


@pytest.mark.parametrize(("days", "found"), [(30, {}), (31, {"滨江一期": {"no_contract": 1}})])
def test_contract_is_missing_after_thirty_days(cast, good, days, found):
    good(days=days)
    Employment.objects.update(contract_start=None)
    assert counted(cast) == found


def test_unverified_too_long(cast, good):
    cast.person("张三", status="unverified")
    good()
    assert counted(cast) == {"滨江一期": {"unverified": 1}}


def test_finished_site_and_settled_trouble_are_not_counted(cast):
    cast.stay()
    assert counted(cast)
    Project.objects.update(status=Project.Status.FINISHED)
    assert (counted(cast), TroubleCount.objects.count()) == ({}, 0)


def test_another_station_sees_no_trouble(cast):
    cast.stay()
    commands.count_troubles()
    assert not troubles.projects(cast.regulator("远监督", "西区监督站")).exists()


def test_days_are_data_and_change_is_recorded(cast, good):
    good(days=20)
    Employment.objects.update(contract_start=None)
    assert counted(cast) == {}
    commands.set_thresholds({"no_contract": 10}, by=cast.admin)
    assert counted(cast) == {"滨江一期": {"no_contract": 1}}
    assert str(AuditEntry.objects.latest("id")) == "系统管理员把“未签劳动合同”的天数由 30 改为 10"


@pytest.mark.parametrize("days", [{"no_contract": -1}, {"no_contract": 366}, {"nothing": 3}])
def test_impossible_days_are_refused(cast, days):
    with pytest.raises(Invalid):
        commands.set_thresholds(days, by=cast.admin)


def test_only_administrator_sets_days(cast):
    with pytest.raises(NotAllowed):
        commands.set_thresholds({"no_contract": 10}, by=cast.regulator())


def test_later_module_registers_a_kind(cast, good, monkeypatch):
    good()
    monkeypatch.setattr(troubles, "KINDS", dict(troubles.KINDS))
    everybody = troubles.KINDS["no_contract"]
    troubles.register(
        troubles.Kind(
            *("health", "需隔离", "在场却需隔离", 0, everybody.columns),
            cases=lambda days, now: Stay.objects.filter(exited_on=None),
            here=everybody.here,
        )
    )
    assert counted(cast) == {"滨江一期": {"health": 1}}
