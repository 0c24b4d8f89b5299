"""Lists of any moment, limited to the own station."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.health.announced import split
from shiming.health.models import FamilyMember, PreRegistration
from shiming.oversight import queries
from shiming.oversight.moments import moment

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


def then(number, hour=None):
    return moment(days_ago(number), hour)


def noon(number):
    return timezone.make_aware(datetime.combine(days_ago(number), time(12)))


@pytest.fixture
def history(cast):
    """张三 entered at noon 20 days ago and left at noon 5 days ago; 李四 was confirmed and never entered."""
    since, left = noon(20), noon(5)
    gone = cast.assignment(status="ended", confirmed_at=noon(30), ended_at=left)
    cast.stay(gone, entered_on=days_ago(20), entered_at=since, exited_on=days_ago(5), exited_at=left)
    cast.assignment(cast.employment(cast.person("李四")), confirmed_at=noon(30))
    cast.filing(cast.gc_place, "王总包")
    return cast


@pytest.mark.parametrize(
    ("ago", "hour", "on_site", "total"),
    [
        (40, None, 0, 0),
        (25, None, 0, 0),  # 确认了，还没有进场：不计
        (20, time(11), 0, 0),  # 进场当天，进场之前
        (20, time(13), 1, 1),
        (20, None, 1, 1),
        (6, None, 1, 1),
        (5, time(11), 1, 1),
        (5, time(13), 0, 1),
        (5, None, 0, 1),  # 退场当天日终已不在场
        (0, None, 0, 1),
    ],
)
def test_past_moment_has_its_figures(history, ago, hour, on_site, total):
    [site] = queries.sites(history.regulator(), then(ago, hour))
    assert (site.on_site, site.total) == (on_site, total)


def test_preregistered_people_and_families_count_once_each(cast, history):
    regulator = history.regulator()
    row = PreRegistration.objects.create(
        person=cast.zhang,
        project=cast.binjiang,
        participation=cast.gc_place,
        filing=cast.gc_place.filings.get(),
        registered_on=days_ago(0),
        registered_by_id=cast.gc_pm.user_id,
    )
    FamilyMember.objects.create(
        preregistration=row, person=cast.person("张小三"), registered_on=days_ago(0), registered_by=row.registered_by
    )
    now = then(0)
    [site] = queries.with_preregistered(list(queries.sites(regulator, now)), now)
    assert site.preregistered == 2
    [site] = queries.with_preregistered(list(queries.sites(regulator, then(3))), then(3))
    assert site.preregistered == 0


def test_preregistered_figure_equals_the_rows_it_opens(cast, history):
    """张三, worker, is also of 李四's family; 王总包 manages; 周孩 comes along; 钱旧 has left."""
    li, manager, child, gone = cast.person("李四"), cast.filing(cast.gc_place, "王总包").pm, *map(cast.person, "周钱")
    cast.employment(manager, cast.hongji, kind="manager")
    rows = {person: _announced(cast, person) for person in (cast.zhang, li, manager, gone)}
    rows[gone].ended_at = timezone.now() - timedelta(minutes=1)
    rows[gone].save()
    for person in (cast.zhang, child):
        _comes_with(cast, rows[li], person)
    now, regulator = moment(), history.regulator()
    [site] = queries.with_preregistered(list(queries.sites(regulator, now)), now)
    people = queries.announced_people(cast.binjiang, now, regulator)
    assert {person.name: person.kind for person in people} == {
        "张三": "worker",
        "李四": "worker",
        "王总包": "manager",
        "周": "family",
    }
    assert site.preregistered == people.count() == 4
    assert [row.comes_with for row in people.filter(kind="family")] == ["李四"]
    assert sum(split(people).values()) == 4
    past = moment(days_ago(3))
    assert queries.announced_people(cast.binjiang, past, regulator).count() == 0


def _announced(cast, person) -> PreRegistration:
    return PreRegistration.objects.create(
        person=person,
        project=cast.binjiang,
        participation=cast.gc_place,
        filing=cast.gc_place.filings.get(),
        registered_on=days_ago(0),
        registered_by_id=cast.gc_pm.user_id,
    )


def _comes_with(cast, row, person) -> None:
    given = {"registered_on": days_ago(0), "registered_by_id": cast.gc_pm.user_id}
    FamilyMember.objects.create(preregistration=row, person=person, **given)


@pytest.mark.parametrize(
    ("on", "hour", "said"),
    [
        (None, None, "此刻"),
        (date(2999, 1, 1), None, "此刻"),
        (date(2999, 1, 1), time(8), "此刻"),
        (date(2026, 3, 2), None, "2026-03-02 日终"),
        (date(2026, 3, 2), time(8, 30), "2026-03-02 08:30"),
    ],
)
def test_moment_is_never_in_the_future(on, hour, said):
    assert str(moment(on, hour)) == said
    assert moment(on, hour).at <= timezone.now()


