"""A month of many people gives the same days as each person's own punches."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.attendance import queries
from shiming.attendance.days import days_of
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.presence.models import Stay

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
# worker: punches (day hour:minute direction method), and the concluded days (day minutes status)
ODD = {
    "整天": (["04 07:00 in", "04 11:30 out", "04 13:00 in", "04 18:00 out"], ["4 660 normal"]),
    "缺进": (["04 17:00 out"], ["4 None missing_in"]),
    "缺出": (["04 07:00 in"], ["4 None missing_out"]),
    "自动关闭": (["04 07:00 in", "04 20:00 out auto_close"], ["4 None auto_closed"]),
    "关闭后更正": (
        ["04 07:00 in", "04 20:00 out auto_close", "04 16:00 out correction"],
        ["4 540 normal"],
    ),
    # the later correction has the earlier time: the one received last counts
    "更正两次": (
        ["04 07:00 in", "04 18:00 out correction", "04 16:00 out correction"],
        ["4 540 normal"],
    ),
    "夜班": (
        ["04 19:00 in", "05 07:00 out", "05 19:00 in", "06 08:01 out"],
        ["4 720 normal", "5 None missing_out", "6 None missing_in"],
    ),
    "月初的夜班": (["00 19:00 in", "01 07:00 out"], []),
    "月末的夜班": (["31 19:00 in", "32 07:00 out"], ["31 720 normal"]),
    "更正中": (["04 07:00 in"], ["4 None correcting"]),
    "没有打卡": ([], []),
}


@pytest.fixture
def crew(cast) -> dict[str, Stay]:
    """One person per odd day, long on site."""
    entered = timezone.make_aware(datetime(2026, 1, 5))
    stays = {}
    for name, (punches, _) in ODD.items():
        allocation = cast.assignment(cast.employment(cast.person(name)), allocated_on=entered.date())
        stays[name] = cast.stay(allocation, entered_on=entered.date(), entered_at=entered)
        keep(stays[name], punches)
    Correction.objects.create(
        person=stays["更正中"].person,
        project=cast.binjiang,
        day=date(2026, 5, 4),
        left_at=at("04 17:00"),
        reason="手机没电",
        requested_by=cast.user("更正中", stays["更正中"].person),
    )
    return stays


def at(text: str) -> datetime:
    """Day 0 is the last of April, day 32 the first of June."""
    day, clock = text.split()
    return timezone.make_aware(datetime.strptime(f"2026-04-30 {clock}", "%Y-%m-%d %H:%M")) + timedelta(days=int(day))


def keep(stay: Stay, punches: list[str]) -> None:
    """Store the punches, received in the given order."""
    made = []
    for number, punch in enumerate(punches):
        day, clock, direction, *method = punch.split()
        made.append(
            AttendanceEvent(
                project_id=stay.project_id,
                event_id=uuid4(),
                person_id=stay.person_id,
                occurred_at=at(f"{day} {clock}"),
                received_at=at("33 08:00") + timedelta(minutes=number),
                direction=direction,
                method=method[0] if method else "worker_code",
            )
        )
    AttendanceEvent.objects.bulk_create(made)


def whole(days) -> list[tuple]:
    return [(day.day, day.project_id, day.first_in, day.last_out, day.minutes, day.status) for day in days]


def test_month_sheet_shows_each_odd_day(crew):
    queries.with_days(list(crew.values()), FIRST, LAST, Stay.objects.all())
    shown = {
        name: [f"{day.day.day} {day.minutes} {day.status}" for day in stay.days.values()] for name, stay in crew.items()
    }
    assert shown == {name: days for name, (_, days) in ODD.items()}


def test_batch_and_single_days_are_equal(crew):
    queries.with_days(list(crew.values()), FIRST, LAST, Stay.objects.all())
    correcting = Correction.objects.values_list("person_id", "project_id", "day")
    for stay in crew.values():
        alone = days_of(AttendanceEvent.objects.filter(person_id=stay.person_id), correcting=correcting)
        listed = queries.days_of_person(stay.person_id, FIRST, LAST, Stay.objects.all(), listed=True)
        assert whole(stay.days.values()) == whole(listed) == whole(day for day in alone if FIRST <= day.day <= LAST)


def test_day_on_two_sites_is_two_days(crew, cast):
    there = cast.stay(cast.assignment(cast.employment(cast.person("两处"), cast.yuanda), cast.stranger_place))
    Stay.objects.filter(pk=there.pk).update(entered_on=FIRST)
    here = cast.stay(cast.assignment(cast.employment(there.person, status="ended")), entered_on=FIRST)
    keep(here, ["04 07:00 in", "04 11:00 out"])
    keep(there, ["04 12:00 in", "04 18:00 out"])
    queries.with_days([here, there], FIRST, LAST, Stay.objects.all())
    assert [[day.hours for day in stay.days.values()] for stay in (here, there)] == [["4:00"], ["6:00"]]


def test_month_of_many_costs_queries_of_one(crew):
    counts = []
    for stays in ([crew["整天"]], list(crew.values())):
        with CaptureQueriesContext(connection) as asked:
            queries.with_days(stays, FIRST, LAST, Stay.objects.all())
        counts.append(len(asked))
    assert counts == [4, 4]
