"""Import of allocations: completed employees to projects of their company, then the site answers.

Importing the same file again changes nothing.
"""

from collections.abc import Iterable

from django.db import transaction

from shiming.assignment import positions
from shiming.assignment.commands import proposal
from shiming.assignment.models import Assignment
from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.audit import record_many
from shiming.core.errors import DomainError, Refused, RefusedAll
from shiming.core.events import Event
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.idcard.names import difference
from shiming.imports.sheet import Row
from shiming.people.sheet_columns import digest
from shiming.projects.flows import implementer_audits
from shiming.projects.models import ContractFiling, Participation, Project, Team
from shiming.projects.queries import following


def may_import_allocations(actor: Actor) -> bool:
    """本企业法人或人事聘用管理员"""
    return actor.role in COMPANY_ROLES


@transaction.atomic
def allocate(rows: list[Row], *, by: Actor) -> list[str | DomainError]:
    """A1 for each row: "created", "same", or the refusal."""
    require(may_import_allocations, by)
    places = places_of(by)
    hired = employees((row.values["number"] for row in rows), by, hold=True)
    standing = _standing(hired.values())
    teams = {team.name: team for team in Team.objects.filter(company=by.company_id, closed_on=None)}
    fresh: list[Assignment] = []
    outcomes = [_outcome(row.values, places, hired, standing, teams, fresh, by) for row in rows]
    bulk.insert(fresh)
    record_many(Event.ASSIGNMENT_PROPOSED, [(row, _words(row)) for row in fresh], by=by)
    return outcomes


def places_of(by: Actor) -> dict[str, Participation]:
    """The company's places by 报建编号 and by project name; `is_filed` says whether the contract is filed."""
    rows = Participation.objects.filter(company=by.company_id, left_on=None)
    rows = rows.exclude(project__status=Project.Status.FINISHED).exclude(project__in=following(implementer_audits))
    rows = rows.select_related("project")
    filed = ContractFiling.objects.filter(status=ContractFiling.Status.FILED).values("participation")
    signed = set(rows.filter(pk__in=filed).values_list("pk", flat=True))
    found = {}
    for place in rows:
        place.is_filed = place.pk in signed
        found |= {place.project.name: place, place.project.filing_code: place}
    return found


def employees(numbers: Iterable[str], by: Actor, *, hold: bool = False) -> dict[str, Employment]:
    """Active employments of the company by ID number; `hold` locks them in the order of the people."""
    digests = {digest(number): number for number in numbers}
    rows = Employment.objects.filter(company=by.company_id, status=Employment.Status.ACTIVE)
    rows = rows.filter(person__id_digest__in=digests).select_related("person", "team").order_by("person_id")
    rows = rows.select_for_update(of=("self",)) if hold else rows
    return {digests[row.person.id_digest]: row for row in rows}


def refusal_of(values: dict, place: Participation | None, employment: Employment | None) -> tuple[str, Refused] | None:
    """The column at fault and the refusal, or None."""
    if place is None:
        return "project", Refused("R-29")
    if not place.is_filed:
        return "project", Refused("R-17")
    if employment is None or not employment.profile_completed:
        return "number", Refused("R-19")
    if refused := difference(employment.person.name, values["name"]):
        return "name", RefusedAll([refused])
    return None


def _standing(hired) -> dict:
    """Open allocations by (person key, project key)."""
    rows = Assignment.objects.filter(person__in=[row.person_id for row in hired], status__in=Assignment.OPEN)
    return {(row.person_id, row.project_id): row for row in rows}


def _outcome(values, places, hired, standing, teams, fresh, by) -> str | DomainError:
    place, employment = places.get(values["project"]), hired.get(values["number"])
    if found := refusal_of(values, place, employment):
        return found[1]
    role = values["role"] or Assignment.WORKER
    if known := standing.get((employment.person_id, place.project_id)):
        return "same" if (known.participation_id, known.role) == (place.pk, role) else Refused("R-18")
    try:
        positions.require_fits(role, employment)
        _require_free(role, place, fresh)
    except DomainError as refused:
        return refused
    assignment = proposal(employment, place, role, teams.get(values["team"]), by)
    standing[employment.person_id, place.project_id] = assignment
    fresh.append(assignment)
    return "created"


def _require_free(role: str, place: Participation, fresh: list[Assignment]) -> None:
    """Allow one 项目经理 per contract, also within one sheet."""
    if role == Assignment.WORKER:
        return
    positions.require_free(role, place)
    scope = {"project": "project_id", "participation": "participation_id"}.get(
        dictionaries.details("position", role).get("one_per", "")
    )
    here = {"project_id": place.project_id, "participation_id": place.pk}
    if scope and any(row.role == role and getattr(row, scope) == here[scope] for row in fresh):
        raise Refused("R-18")


def _words(assignment: Assignment) -> dict:
    return {
        "company_id": assignment.participation.company_id,
        "person": assignment.person.name,
        "project": assignment.project.name,
        "role": positions.label(assignment.role),
    }
