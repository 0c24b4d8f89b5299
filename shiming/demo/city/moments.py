"""Hours of the city's days, and a clock for commands that run at another hour."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def moment(day: date, hour: float) -> datetime:
    """`moment(day, 7.5)` is half past seven in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI) + timedelta(hours=hour)


def office_hour(rng: random.Random, day: date) -> datetime:
    return moment(day, rng.triangular(8, 17.6, 10))


def gate_hour(rng: random.Random, day: date) -> datetime:
    return moment(day, rng.triangular(6.1, 8.4, 6.6))


def batch_hour(rng: random.Random, day: date) -> datetime:
    """An hour at night, when 身份核验 runs."""
    return moment(day, 2.1 + rng.random() / 20)


@contextmanager
def clock_at(hour: datetime) -> Iterator[None]:
    """For the demonstration only: timezone.now() returns this hour. The clock of the database does not change."""
    real = timezone.now
    timezone.now = lambda: hour
    try:
        yield
    finally:
        timezone.now = real
