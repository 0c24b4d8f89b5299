"""Queries of attendance: days of a person, days of a site."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from shiming.attendance.days import LONGEST_WINDOW, AttendanceDay, DayStatus, Punch, days_of, decimal_hours
from shiming.attendance.models import AttendanceEvent, Correction, ShiftRule
from shiming.attendance.rules import visible_to
from shiming.attendance.shifts import Rule, RuleBook
from shiming.core.actor import Actor
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay
from shiming.projects.models import Project

# A shift of the days before may still run, and one of the last day runs on.
BEFORE, AFTER = timedelta(days=3), 2 * LONGEST_WINDOW
OPEN = (DayStatus.MISSING_IN, DayStatus.MISSING_OUT, DayStatus.AUTO_CLOSED, DayStatus.REVIEW)


def month_of(person_id: UUID, first: date) -> list[AttendanceDay]:
    """The days of one person in the month of this day, on all sites, oldest first."""
    first = first.replace(day=1)
    return days_of_person(person_id, first, last_of_month(first), Stay.objects.filter(person=person_id))


def last_of_month(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def days_of_person(
    person_id: UUID, first: date, last: date, among: QuerySet[Stay], *, listed: bool = False
) -> list[AttendanceDay]:
    found = days_on_sites([person_id], first, last, among, listed=listed)
    return sorted((day for days in found.values() for day in days.values()), key=lambda day: day.day)


def days_on_sites(
    people: list[UUID], first: date, last: date, among: QuerySet[Stay], *, listed: bool = False
) -> dict[tuple[UUID, UUID], dict[date, AttendanceDay]]:
    """The days of people by (person, project) and date: what every page, phone, sheet, paper and the API prints.

    Only days within the stays in `among`: a firm must not see days the person worked here for another firm. A day
    counts once, however many stays cover it.
    """
    spans, found = defaultdict(list), defaultdict(dict)
    stays = among.filter(person__in=people).order_by().values_list("person", "project", "entered_on", "exited_on")
    for person_id, project_id, entered, exited in stays:
        spans[person_id, project_id].append((entered, exited or date.max))
    rules = rules_of({project_id for _, project_id in spans})
    for day in _concluded(people, first, last, rules, listed=listed):
        who = day.person_id, day.project_id
        if any(entered <= day.day <= exited for entered, exited in spans[who]):
            found[who][day.day] = day
    return found


def rules_of(projects: Iterable[UUID]) -> RuleBook:
    return RuleBook(ShiftRule.objects.filter(project__in=projects))


def shift_rules(project: Project) -> QuerySet[ShiftRule]:
    """Newest first."""
    return ShiftRule.objects.filter(project=project).order_by("-from_date")


def rule_row(project: Project) -> ShiftRule:
    """The row in force today; where the project has chosen none, 日班 as its own defaults have it."""
    return shift_rules(project).filter(from_date__lte=timezone.localdate()).first() or ShiftRule(project=project)


def rule_of(project: Project, on: date) -> Rule:
    return rules_of([project.pk]).on(project.pk, on)


def stays_during(actor: Actor, first: date, last: date) -> QuerySet[Stay]:
    """The stays on any of these days that this actor may see."""
    rows = during(first, last).filter(presence_rules.visible_to(actor))
    return rows.select_related("company", "team", "assignment")


def during(first: date, last: date) -> QuerySet[Stay]:
    rows = Stay.objects.filter(Q(exited_on=None) | Q(exited_on__gte=first), entered_on__lte=last)
    return rows.select_related("person", "project")


def one_row_each(among: QuerySet[Stay]) -> QuerySet[Stay]:
    """The latest of these stays for each person and site: the rows of every attendance list."""
    here = {"person": OuterRef("person"), "project": OuterRef("project")}
    later = Q(entered_at__gt=OuterRef("entered_at")) | Q(entered_at=OuterRef("entered_at"), pk__gt=OuterRef("pk"))
    return among.filter(~Exists(among.filter(later, **here)))


def with_days(rows: list[Stay], first: date, last: date, among: QuerySet[Stay], *, listed: bool = False) -> list[Stay]:
    """Set `days` by date for the rows of one page. Four queries for any number of rows."""
    found = days_on_sites([row.person_id for row in rows], first, last, among, listed=listed)
    for row in rows:
        row.days = found.get((row.person_id, row.project_id), {})
    return rows


def totals(days: Iterable[AttendanceDay]) -> dict:
    """Days worked, minutes and hours worked (`decimal` as printed), and the number of open days."""
    days = list(days)
    states = Counter(day.status for day in days)
    minutes = sum(day.minutes or 0 for day in days if day.status == DayStatus.NORMAL)
    return {
        "days": states[DayStatus.NORMAL],
        "minutes": minutes,
        "hours": minutes / 60,
        "decimal": decimal_hours(minutes),
        "open": sum(states[status] for status in OPEN),
    }


def dates_on_site(person_id: UUID, first: date, last: date) -> list[date]:
    """The days until today on which this person is on a site, punched or not."""
    last = min(last, timezone.localdate())
    spans = during(first, last).filter(person=person_id).values_list("entered_on", "exited_on")
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if any(entered <= day <= (exited or last) for entered, exited in spans)]


def day_to_correct(correction: Correction, actor: Actor) -> list[AttendanceDay]:
    """The punches of the day that a correction is about, as this actor may see them."""
    among = stays_during(actor, correction.day, correction.day).filter(project=correction.project_id)
    return days_of_person(correction.person_id, correction.day, correction.day, among, listed=True)


def corrections(actor: Actor) -> QuerySet[Correction]:
    rows = Correction.objects.filter(visible_to(actor)).distinct()
    return rows.select_related("person", "project", "requested_by", "decided_by")


def _concluded(
    people: list[UUID], first: date, last: date, rules: RuleBook, *, listed: bool
) -> Iterator[AttendanceDay]:
    """The days from first to last. Reading begins before the month, so that every view of a month starts alike.

    With `listed` the punches of each day come with all their columns, for a list of punches.
    """
    events = AttendanceEvent.objects.filter(
        person_id__in=people,
        occurred_at__gte=_midnight(first.replace(day=1)) - BEFORE,
        occurred_at__lt=_midnight(last + timedelta(days=1)) + AFTER,
    )
    corrections = Correction.objects.filter(
        person_id__in=people, day__range=(first, last), status=Correction.Status.OPEN
    )
    correcting = corrections.values_list("person_id", "project_id", "day")
    found = days_of(events if listed else _counting(events), correcting=correcting, rules=rules)
    return (day for day in found if first <= day.day <= last)


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
