"""Rate limits: at most N rows within a window of time, one definition for all counters; and waits between attempts.

The module that writes the counted rows passes the queryset to count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shiming.core import prepared_statements
from shiming.core.errors import Refused


class TooMany(Refused):
    status = 429


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` rows in `within`. `code` is the refusal of the next one; its sentence may use {most}."""

    most: int
    within: timedelta
    code: str = ""

    def count(self, rows: QuerySet, *, at: str = "at") -> int:
        """Number of rows inside the window; `at` is their time column."""
        return rows.filter(**{f"{at}__gt": timezone.now() - self.within}).count()

    def is_reached(self, rows: QuerySet, *, at: str = "at") -> bool:
        return self.count(rows, at=at) >= self.most

    def refuse_if_reached(self, rows: QuerySet) -> None:
        if self.is_reached(rows):
            raise TooMany(self.code, most=self.most)

    def claim(self, rows: QuerySet, *, key) -> None:
        """Raise TooMany at the limit, else hold other requests with this key until the transaction ends."""
        self.hold(key)
        self.refuse_if_reached(rows)

    def hold(self, key) -> None:
        one_at_a_time(f"{self.code}:{key}")

    def free_at(self, rows: QuerySet, now: datetime, *, at: str = "at") -> datetime | None:
        """Time when the oldest of the last `most` rows leaves the window; None if one more is allowed now."""
        times = rows.filter(**{f"{at}__gt": now - self.within}).order_by(f"-{at}").values_list(at, flat=True)
        oldest = times[self.most - 1 : self.most].first()
        return oldest + self.within if oldest else None


def one_at_a_time(key: str) -> None:
    """Serialise requests with this key until the transaction ends, so that each counts the rows of the others."""
    prepared_statements.fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": key})


def wait_after(failures: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """The wait before the next attempt: `first` after one failure, then twice as long each time up to `longest`."""
    return min(first * 2 ** min(failures - 1, 20), longest)
