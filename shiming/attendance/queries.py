"""Queries of attendance: days of a person, days of a site."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone

from shiming.attendance.days import SHIFT, AttendanceDay, DayStatus, Punch, days_of
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.attendance.rules import visible_to
from shiming.core.actor import Actor
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay


def month_of(person_id: UUID, year: int, month: int, project_id: UUID | None = None) -> list[AttendanceDay]:
    """The days of one person in a month, on one project or on all."""
    first = date(year, month, 1)
    last = first.replace(day=calendar.monthrange(year, month)[1])
    return days_between(first, last, [person_id], project_id)


def days_between(
    first: date, last: date, people: list[UUID], project_id: UUID | None = None, *, listed: bool = False
) -> list[AttendanceDay]:
    """The days of some people from first to last, both included; an earlier shift that still runs is read whole.

    With `listed` the punches of each day come with all their columns, for a list of punches.
    """
    events = AttendanceEvent.objects.filter(
        person_id__in=people,
        occurred_at__gte=_midnight(first) - SHIFT,
        occurred_at__lt=_midnight(last + timedelta(days=1)) + SHIFT,
    )
    corrections = Correction.objects.filter(
        person_id__in=people, day__range=(first, last), status=Correction.Status.OPEN
    )
    if project_id:
        events, corrections = events.filter(project_id=project_id), corrections.filter(project_id=project_id)
    correcting = corrections.values_list("person_id", "project_id", "day")
    found = days_of(events if listed else _counting(events), correcting=correcting)
    return [day for day in found if first <= day.day <= last]


def stays_during(actor: Actor, first: date, last: date) -> QuerySet[Stay]:
    """The stays on any of these days that this actor may see: the rows of every attendance list."""
    rows = during(first, last).filter(presence_rules.visible_to(actor))
    return rows.select_related("company", "team", "assignment")


def during(first: date, last: date) -> QuerySet[Stay]:
    rows = Stay.objects.filter(Q(exited_on=None) | Q(exited_on__gte=first), entered_on__lte=last)
    return rows.select_related("person", "project")


def with_days(stays: list[Stay], first: date, last: date, *, listed: bool = False) -> list[Stay]:
    """Set `stay.days` by date for the stays of one page. Two queries for any number of stays.

    A stay gets only the days within it: this firm must not see days the person worked here for another firm.
    """
    found = defaultdict(list)
    for day in days_between(first, last, [stay.person_id for stay in stays], listed=listed):
        found[day.person_id, day.project_id].append(day)
    for stay in stays:
        theirs = found[stay.person_id, stay.project_id]
        stay.days = {day.day: day for day in theirs if within(stay, day.day)}
    return stays


def within(stay: Stay, day: date) -> bool:
    return stay.entered_on <= day and (stay.exited_on is None or day <= stay.exited_on)


def totals(days: list[AttendanceDay]) -> dict[str, int]:
    """Days worked, minutes worked and the number of open days."""
    states = Counter(day.status for day in days)
    return {
        "days": states[DayStatus.NORMAL],
        "minutes": sum(day.minutes or 0 for day in days if day.status == DayStatus.NORMAL),
        "open": sum(states[status] for status in (DayStatus.MISSING_IN, DayStatus.MISSING_OUT, DayStatus.AUTO_CLOSED)),
    }


def corrections(actor: Actor) -> QuerySet[Correction]:
    rows = Correction.objects.filter(visible_to(actor)).distinct()
    return rows.select_related("person", "project", "requested_by", "decided_by")


def _counting(events: QuerySet[AttendanceEvent]) -> Iterator[Punch]:
    """The punches reduced to the columns that count.

    One row per person and project with arrays: ids are read once, not with every punch, and received_at only for
    corrections, because timestamps are slow to decode.
    """
    received = Case(When(method=AttendanceEvent.Method.CORRECTION, then="received_at"))
    columns = {"times": "occurred_at", "directions": "direction", "methods": "method", "receipts": received}
    together = {name: ArrayAgg(column, order_by="occurred_at") for name, column in columns.items()}
    for person_id, project_id, *columns in events.values_list("person_id", "project_id").annotate(**together):
        for punch in zip(*columns, strict=True):
            yield Punch(person_id, project_id, *punch)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
