"""Days concluded from punches; they are not stored, and the same punches give the same day (domain.md §5.5)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent

Direction, Method = AttendanceEvent.Direction, AttendanceEvent.Method

# Days outside this range are typing errors, and date arithmetic overflows near year 9999.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
# An OUT up to 13 hours after the IN belongs to the IN's day; a later one does not, and the job closes the day.
SHIFT = timedelta(hours=13)


class DayStatus(TextChoices):
    NORMAL = "normal", "正常"
    ONGOING = "ongoing", "在岗"
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


class LastPunch(NamedTuple):
    """The latest punch before another one, within a shift."""

    event_id: UUID
    occurred_at: datetime
    direction: str
    method: str


@dataclass
class AttendanceDay:
    """The result of one person's punches on one project and one day. `minutes` is None when it cannot be computed."""

    person_id: UUID
    project_id: UUID
    day: date
    events: list[AttendanceEvent] | list[Punch]
    correcting: bool
    now: datetime

    @cached_property
    def first_in(self) -> datetime | None:
        return _chosen(self.events, Direction.IN, min)

    @cached_property
    def last_out(self) -> datetime | None:
        """The last OUT of a person; the automatic close is not counted."""
        return _chosen([event for event in self.events if event.method != Method.AUTO_CLOSE], Direction.OUT, max)

    @cached_property
    def minutes(self) -> int | None:
        if not self.first_in or not self.last_out or self.last_out < self.first_in:
            return None
        return int((self.last_out - self.first_in).total_seconds()) // 60

    @cached_property
    def status(self) -> DayStatus:
        if self.correcting:
            return DayStatus.CORRECTING
        if self.first_in is None:
            return DayStatus.MISSING_IN
        if self.last_out is not None:
            return DayStatus.NORMAL
        if any(event.method == Method.AUTO_CLOSE for event in self.events):
            return DayStatus.AUTO_CLOSED
        return DayStatus.ONGOING if self.now < self.first_in + SHIFT else DayStatus.MISSING_OUT

    def get_status_display(self) -> str:
        return str(self.status.label)

    @property
    def hours(self) -> str:
        """Hours and minutes, 8:30."""
        return "" if self.minutes is None else f"{self.minutes // 60}:{self.minutes % 60:02d}"


def days_of(
    events: Iterable[AttendanceEvent | Punch], *, correcting: Iterable[tuple] = (), now: datetime | None = None
) -> list[AttendanceDay]:
    """The attendance days of these punches, oldest first, per person and project.

    `correcting` holds (person_id, project_id, day) with an open correction. Events may come in any order.
    """
    open_corrections, now, zone = set(correcting), now or timezone.now(), timezone.get_current_timezone()
    theirs = defaultdict(list)
    for event in sorted(events, key=attrgetter("occurred_at")):
        theirs[event.person_id, event.project_id].append(event)
    days = [
        AttendanceDay(*who, day, of_the_day, (*who, day) in open_corrections, now)
        for who, punches in theirs.items()
        for day, of_the_day in _by_day(punches, zone).items()
    ]
    return sorted(days, key=lambda day: (day.day, str(day.person_id), day.events[0].occurred_at))


def checked_day(day: date) -> date:
    """The day; raises ValueError outside the supported range."""
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"{day} is no day of attendance")
    return day


def next_direction(last: LastPunch | AttendanceEvent | None, at: datetime) -> Direction:
    """The direction of a scan without one: OUT after an IN whose shift can still run, else IN."""
    if last is None or last.direction != Direction.IN or at - last.occurred_at > SHIFT:
        return Direction.IN
    return Direction.OUT


def _by_day(punches: list, zone: tzinfo) -> dict[date, list]:
    """One person's punches on one project, oldest first, by the day each belongs to."""
    days, last_in = defaultdict(list), None
    for event in punches:
        at = event.occurred_at
        if event.direction == Direction.IN:
            last_in = at
        within_shift = last_in is not None and at - last_in <= SHIFT
        days[(last_in if within_shift else at).astimezone(zone).date()].append(event)
    return days


def _chosen(events: list, direction: Direction, first_or_last) -> datetime | None:
    """The first or last time in a direction; a corrected time takes precedence over a punched one."""
    fitting = [event for event in events if event.direction == direction]
    corrected = [event for event in fitting if event.method == Method.CORRECTION]
    if corrected:
        return max(corrected, key=attrgetter("received_at")).occurred_at
    return first_or_last((event.occurred_at for event in fitting), default=None)
