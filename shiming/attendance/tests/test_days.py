"""Days computed from punches without a database, so that each case is one row."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shiming.attendance.days import DayStatus, days_of, next_direction
from shiming.attendance.models import AttendanceEvent

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


@pytest.mark.parametrize(
    ("last", "at", "direction"),
    [
        (None, "05-04 07:00", "in"),
        (punch("05-04 07:00"), "05-04 17:00", "out"),
        (punch("05-04 07:00", "out"), "05-04 17:00", "in"),
        (punch("05-03 07:00"), "05-04 07:00", "in"),
    ],
)
def test_scan_without_direction_leaves_after_entry(last, at, direction):
    assert next_direction(last, punch(at).occurred_at) == direction


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
