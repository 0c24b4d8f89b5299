"""Days computed from punches without a database, so that each case is one row."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shiming.attendance.days import DayStatus, days_of
from shiming.attendance.models import AttendanceEvent, ShiftRule
from shiming.attendance.shifts import RuleBook

ZHANG, SITE = UUID(int=1), UUID(int=2)
LATER = timezone.make_aware(datetime(2026, 6, 1))


def punch(when, direction="in", method="worker_code", received=None):
    at = timezone.make_aware(datetime.strptime(f"2026-{when}", "%Y-%m-%d %H:%M"))
    return AttendanceEvent(
        project_id=SITE,
        event_id=uuid4(),
        person_id=ZHANG,
        occurred_at=at,
        direction=direction,
        method=method,
        received_at=received or at,
    )


def concluded(*events, now=LATER, **kwargs):
    return [(day.day.day, day.minutes, day.status) for day in days_of(events, now=now, **kwargs)]


@pytest.mark.parametrize(
    ("events", "days"),
    [
        ([punch("05-04 07:00"), punch("05-04 17:30", "out")], [(4, 630, DayStatus.NORMAL)]),
        # leaving at noon: first in, last out
        (
            [
                *(punch("05-04 07:00"), punch("05-04 11:30", "out")),
                *(punch("05-04 13:00"), punch("05-04 18:00", "out")),
            ],
            [(4, 660, DayStatus.NORMAL)],
        ),
        # night shift: an exit within 13 hours belongs to the day of entry
        ([punch("05-04 19:00"), punch("05-05 07:00", "out")], [(4, 720, DayStatus.NORMAL)]),
        ([punch("05-04 19:00"), punch("05-05 08:00", "out")], [(4, 780, DayStatus.NORMAL)]),
        (
            [punch("05-04 19:00"), punch("05-05 08:01", "out")],
            [(4, None, DayStatus.MISSING_OUT), (5, None, DayStatus.MISSING_IN)],
        ),
        ([punch("05-04 17:00", "out")], [(4, None, DayStatus.MISSING_IN)]),
        ([punch("05-04 07:00")], [(4, None, DayStatus.MISSING_OUT)]),
        ([punch("05-04 07:00"), punch("05-04 20:00", "out", "auto_close")], [(4, None, DayStatus.AUTO_CLOSED)]),
        # a correction after the automatic exit counts
        (
            [
                *(punch("05-04 07:00"), punch("05-04 20:00", "out", "auto_close")),
                punch("05-04 16:00", "out", "correction"),
            ],
            [(4, 540, DayStatus.NORMAL)],
        ),
        # the corrected time replaces the punched one
        (
            [punch("05-04 06:00"), punch("05-04 17:00", "out"), punch("05-04 07:00", "in", "correction")],
            [(4, 600, DayStatus.NORMAL)],
        ),
    ],
)
def test_punches_give_day_minutes_and_status(events, days):
    assert concluded(*events) == days


def test_running_shift_is_no_missing_punch():
    now = timezone.make_aware(datetime(2026, 5, 4, 12))
    assert concluded(punch("05-04 07:00"), now=now) == [(4, None, DayStatus.ONGOING)]


def test_open_correction_sets_the_status():
    open_ones = [(ZHANG, SITE, date(2026, 5, 4))]
    assert concluded(punch("05-04 07:00"), correcting=open_ones) == [(4, None, DayStatus.CORRECTING)]


MOMENTS = st.integers(0, 5 * 24 * 60)


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(["in", "out"])), max_size=30), st.randoms())
def test_order_of_arrival_changes_no_day(moments, chance):
    start = timezone.make_aware(datetime(2026, 5, 1))
    unique = dict(moments).items()
    events = [punch("05-01 00:00", direction) for _, direction in unique]
    for event, (minute, _) in zip(events, unique, strict=True):
        event.occurred_at = event.received_at = start + timedelta(minutes=minute)
    shuffled = list(events)
    chance.shuffle(shuffled)

    days = days_of(events, now=LATER)
    assert [(day.day, day.minutes, day.status) for day in days_of(shuffled, now=LATER)] == [
        (day.day, day.minutes, day.status) for day in days
    ]
    assert sum(len(day.events) for day in days) == len(events)
    assert all(day.minutes is None or 0 <= day.minutes <= 48 * 60 for day in days)


def ruled(**given) -> RuleBook:
    defaults = {"project_id": SITE, "from_date": date(2026, 1, 1)}
    return RuleBook([ShiftRule(**(defaults | given))])


def walk(*texts, rules=None, now=LATER, **fields):
    """The days of punches given as '04 07:05 in' or, without a direction, '04 07:05'."""
    events = [punch(f"05-{day} {clock}", *(way or ["unknown"])) for day, clock, *way in map(str.split, texts)]
    days = days_of(events, now=now, rules=rules or RuleBook(), **fields)
    return [f"{day.day.day} {day.hours or '-'} {day.status}" for day in days]


WHOLE_DAYS = ["11 11:00 normal", "12 11:00 normal"]
NIGHT = ruled(kind="night")
TWO = ruled(kind="two", longest_hours=8)
WATCH = ruled(kind="watch", window_hours=26, longest_hours=25)


@pytest.mark.parametrize(
    ("rules", "punches", "days"),
    [
        # a break past midnight belongs to the running shift
        (
            None,
            ["20 19:00 in", "21 00:05 out", "21 00:50 in", "21 07:00 out", "21 19:00 in", "22 00:05 out"],
            ["20 12:00 normal", "21 5:05 normal"],
        ),
        # undirected: from the whole sequence, and one forgotten scan stays on its day
        (None, ["10 07:05", "10 11:30", "10 18:20", "11 06:50", "11 17:50"], ["10 11:15 review", "11 11:00 normal"]),
        (None, ["10 18:20", "11 06:50", "11 17:50", "12 06:50", "12 17:50"], ["10 - missing_out", *WHOLE_DAYS]),
        (None, ["10 07:05", "11 06:50", "11 17:50", "12 06:50", "12 17:50"], ["10 - missing_out", *WHOLE_DAYS]),
        # repeats within ten minutes are one punch
        (None, ["10 07:05", "10 07:12", "10 17:00", "10 17:04"], ["10 9:55 normal"]),
        # a direction settles the sequence
        (None, ["10 07:00 in", "10 11:30", "10 13:00", "10 17:00 out"], ["10 10:00 normal"]),
        # an IN after the last OUT is a forgotten OUT
        (None, ["10 07:00 in", "10 11:30 out", "10 13:00 in"], ["10 4:30 missing_out"]),
        # beyond the longest normal shift
        (None, ["10 07:00 in", "10 12:00 out", "10 19:30 in", "10 22:00 out"], ["10 15:00 review"]),
        # no hours, no 正常
        (None, ["10 07:00 in", "10 07:00 out"], ["10 - review"]),
        # two shifts that began on one day are summed, not stretched
        (None, ["10 06:00 in", "10 14:00 out", "10 19:30 in", "10 23:00 out"], ["10 11:30 normal"]),
        (TWO, ["10 06:00 in", "10 13:00 out", "10 18:00 in", "10 23:00 out"], ["10 12:00 normal"]),
        (TWO, ["10 06:00", "10 13:00", "10 18:00", "10 23:00"], ["10 12:00 normal"]),
        (TWO, ["10 06:00 in", "10 11:00 out", "10 12:00 in", "10 14:00 out"], ["10 8:00 normal"]),
        (TWO, ["10 06:00 in", "10 15:00 out"], ["10 9:00 review"]),
        (TWO, ["10 06:00 in", "10 13:00 out", "10 18:00 in"], ["10 7:00 missing_out"]),
        # nights
        (NIGHT, ["10 19:00", "11 07:00", "11 19:00", "12 07:00"], ["10 12:00 normal", "11 12:00 normal"]),
        (NIGHT, ["10 19:00", "11 00:05", "11 06:50", "11 18:50", "12 07:00"], ["10 11:50 review", "11 12:10 normal"]),
        (NIGHT, ["11 07:00", "11 19:00", "12 07:00"], ["10 - missing_in", "11 12:00 normal"]),
        (NIGHT, ["10 08:00 in", "10 15:00 out"], ["10 7:00 review"]),
        # 24 hours
        (WATCH, ["10 08:00", "11 08:00", "13 08:00", "14 08:00"], ["10 24:00 normal", "13 24:00 normal"]),
        (WATCH, ["10 08:00 in", "11 08:10 in", "12 08:00 out"], ["10 - missing_out", "11 23:50 normal"]),
        (WATCH, ["10 08:00 in", "11 09:30 out"], ["10 25:30 review"]),
    ],
)
def test_shift_rule_gives_the_days(rules, punches, days):
    assert walk(*punches, rules=rules) == days


def test_break_is_deducted_only_by_rule():
    night = ["20 19:00 in", "21 00:05 out", "21 00:50 in", "21 07:00 out"]
    deducted = ruled(break_minutes=45, break_after_hours=6)
    assert [walk(*night), walk(*night, rules=deducted)] == [["20 12:00 normal"], ["20 11:15 normal"]]
    assert walk("20 07:00 in", "20 12:00 out", rules=deducted) == ["20 5:00 normal"]


def test_rule_holds_from_its_first_day():
    rows = [ShiftRule(project_id=SITE, from_date=date(2026, 5, 11), kind="two", longest_hours=8)]
    days = ["06:00 in", "15:00 out"]
    assert walk(*(f"{day} {clock}" for day in (10, 11) for clock in days), rules=RuleBook(rows)) == [
        "10 9:00 normal",
        "11 9:00 review",
    ]


def test_running_shift_shows_no_hours_yet():
    now = timezone.make_aware(datetime(2026, 5, 10, 14))
    assert walk("10 07:05", "10 11:30", "10 13:00", now=now) == ["10 4:25 ongoing"]


WORKDAYS = st.lists(
    st.tuples(st.integers(0, 29), st.integers(0, 90), st.booleans(), st.sampled_from([None, 0, 1, 2, 3])),
    unique_by=lambda workday: workday[0],
    max_size=30,
)


@given(WORKDAYS, st.randoms())
def test_undirected_month_in_random_order_gives_the_same_days(workdays, chance):
    """With a noon break or without; `lost` names a forgotten scan, which leaves one day open and turns no other."""
    events, whole = [], set()
    for day, late, noon, lost in workdays:
        clocks = [410 + late, 690, 780, 1070 + late] if noon else [410 + late, 1070 + late]
        kept = [minute for number, minute in enumerate(clocks) if number != lost]
        whole |= {day + 1} if len(kept) == len(clocks) else set()
        for minute in kept:
            at = timezone.make_aware(datetime(2026, 5, 1)) + timedelta(days=day, minutes=minute)
            events.append(punch(f"{at:%m-%d %H:%M}", "unknown"))
    shuffled = list(events)
    chance.shuffle(shuffled)

    days = days_of(events, now=LATER)
    assert [(day.day, day.minutes, day.status) for day in days] == [
        (day.day, day.minutes, day.status) for day in days_of(shuffled, now=LATER)
    ]
    assert {day.day.day for day in days if day.status == DayStatus.NORMAL} == whole
    assert {day.minutes for day in days if day.status == DayStatus.NORMAL} <= {660}
