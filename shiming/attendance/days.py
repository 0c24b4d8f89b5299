"""Days concluded from punches; they are not stored, and the same punches give the same day (domain.md §5.5).

A day holds the shifts that began on it; `shifts.py` concludes them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.attendance.shifts import REPEATED, RuleBook, Shift, ShiftStatus, shifts_of

# Days outside this range are typing errors, and date arithmetic overflows near year 9999.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
LONGEST_WINDOW = timedelta(hours=26)  # no shift rule has a longer one
NO_RULES = RuleBook()


class DayStatus(TextChoices):
    NORMAL = "normal", "正常"
    ONGOING = "ongoing", "在岗"
    REVIEW = "review", "待核"
    MISSING_IN = "missing_in", "缺进"
    MISSING_OUT = "missing_out", "缺出"
    AUTO_CLOSED = "auto_closed", "自动关闭"
    CORRECTING = "correcting", "更正中"


class Punch(NamedTuple):
    """The columns of an AttendanceEvent that decide its day.

    A month of a whole site is read as these: building model instances costs more than the rest of the computation.
    """

    person_id: UUID
    project_id: UUID
    occurred_at: datetime
    direction: str
    method: str
    received_at: datetime | None  # loaded only for corrections


@dataclass
class AttendanceDay:
    """The shifts of one person that began on one day on one project. `minutes` is None when it cannot be computed."""

    person_id: UUID
    project_id: UUID
    day: date
    shifts: list[Shift]
    correcting: bool

    @property
    def events(self) -> list[AttendanceEvent] | list[Punch]:
        return [event for shift in self.shifts for event in shift.events]

    @property
    def lines(self) -> list[tuple[AttendanceEvent, str]]:
        """Each punch with its concluded direction in words."""
        return [
            (event, _word(event, way))
            for shift in self.shifts
            for event, way in zip(shift.events, shift.ways, strict=True)
        ]

    @property
    def first_in(self) -> datetime | None:
        return next((shift.first_in for shift in self.shifts if shift.first_in), None)

    @property
    def last_out(self) -> datetime | None:
        return next((shift.last_out for shift in reversed(self.shifts) if shift.last_out), None)

    @cached_property
    def minutes(self) -> int | None:
        """The sum of the shifts; two shifts are never stretched from the first IN to the last OUT."""
        known = [shift.minutes for shift in self.shifts if shift.minutes is not None]
        return sum(known) if known else None

    @cached_property
    def status(self) -> DayStatus:
        """正常 only when every shift is."""
        if self.correcting:
            return DayStatus.CORRECTING
        states = {shift.status for shift in self.shifts}
        return DayStatus(next(state for state in ShiftStatus if state in states))

    @property
    def inside(self) -> bool:
        """The person is at work now."""
        return self.shifts[-1].ongoing

    def get_status_display(self) -> str:
        return str(self.status.label)

    @property
    def hours(self) -> str:
        """Hours and minutes, 8:30."""
        return "" if self.minutes is None else in_hours(self.minutes)

    @property
    def parts(self) -> list[Shift]:
        """The shifts of a day that has more than one, else none."""
        return self.shifts if len(self.shifts) > 1 else []


def in_hours(minutes: int) -> str:
    """8:30, as a person says it."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def decimal_hours(minutes: int) -> str:
    """8.5, as a month sheet prints it."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def days_of(
    events: Iterable[AttendanceEvent | Punch],
    *,
    correcting: Iterable[tuple] = (),
    now: datetime | None = None,
    rules: RuleBook = NO_RULES,
) -> list[AttendanceDay]:
    """The attendance days of these punches, oldest first, per person and project.

    `correcting` holds (person_id, project_id, day) with an open correction. Events may come in any order.
    """
    open_corrections, now, zone = set(correcting), now or timezone.now(), timezone.get_current_timezone()
    theirs = defaultdict(list)
    for event in sorted(events, key=attrgetter("occurred_at", "direction", "method")):
        theirs[event.person_id, event.project_id].append(event)
    days = []
    for who, punches in theirs.items():
        of_day = defaultdict(list)
        for shift in shifts_of(punches, rules, zone, now):
            of_day[shift.day].append(shift)
        days += [AttendanceDay(*who, day, shifts, (*who, day) in open_corrections) for day, shifts in of_day.items()]
    return sorted(days, key=lambda day: (day.day, str(day.person_id), day.shifts[0].began_at))


def checked_day(day: date) -> date:
    """The day; raises ValueError outside the supported range."""
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"{day} is no day of attendance")
    return day


def _word(event: AttendanceEvent, way: str) -> str:
    if way == REPEATED:
        return event.get_direction_display() if event.method == AttendanceEvent.Method.AUTO_CLOSE else "重复"
    word = AttendanceEvent.Direction(way).label
    return f"{word}（按顺序）" if event.direction == AttendanceEvent.Direction.UNKNOWN else str(word)
