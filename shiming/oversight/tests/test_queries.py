"""Lists of any day, limited to the own station, and the troubles of a site."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.oversight import commands, queries, troubles
from shiming.oversight.models import TroublesCounted
from shiming.projects.models import Grant, Project

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


@pytest.fixture
def history(cast):
    """张三 entered 20 days ago and left 5 days ago; 李四 was confirmed 30 days ago and never entered."""
    since = timezone.now() - timedelta(days=30)
    left = timezone.now() - timedelta(days=5)
    gone = cast.assignment(status="ended", confirmed_at=since, ended_at=left)
    cast.stay(gone, exited_on=timezone.localdate(left), exited_at=left)
    cast.assignment(cast.employment(cast.person("李四")), confirmed_at=since)
    cast.filing(cast.gc_place, "王总包")
    return cast


@pytest.mark.parametrize(
    ("ago", "on_site", "total"),
    [
        (40, 0, 0),  # 谁也还没有确认
        (25, 0, 2),  # 确认了，还没有进场
        (20, 1, 2),  # 进场当天
        (6, 1, 2),
        (5, 0, 2),  # 退场当天日终已不在场
        (0, 0, 2),
    ],
)
def test_past_day_has_its_figures(history, ago, on_site, total):
    [site] = queries.sites(history.regulator(), days_ago(ago))
    assert (site.on_site, site.total, site.preregistered) == (on_site, total, 0)


def test_row_shows_contract_contractor_and_employers(history):
    [site] = queries.sites(history.regulator(), days_ago(0))
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
    assert queries.sites(history.regulator(), days_ago(0), **asked).count() == found


def test_another_station_sees_nothing(history):
    stranger = history.regulator("远监督", "西区监督站")
    assert not queries.sites(stranger, days_ago(0)).exists()
    assert not queries.places(stranger, history.binjiang, days_ago(0)).exists()
    assert not queries.people(stranger, history.labour_place, days_ago(0)).exists()


def test_people_of_firm_show_their_state(history):
    actor, place = history.regulator(), history.labour_place
    then = {row.person.name: row.state for row in queries.people(actor, place, days_ago(10))}
    now = {row.person.name: (row.state, row.exited_on) for row in queries.people(actor, place, days_ago(0))}
    assert then == {"张三": "on_site", "李四": "not_entered"}
    assert now == {"张三": ("off_site", days_ago(5)), "李四": ("not_entered", None)}
    assert [row.person.name for row in queries.people(actor, place, days_ago(0), text="李")] == ["李四"]
    assert [row.person.name for row in queries.people(actor, place, days_ago(10), state="on_site")] == ["张三"]


def test_returned_person_is_counted_once(history):
    again = history.assignment(history.zhang.employments.get(), confirmed_at=timezone.now() - timedelta(days=3))
    history.stay(again, entered_on=days_ago(2), entered_at=timezone.now() - timedelta(days=2))
    [site] = queries.sites(history.regulator(), days_ago(0))
    states = [row.state for row in queries.people(history.regulator(), history.labour_place, days_ago(0), text="张三")]
    assert (site.on_site, site.total, states) == (1, 2, ["on_site"])


def test_only_sites_in_trouble_are_listed(cast):
    regulator = cast.regulator()
    cast.stay(entered_at=timezone.now() - timedelta(days=2))
    assert counted(regulator) == []

    cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    cast.assignment(cast.employment(cast.person("王五")), status="pending", confirmed_at=None, allocated_on=days_ago(4))
    cast.operator()
    Grant.objects.update(starts_on=days_ago(9), ends_on=days_ago(1))
    [site] = counted(regulator)
    assert (site.late, site.expired, site.forgotten, site.troubles) == (1, 1, 1, 3)
    assert [row.person.name for row in troubles.forgotten_exits(site)] == ["李四"]
    assert not troubles.projects(cast.regulator("远监督", "西区监督站")).exists()


def test_recent_punch_is_no_forgotten_exit(cast):
    stay = cast.stay()
    assert counted(cast.regulator())[0].forgotten == 1
    AttendanceEvent.objects.create(
        project_id=stay.project_id,
        event_id=uuid4(),
        occurred_at=timezone.now() - timedelta(days=6),
        person_id=stay.person_id,
        received_at=timezone.now(),
        direction="in",
        method="card",
    )
    assert counted(cast.regulator()) == []


def test_finished_site_is_not_counted(cast):
    cast.stay()
    assert counted(cast.regulator())
    Project.objects.update(status=Project.Status.FINISHED)
    assert (counted(cast.regulator()), TroublesCounted.objects.count()) == ([], 0)


def counted(regulator) -> list[Project]:
    """Count the troubles as the job does, and return the sites."""
    commands.count_troubles()
    return list(troubles.projects(regulator))
