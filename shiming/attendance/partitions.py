"""One partition of the event table per month, created ahead; a default partition keeps all other rows."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

FIRST = date(2025, 1, 1)
AHEAD = timedelta(days=731)


def ensure() -> None:
    """Create the missing partitions from FIRST to two years ahead; runs after each migrate, as the owner."""
    month = FIRST
    while month < timezone.localdate() + AHEAD:
        following = (month + timedelta(days=32)).replace(day=1)
        _create(month, following)
        month = following


def _create(month: date, following: date) -> None:
    name = f"attendance_event_{month:%Y_%m}"
    # Names and bounds come from dates, never from input: safe to format into SQL.
    statement = (
        f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF attendance_event"
        f" FOR VALUES FROM ('{_midnight(month)}') TO ('{_midnight(following)}')"
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        return  # the default partition already holds rows of this month; they stay there


def _midnight(day: date) -> str:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())).isoformat()
