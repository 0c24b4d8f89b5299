"""Working days: Monday to Friday, changed by the holidays and 调休 of the dictionary `holiday`.

For a year without entries only weekends count, and `Waited` names such years.

A dictionary entry is a day: its code is the date, its label the holiday; a label that ends in 上班 makes the day a
working day (调休). So a clerk can enter next year's official notice line by line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.dictionaries.models import DictionaryEntry

TABLE = "holiday"
IDENTITY_LIMIT = 15
WORKS = "上班"


@dataclass(frozen=True)
class Calendar:
    """The special days of some years: weekdays off and weekends worked."""

    off: frozenset[date]
    worked: frozenset[date]

    @property
    def years(self) -> set[int]:
        return {day.year for day in self.off}

    def works(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def count(self, after: date, until: date) -> int:
        """Number of working days after `after`, up to and including `until`."""
        return sum(self.works(after + timedelta(days=step)) for step in range(1, (until - after).days + 1))

    def add(self, start: date, days: int) -> date:
        """The n-th working day after `start`."""
        while days > 0:
            start += timedelta(days=1)
            days -= self.works(start)
        return start


@dataclass(frozen=True)
class Waited:
    """Working days waited so far, the limit in working days, and the date of the limit, which is the promised day.

    All from one count, so that the promised day is the last one of the limit."""

    day: int
    due: date
    today: date
    limit: int = IDENTITY_LIMIT
    unknown_years: tuple[int, ...] = ()

    @property
    def overdue(self) -> bool:
        """The promised day has passed, on a weekend too."""
        return self.today > self.due

    @property
    def label(self) -> str:
        return _("第 %(day)d 个工作日/共 %(limit)d") % {"day": self.day, "limit": self.limit}

    @property
    def note(self) -> str:
        if not self.unknown_years:
            return ""
        years = "、".join(map(str, self.unknown_years))
        return _("%(years)s 年的放假安排尚未录入，按周末推算") % {"years": years}


def calendar(years: Iterable[int]) -> Calendar:
    """The calendar of these years, in one query."""
    codes = [f"{year}-" for year in sorted(set(years))]
    rows = DictionaryEntry.objects.filter(table=TABLE, active=True, code__gte=codes[0], code__lt=f"{codes[-1][:4]}-99")
    days = [(date.fromisoformat(code), label.endswith(WORKS)) for code, label in rows.values_list("code", "label")]
    return Calendar(frozenset(d for d, works in days if not works), frozenset(d for d, works in days if works))


def waited(since: date, today: date | None = None, known: Calendar | None = None) -> Waited:
    """Working days waited since the day of submission, which does not count; at least day 1.

    Pass `known` (from `calendar()`) when calling this for many rows.
    """
    today = today or timezone.localdate()
    known = known or calendar({since.year, today.year, today.year + 1})
    due = known.add(since, IDENTITY_LIMIT)
    asked = range(since.year, max(due, today).year + 1)
    return Waited(
        max(1, known.count(since, today)), due, today, unknown_years=tuple(y for y in asked if y not in known.years)
    )


def calendar_for(days: Iterable[date], today: date | None = None) -> Calendar:
    """One calendar that serves `waited()` for all these days."""
    today = today or timezone.localdate()
    return calendar({today.year, today.year + 1, *(day.year for day in days)})
