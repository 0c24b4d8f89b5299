"""Three months of punches: attendance, forgotten punches, and the automatic closes."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from shiming.attendance.commands import OURS
from shiming.attendance.shifts import DEFAULT
from shiming.core.actor import Right
from shiming.core.ids import uuid7
from shiming.demo.city.life import Life
from shiming.demo.city.moments import DAY, moment
from shiming.demo.city.rows import copy_tuples
from shiming.presence.models import Stay

DAYS = 92
COLUMNS = (
    *("project_id", "event_id", "occurred_at", "person_id", "received_at", "direction", "method", "by", "by_user_id"),
    *("device", "offline", "clock_gap", "photo_id", "place", "note"),
)
CLOSED = "13 小时内没有出场打卡，由系统关闭，不计工时"
COMES, ON_SUNDAY, IN_RAIN = 0.9, 0.6, 0.5
FORGETS, FORGETS_IN_TROUBLE = 0.012, 0.14
GOES_OUT_AT_NOON = 0.25


def write(lives: Iterable[Life], *, seed: int, now: datetime) -> int:
    """Write the punches in the order of their time; returns the number."""
    weather = _weather(seed, timezone.localdate(now))
    rows = [row for life in lives for row in _of(life, weather, now)]
    rows.sort(key=lambda row: row[2])
    return copy_tuples("attendance_event", COLUMNS, rows)


def _of(life: Life, weather: dict[date, float], now: datetime) -> Iterator[tuple]:
    rng = random.Random(f"punches {life.citizen.person.pk}")
    early, forgets = rng.gauss(0, 0.25), FORGETS_IN_TROUBLE if life.site.trouble == "exits" else FORGETS
    himself = rng.random() < 0.4
    for stay in life.stays:
        for day, comes in weather.items():
            if _covers(stay, day, life.gone_since) and rng.random() < comes:
                yield from _day(life, stay, day, rng, early, forgets, himself, now)


def _covers(stay: Stay, day: date, gone_since: date | None) -> bool:
    until = gone_since if gone_since and stay.on_site else stay.exited_on
    return stay.entered_on <= day and (until is None or day <= until)


def _day(life: Life, stay: Stay, day: date, rng, early, forgets, himself, now) -> Iterator[tuple]:
    came = max(moment(day, rng.gauss(6.9 + early, 0.2)), stay.entered_at + timedelta(minutes=6))
    times = [("in", came), ("out", moment(day, rng.gauss(17.8, 0.4)))]
    if rng.random() < GOES_OUT_AT_NOON:
        times[1:1] = [("out", moment(day, rng.gauss(11.4, 0.1))), ("in", moment(day, rng.gauss(12.6, 0.15)))]
    if rng.random() < forgets:
        times.pop(0 if rng.random() < 0.25 else -1)
    until = min(now, stay.exited_at or now)
    made = [
        _punch(life, stay.project_id, at, direction, rng, himself) for direction, at in times if came <= at <= until
    ]
    yield from made
    if made and made[-1][5] == "in" and made[-1][2] + DEFAULT.window < now - timedelta(hours=1):
        yield _closing(made[-1])


def _punch(life: Life, project_id: UUID, at: datetime, direction: str, rng, himself: bool) -> tuple:
    by = life.himself if himself else life.gatekeeper(Right.ATTENDANCE)
    offline = rng.random() < 0.01
    received = at + (timedelta(hours=rng.uniform(1, 5)) if offline else timedelta(seconds=rng.uniform(0.2, 2)))
    return (
        *(project_id, uuid7(), at, life.citizen.person.pk, received, direction),
        *("site_code" if himself else "worker_code", by.name, by.user_id, "", offline, False, None, "", ""),
    )


def _closing(punch: tuple) -> tuple:
    at = punch[2] + DEFAULT.window
    closing: UUID = uuid5(OURS, f"close:{punch[1]}")
    received = at.replace(minute=5, second=0, microsecond=0) + timedelta(hours=1)
    return (
        *(punch[0], closing, at, punch[3], received, "out", "auto_close", "系统", None),
        *("", False, False, None, "", CLOSED),
    )


def _weather(seed: int, today: date) -> dict[date, float]:
    """day → the probability of attendance."""
    rng = random.Random(f"weather {seed}")
    days = {}
    for back in range(DAYS, -1, -1):
        day = today - back * DAY
        days[day] = (IN_RAIN if rng.random() < 0.09 else COMES) * (ON_SUNDAY if day.weekday() == 6 else 1)
    return days
