"""考勤日：从打卡记录推出的结论，不另存表；记录不变，结论就不变（domain.md §5.5）。"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent

Direction, Method = AttendanceEvent.Direction, AttendanceEvent.Method

# Days outside are a slip of the keyboard, and some of them no calendar can add to.
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
# An OUT up to 13 hours after the IN belongs to the IN's day; after that the machine closes the day.
SHIFT = timedelta(hours=13)


class DayStatus(TextChoices):
    NORMAL = "normal", "正常"
    ONGOING = "ongoing", "在岗"
    MISSING_IN = "missing_in", "缺进"
    MISSING_OUT = "missing_out", "缺出"
    AUTO_CLOSED = "auto_closed", "自动关闭"
    CORRECTING = "correcting", "更正中"


@dataclass
class AttendanceDay:
    """What one person's punches on one project say about one day. `minutes` is None where it cannot be said."""

    person_id: UUID
    project_id: UUID
    day: date
    events: list[AttendanceEvent] = field(default_factory=list)
    correcting: bool = False
    now: datetime | None = None

    @property
    def first_in(self) -> datetime | None:
        return _chosen(self.events, Direction.IN, earliest=True)

    @property
    def last_out(self) -> datetime | None:
        """The last OUT somebody made; the machine's own closing is nobody's OUT."""
        return _chosen([event for event in self.events if event.method != Method.AUTO_CLOSE], Direction.OUT)

    @property
    def minutes(self) -> int | None:
        if not self.first_in or not self.last_out or self.last_out < self.first_in:
            return None
        return int((self.last_out - self.first_in).total_seconds()) // 60

    @property
    def status(self) -> DayStatus:
        if self.correcting:
            return DayStatus.CORRECTING
        if self.first_in is None:
            return DayStatus.MISSING_IN
        if self.last_out is not None:
            return DayStatus.NORMAL
        if any(event.method == Method.AUTO_CLOSE for event in self.events):
            return DayStatus.AUTO_CLOSED
        open_still = self.now is not None and self.now < self.first_in + SHIFT
        return DayStatus.ONGOING if open_still else DayStatus.MISSING_OUT

    def get_status_display(self) -> str:
        return str(self.status.label)

    @property
    def hours(self) -> str:
        """8:30, as people write working hours."""
        return "" if self.minutes is None else f"{self.minutes // 60}:{self.minutes % 60:02d}"


def days_of(
    events: Iterable[AttendanceEvent], *, correcting: Iterable[tuple] = (), now: datetime | None = None
) -> list[AttendanceDay]:
    """The days that punches add up to, oldest first, per person and project.

    `correcting` holds (person_id, project_id, day) with an open correction. Events may come in any order.
    """
    open_corrections, days, last_in = set(correcting), {}, {}
    for event in sorted(events, key=lambda event: event.occurred_at):
        who = (event.person_id, event.project_id)
        day = _day_of(event, last_in.get(who))
        if event.direction == Direction.IN:
            last_in[who] = event
        key = (*who, day)
        if key not in days:
            days[key] = AttendanceDay(*key, correcting=key in open_corrections, now=now or timezone.now())
        days[key].events.append(event)
    return sorted(days.values(), key=lambda item: (item.day, str(item.person_id)))


def checked_day(day: date) -> date:
    """The day, or ValueError when no attendance can have been then."""
    if not EARLIEST <= day < LATEST:
        raise ValueError(f"{day} is no day of attendance")
    return day


def next_direction(last: AttendanceEvent | None, at: datetime) -> Direction:
    """In or out, for somebody who only scans: out if he came in and the shift can still run, else in."""
    if last is None or last.direction != Direction.IN or at - last.occurred_at > SHIFT:
        return Direction.IN
    return Direction.OUT


def _day_of(event: AttendanceEvent, last_in: AttendanceEvent | None) -> date:
    if event.direction != Direction.IN and last_in and event.occurred_at - last_in.occurred_at <= SHIFT:
        return timezone.localdate(last_in.occurred_at)
    return timezone.localdate(event.occurred_at)


def _chosen(events: list[AttendanceEvent], direction: Direction, earliest: bool = False) -> datetime | None:
    """The first or last time in a direction; a time that was corrected wins over what was punched."""
    fitting = [event for event in events if event.direction == direction]
    corrected = [event for event in fitting if event.method == Method.CORRECTION]
    if corrected:
        return max(corrected, key=lambda event: event.received_at).occurred_at
    times = [event.occurred_at for event in fitting]
    return (min(times) if earliest else max(times)) if times else None