def test_row_shows_contract_contractor_and_employers(history):
    [site] = queries.sites(history.regulator(), then(0))
    filing = history.filing(history.gc_place, "王总包")
    assert (site.contract, site.contractor, site.contractor_kind) == (filing.number, "宏基总包", "general")
    assert site.employers == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"project": "滨江"}, 1),
        ({"project": "城东"}, 0),
        ({"contractor": "宏基"}, 1),
        ({"contractor": "安泰"}, 0),  # 安泰不是总包
        ({"number": "HT"}, 1),
        ({"number": "没有这个编号"}, 0),
    ],
)
def test_filters(history, asked, found):
    assert queries.sites(history.regulator(), then(0), **asked).count() == found


def test_another_station_sees_nothing(history):
    stranger = history.regulator("远监督", "西区监督站")
    assert not queries.sites(stranger, then(0)).exists()
    assert not queries.places(stranger, history.binjiang, then(0)).exists()
    assert not queries.people(stranger, history.labour_place, then(0)).exists()


def test_people_of_firm_show_their_state(history):
    actor, place = history.regulator(), history.labour_place
    before = {row.person.name: (row.state, row.left_on) for row in queries.people(actor, place, then(10))}
    now = {row.person.name: (row.state, row.left_on) for row in queries.people(actor, place, then(0))}
    assert before == {"张三": ("on_site", None)}
    assert now == {"张三": ("off_site", days_ago(5))}
    assert not queries.people(actor, place, then(0), text="李").exists()
    assert [row.person.name for row in queries.people(actor, place, then(10), state="on_site")] == ["张三"]


def test_workers_and_managers_are_told_apart(history):
    manager = history.employment(history.person("王五"), kind="manager")
    history.stay(history.assignment(manager, role="安全员"), entered_on=days_ago(9), entered_at=noon(9))
    actor, when = history.regulator(), then(0)
    places = queries.with_people(queries.places(actor, history.binjiang, when), history.binjiang, when)
    figures = {row.company.name: (row.workers_on, row.workers, row.managers_on, row.managers) for row in places}
    assert figures["安泰劳务"] == (0, 1, 1, 1)
    for kind, names in {"worker": ["张三"], "manager": ["王五"]}.items():
        assert [row.person.name for row in queries.people(actor, history.labour_place, when, kind=kind)] == names


def test_returned_person_is_counted_once(history):
    again = history.assignment(history.zhang.employments.get(), confirmed_at=noon(3))
    history.stay(again, entered_on=days_ago(2), entered_at=noon(2))
    [site] = queries.sites(history.regulator(), then(0))
    states = [row.state for row in queries.people(history.regulator(), history.labour_place, then(0), text="张三")]
    assert (site.on_site, site.total, states) == (1, 1, ["on_site"])


def test_person_of_past_moment_shows_nothing_later(history):
    actor, zhang = history.regulator(), history.zhang
    assert [row.left_at for row in queries.stays_at(actor, zhang, then(10))] == [None]
    assert [row.left_at for row in queries.stays_at(actor, zhang, then(0))] == [noon(5)]
    assert [row.project.name for row in queries.assignments_at(actor, zhang, then(10))] == ["滨江一期"]
    assert not queries.assignments_at(actor, zhang, then(0)).exists()
    assert [row.company.name for row in queries.employments_at(actor, zhang, then(10))] == ["安泰劳务"]
    assert not queries.employments_at(actor, zhang, then(100)).exists()


def test_identity_of_past_moment_comes_from_trail(history):
    zhang = history.zhang
    about = {
        "by": "系统",
        "role": "system",
        "door": "admin",
        "object_type": "people.person",
        "object_id": str(zhang.pk),
    }
    for ago, event in ((30, Event.PERSON_SUBMITTED), (20, Event.PERSON_FAILED), (10, Event.PERSON_VERIFIED)):
        AuditEntry.objects.create(at=noon(ago), event=event, person_id=zhang.pk, **about)
    seen = [queries.identity_at(zhang, then(ago)) for ago in (40, 25, 15, 5)]
    assert seen == ["unverified", "pending", "failed", "verified"]


def test_another_station_sees_no_figure_of_a_person(history):
    stranger = history.regulator("远监督", "西区监督站")
    for rows in (queries.stays_at, queries.assignments_at, queries.employments_at):
        assert not rows(stranger, history.zhang, then(10)).exists()
