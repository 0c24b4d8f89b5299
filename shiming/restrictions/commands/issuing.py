"""Issuing an entry, and opening its papers."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.attachments.content import checked_papers
from shiming.core.access import require
from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Invalid, RefusedAll
from shiming.core.events import Event
from shiming.core.limits import one_at_a_time
from shiming.core.refusals import refusal
from shiming.dictionaries import queries as dictionaries
from shiming.people.models import Person
from shiming.projects.models import Participation, Project
from shiming.restrictions import queries, rules
from shiming.restrictions.commands.agreeing import ask_of
from shiming.restrictions.commands.common import note, say
from shiming.restrictions.models import ALONE, Line, Paper, Restriction


def issue(
    person: Person,
    *,
    project: Project | None,
    category: str,
    from_date: date,
    until: date,
    text: str,
    by: Actor,
    papers: list[tuple[str, bytes]] = (),
    second: Participation | None = None,
) -> Restriction:
    """Restrict a person on one site, or with project None on every site of the company. `text` is the evidence,
    `papers` are (file name, content); `second` is the other company asked to agree to the days beyond thirty."""
    require(rules.may_issue, by, person, project)
    return _issue(person, project, category, from_date, until, text, checked_papers(list(papers)), second, by)


@transaction.atomic
def note_opening(paper: Paper, *, by: Actor) -> None:
    """A line before the content leaves."""
    row = paper.line.restriction
    require(rules.may_open, by, row)
    record(Event.RESTRICTION_PAPER_OPENED, row, by=by, person=row.person.name)


@transaction.atomic
def _issue(person, project, category, from_date, until, text, papers, second, by) -> Restriction:
    one_at_a_time(f"restrictions:{person.pk}")
    _require_values(category, from_date, until, by, project)
    row = Restriction(person=person, project=project, category=category, from_date=from_date, until=until)
    row.station_id = by.station_id if by.role is Role.REGULATOR else None
    row.company_id = by.company_id if row.station_id is None else None
    row.issuer_key = row.station_id or row.company_id
    row.issued_by_id = by.user_id
    if queries.follows_this(row):
        raise Invalid("本单位对该人员已有一条以后开始的限制", next_step="先解除那一条，再登记", field="from_date")
    row.alone_until = _alone_until(row)
    row.full_clean()
    row.save()
    say(row, Line.Step.ISSUED, text, by, papers)
    note(Event.RESTRICTION_ISSUED, row, by)
    if second is not None and row.needs_second:
        ask_of(row, second, by)
    return row


def _require_values(category: str, from_date: date, until: date, by: Actor, project: Project | None) -> None:
    if category not in dict(dictionaries.choices("restriction_category")):
        raise RefusedAll([refusal("R-10", label="类别")], "category")
    if from_date < timezone.localdate():
        raise Invalid("开始日期早于今天", next_step="选择今天或以后的日期", field="from_date")
    if until < from_date:
        raise Invalid("结束日期早于开始日期", next_step="核对两个日期", field="until")
    if not queries.is_checked(by, project):
        raise Invalid(
            "项目没有启用“限制进场”检查，限制不会生效",
            next_step="请系统管理员在项目的“准入检查”里启用",
            field="project",
        )


def _alone_until(row: Restriction) -> date:
    """Thirty days, counted from the first of the entries that follow one another: repeating an entry gives an issuer
    no more days alone. An entry follows one that ended less than thirty days before."""
    before = queries.followed_by(row)
    return min([row.from_date + timedelta(days=ALONE - 1), *(each.alone_until for each in before)])
