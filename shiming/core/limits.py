"""How often something may be done: at most so many within a window of time, one definition for every counter.

The rows that are counted belong to the module that writes them; it hands over the queryset of what counts together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from shiming.core.errors import Refused


class TooMany(Refused):
    status = 429


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` within `within`. `code` is the refusal of one more; its sentence may name `most`."""

    most: int
    within: timedelta
    code: str = ""

    def count(self, rows: QuerySet, *, at: str = "at") -> int:
        """How many of these rows are in the window; `at` is their column of time."""
        return rows.filter(**{f"{at}__gt": timezone.now() - self.within}).count()

    def is_reached(self, rows: QuerySet, *, at: str = "at") -> bool:
        return self.count(rows, at=at) >= self.most

    def refuse_if_reached(self, rows: QuerySet) -> None:
        if self.is_reached(rows):
            raise TooMany(self.code, most=self.most)

    def claim(self, rows: QuerySet, *, key) -> None:
        """Refuse one more, or keep other requests with this key waiting until the transaction has written its row."""
        self.hold(key)
        self.refuse_if_reached(rows)

    def hold(self, key) -> None:
        one_at_a_time(f"{self.code}:{key}")

    def free_at(self, rows: QuerySet, now: datetime, *, at: str = "at") -> datetime | None:
        """When the oldest of the last `most` leaves the window; None when one more is allowed now."""
        times = rows.filter(**{f"{at}__gt": now - self.within}).order_by(f"-{at}").values_list(at, flat=True)
        oldest = times[self.most - 1 : self.most].first()
        return oldest + self.within if oldest else None


def one_at_a_time(key: str) -> None:
    """Requests with the same key wait here for each other's transaction, so that each counts the rows of the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
