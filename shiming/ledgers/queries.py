"""The rows of a ledger that this actor may see, in printing order."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from shiming.assignment import positions
from shiming.attendance.days import AttendanceDay, DayStatus, decimal_hours
from shiming.attendance.queries import one_row_each, stays_during, totals, with_days
from shiming.core.actor import Actor
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.employment.queries import hired
from shiming.presence.models import Stay
from shiming.presence.queries import STATES, confirmed, stays
from shiming.projects.models import Project
from shiming.projects.queries import projects

MOST = 2_000
SEXES = {"1": "男", "2": "女"}
# The sign in the cell of a day without hours.
SIGNS = {
    DayStatus.NORMAL: "",
    DayStatus.ONGOING: "在",
    DayStatus.REVIEW: "待核",
    DayStatus.MISSING_IN: "缺进",
    DayStatus.MISSING_OUT: "缺出",
    DayStatus.AUTO_CLOSED: "自动",
    DayStatus.CORRECTING: "更正",
}


def sites(actor: Actor) -> QuerySet[Project]:
    """The sites this actor may print a ledger of."""
    return projects(actor).order_by("name", "pk")


def roster(actor: Actor, *, project: Project | None, state: str = "") -> list[list]:
    """花名册: confirmed people of a project; without a project, the employees of the company."""
    if project is None:
        return [_employed(row) for row in _employees(actor)[:MOST]]
    rows = confirmed(actor).filter(project=project).select_related("employment__team")
    rows = rows.filter(state=state) if state else rows
    rows = rows.order_by("participation__company__name", "team__name", "person__name", "pk")
    return [_confirmed(row) for row in rows[:MOST]]


def entries(actor: Actor, *, project: Project | None, first: date, last: date) -> list[list]:
    """进退场台账: every stay within the period."""
    rows = stays(actor).filter(Q(exited_on=None) | Q(exited_on__gte=first), entered_on__lte=last)
    rows = rows.filter(project=project) if project else rows
    rows = rows.select_related("assignment__employment__team").order_by("entered_on", "entered_at", "pk")
    return [_entered(row, project, last) for row in rows[:MOST]]


def attendance(actor: Actor, *, project: Project, first: date, last: date) -> list[list]:
    """考勤表: a row for each person, a cell for each day, then days and hours."""
    among = stays_during(actor, first, last).filter(project=project)
    rows = one_row_each(among).select_related("assignment__employment__team")
    rows = list(rows.order_by("company__name", "team__name", "person__name", "pk")[:MOST])
    return [_month(stay, first, last) for stay in with_days(rows, first, last, among)]


def _employees(actor: Actor) -> QuerySet[Employment]:
    return hired(actor).order_by("team__name", "person__name", "pk")


def _employed(row: Employment) -> list:
    person = row.person
    since = row.contract_start or row.started_at.date()
    return [
        *_who(person),
        str(row.contact_phone or person.phone or ""),
        *_work(row),
        str(since),
        row.get_status_display(),
    ]


def _confirmed(row) -> list:
    person, employment = row.person, row.employment
    phone = str(employment.contact_phone or person.phone or "")
    work = [_role(row), _team(row)]
    since = str(row.entered_on or "")
    return [*_who(person), phone, *work, row.participation.company.name, since, STATES[row.state]]


def _who(person) -> list:
    """Name, sex, age and the masked ID number."""
    return [person.name, SEXES.get(person.sex, ""), str(person.age), str(person.id_number)]


def _work(row: Employment) -> list:
    what = row.duty or dictionaries.label("trade", row.trade)
    return [what, row.team.name if row.team else ""]


def _role(assignment) -> str:
    if assignment.is_manager:
        return positions.label(assignment.role)
    return dictionaries.label("trade", assignment.trade)


def _entered(row: Stay, project: Project | None, last: date) -> list:
    assignment = row.assignment
    until = row.exited_on or last
    where = row.company.name if project else row.project.name
    return [
        row.person.name,
        str(row.person.id_number),
        where,
        _team(assignment),
        _role(assignment),
        str(row.entered_on),
        row.get_method_display(),
        str(row.exited_on or "在场"),
        str((until - row.entered_on).days + 1),
        row.get_rating_display(),
        "；".join(filter(None, ("自动退场" if row.auto else "", row.rating_note))),
    ]


def _team(assignment) -> str:
    team = assignment.team or assignment.employment.team
    return team.name if team else ""


def _month(stay: Stay, first: date, last: date) -> list:
    days = [stay.days.get(first.replace(day=number)) for number in range(1, last.day + 1)]
    counted = totals(stay.days.values())
    total = [str(counted["days"]), counted["decimal"]]
    who = [
        stay.person.name,
        _team(stay.assignment) or stay.company.name,
        _role(stay.assignment),
    ]
    return [*who, *map(_day, days), *total, ""]


def _day(day: AttendanceDay | None) -> str:
    if day is None:
        return ""
    return SIGNS[day.status] or decimal_hours(day.minutes)


def numbered(rows: Iterable[list]) -> list[list]:
    return [[str(number), *row] for number, row in enumerate(rows, 1)]
