"""The checks of a project, and whom a check would stop."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from shiming.admission import facts
from shiming.admission.checks import CHECKS, Check, Effect
from shiming.admission.models import ProjectCheck
from shiming.assignment.models import Assignment
from shiming.assignment.rules import visible_to
from shiming.core import prepared_statements
from shiming.core.actor import Actor
from shiming.core.per_request import per_request
from shiming.core.refusals import Refusal, refusal
from shiming.projects.models import Project


@dataclass(frozen=True)
class Line:
    """One check of the table as the page of a project prints it."""

    check: Check
    current: ProjectCheck | None
    scheduled: ProjectCheck | None
    draft: ProjectCheck | None
    rows: list[ProjectCheck]

    @property
    def latest(self) -> ProjectCheck | None:
        """The row whose settings apply next: a draft before a scheduled one before the one in force."""
        return self.draft or self.scheduled or self.current


def checks_of(project: Project, *, drafts: bool) -> list[Line]:
    """Every check of the table, also those the project never used; drafts only for those who may start them."""
    rows = list(project.checks.order_by("from_date"))
    return [_line(check, [row for row in rows if row.code == check.code], drafts) for check in CHECKS.values()]


def in_force(project_id: UUID, code: str, on: date | None = None) -> ProjectCheck | None:
    """The row of a check that is in force on a day."""
    rows = ProjectCheck.objects.filter(project=project_id, code=code, from_date__isnull=False)
    return next((row for row in rows if row.in_force(on)), None)


def in_force_or_next(project_id: UUID, code: str) -> ProjectCheck | None:
    """The row of a check that is in force today, else the one that begins next."""
    rows = ProjectCheck.objects.filter(project=project_id, code=code, from_date__isnull=False).order_by("from_date")
    return next((row for row in rows if row.in_force_or_later), None)


@per_request
def chosen(actor: Actor) -> frozenset[str]:
    """The checks that are, will be or were in force on the current site, or on any site of the company: their records
    stay readable after the end. One query a request, because every menu asks."""
    if not (actor.project_id or actor.company_id):
        return frozenset()
    here = Q(project=actor.project_id) if actor.project_id else Q(project__participations__company=actor.company_id)
    rows = ProjectCheck.objects.filter(here, from_date__isnull=False)
    return frozenset(rows.values_list("code", flat=True).distinct())


def has_checks(actor: Actor) -> bool:
    """Whether the current site has chosen any check."""
    return bool(chosen(actor))


def would_stop(project: Project, code: str, settings: dict, on: date | None = None) -> dict[UUID, list[Refusal]]:
    """What each confirmed person of a project lacks, by allocation, if the check refused on that day (beyond.md N7).

    People on site are among them: they would be refused at their next entry.
    """
    on = on or timezone.localdate() + timedelta(days=1)
    asked = {"project": project.pk, "on": on, "check": code, "settings": json.dumps(settings), "effect": Effect.REFUSE}
    statement = SELECT_ASSUMED.format(column=facts.column(facts.ASSUMED))
    found = prepared_statements.fetch_all(statement, asked)
    lacking = ((row["id"], _reasons(facts.answers(row["checks"]), on, row["birth_date"])) for row in found)
    return {pk: reasons for pk, reasons in lacking if reasons}


def stopped(actor: Actor, lacking: dict[UUID, list[Refusal]]) -> QuerySet[Assignment]:
    """The visible people among those who lack something."""
    rows = Assignment.objects.filter(visible_to(actor), pk__in=lacking)
    return rows.select_related("person", "team", "participation__company")


def by_team(rows: QuerySet[Assignment]) -> list[dict]:
    """Rows {team, people}, the largest team first."""
    teams = rows.order_by().values(team_name=F("team__name")).annotate(people=Count("pk"))
    return [{"team": row["team_name"] or "未分班组", "people": row["people"]} for row in teams.order_by("-people")]


def _line(check: Check, rows: list[ProjectCheck], drafts: bool) -> Line:
    dated = [row for row in rows if row.from_date is not None]
    return Line(
        check=check,
        current=next((row for row in dated if row.in_force()), None),
        scheduled=next((row for row in dated if row.begins_later), None),
        draft=next((row for row in rows if drafts and row.from_date is None), None),
        rows=[row for row in rows if drafts or row.from_date is not None],
    )


def _reasons(answers: dict, on: date, birth_date: date) -> list[Refusal]:
    return [refusal(reason.code, **reason.blanks) for reason in facts.reasons(answers, on, birth_date)]


SELECT_ASSUMED = """
SELECT a.id, p.birth_date, {column} AS checks
  FROM assignment_assignment a
  JOIN people_person p ON p.id = a.person_id
  JOIN projects_project r ON r.id = a.project_id
 WHERE a.project_id = %(project)s AND a.status = 'accepted'
"""
