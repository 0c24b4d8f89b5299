"""The moment a list is asked for: now, the end of a past day, or an hour of a day.

Two conditions decide every figure of the authority. `ever` selects the stays that began before the moment, `present`
those that were open at it. A stay counts by the entry and exit that are registered today: a late registration counts
from the day it names, and an entry that was undone never counts. Days are compared where they suffice, because the
indexes of the stays hold days and no times.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone


@dataclass(frozen=True)
class Moment:
    """`at` is exclusive: what happened at that instant has not happened yet."""

    at: datetime
    day: date
    hour: time | None = None
    live: bool = False

    def __str__(self):
        if self.live:
            return "此刻"
        return f"{self.day} {self.hour:%H:%M}" if self.hour else f"{self.day} 日终"

    @property
    def until(self) -> str:
        return "截至此刻" if self.live else f"截至 {self}"

    @property
    def query(self) -> str:
        """The query by which a link keeps the moment; empty for now."""
        if self.live:
            return ""
        asked = {"on": self.day.isoformat()} | ({"hour": f"{self.hour:%H:%M}"} if self.hour else {})
        return f"?{urlencode(asked)}"


def moment(on: date | None = None, hour: time | None = None) -> Moment:
    """Without a day, or later than now: now. Without an hour: the end of the day."""
    now = timezone.localtime()
    day = on or now.date()
    if hour is not None:
        at = timezone.make_aware(datetime.combine(day, hour))
        return Moment(now, now.date(), live=True) if at >= now else Moment(at, day, hour)
    if day >= now.date():
        return Moment(now, now.date(), live=True)
    return Moment(day_begins(day + timedelta(days=1)), day)


def day_begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def ever(when: Moment) -> Q:
    """Stays that began before the moment."""
    if when.live:
        return Q()
    if when.hour is None:
        return Q(entered_on__lte=when.day)
    return Q(entered_on__lt=when.day) | Q(entered_on=when.day, entered_at__lt=when.at)


def present(when: Moment) -> Q:
    """Stays that were open at the moment."""
    if when.live:
        return Q(exited_on=None)
    still = Q(exited_on=None) | Q(exited_on__gt=when.day)
    if when.hour is not None:
        still |= Q(exited_on=when.day, exited_at__gte=when.at)
    return ever(when) & still
