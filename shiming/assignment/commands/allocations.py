"""人员分配: propose, take back, submit again; on the site the allocation that comes with an entry."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.assignment import positions, rules
from shiming.assignment.checks import is_filed
from shiming.assignment.commands.rows import (
    TWICE,
    as_of_today,
    differences,
    hold,
    name_of,
    proposal,
    record_allocation,
    require_employed,
    require_not_allocated,
    submitted,
)
from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.batch import BatchResult, each
from shiming.core.errors import Invalid, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment.models import Employment
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project, Team
from shiming.projects.queries import policy_of

Status = Assignment.Status


@transaction.atomic
def propose(employments, place: Participation, *, role: str, by: Actor, team: Team | None = None) -> BatchResult:
    """Allocate employees with complete data to the place; the site must accept. Each is decided alone.

    For an employee whom the site rejected before, the same allocation is submitted again.
    """
    require(rules.may_propose, by, place)
    positions.require_known(role)
    _require_allocated_here(place)
    _require_filed(place)
    return each(employments, lambda row: _propose(row, place, role, team, by), label=_employee, races=TWICE)


@transaction.atomic
def propose_managers(roles: dict[Employment, str], place: Participation, *, by: Actor) -> BatchResult:
    """Allocate managers, one position each, in one transaction; each is decided alone."""
    require(rules.may_propose, by, place)
    for role in set(roles.values()):
        positions.require_known(role)
    _require_allocated_here(place)
    _require_filed(place)
    return each(roles, lambda row: _propose(row, place, roles[row], None, by), label=_employee, races=TWICE)


@transaction.atomic
def remove(assignments, *, by: Actor) -> BatchResult:
    """Take back allocations that are pending or rejected; done by the company that made them."""
    return each(assignments, lambda row: _remove(row, by), label=name_of)


@transaction.atomic
def resubmit(assignment: Assignment, *, by: Actor, role: str | None = None, team: Team | None = None) -> Assignment:
    """Submit a corrected allocation after a rejection, with the team and trade of today; the trail lists changes."""
    employment, assignment = lock(assignment.employment), hold(assignment)
    require(rules.may_change, by, assignment)
    _require_allocated_here(assignment.participation)
    _require_filed(assignment.participation)
    require_employed(employment)
    require_not_allocated(assignment)

    role, before = role or assignment.role, submitted(assignment)
    positions.require_known(role)
    positions.require_fits(role, employment)
    positions.require_free(role, assignment.participation)

    assignment.become(Status.PENDING)
    assignment.role = role
    as_of_today(assignment, employment, team, by)

    after = submitted(assignment)
    changes = differences(before, after)
    record_allocation(Event.ASSIGNMENT_RESUBMITTED, assignment, by, before=before, after=after, changes=changes)
    return assignment


@transaction.atomic
def allocate_directly(
    employment: Employment,
    place: Participation,
    *,
    team: Team | None,
    trade: str,
    on: date,
    by: Actor,
    role: str = Assignment.WORKER,
) -> Assignment:
    """Return an accepted allocation for an entry registered on site, without a notice (transition A9).

    Reuses an open allocation to the place; R-18 when the person has one elsewhere on the project.
    """
    require(rules.may_allocate_directly, by, place)
    person = employment.person
    known = Assignment.objects.filter(person=person, project=place.project_id, status__in=Assignment.OPEN).first()
    if known and known.participation_id != place.pk:
        raise Refused("R-18", field="number")
    assignment = hold(known) if known else _direct(employment, place, on)
    if role != Assignment.WORKER:
        positions.require_known(role)
        positions.require_free(role, place, besides=assignment)
        assignment.role = role
    positions.require_fits(assignment.role, employment)
    if assignment.status == Status.DRAFT:
        assignment.become(Status.PENDING)
    if assignment.status == Status.PENDING and not assignment._state.adding:
        assignment.become(Status.ACCEPTED)
    assignment.person, assignment.team, assignment.trade = person, team, trade
    assignment.allocated_on = min(assignment.allocated_on, on)
    assignment.confirmed_at, assignment.confirmed_by_id = timezone.now(), by.user_id
    assignment.save()
    return assignment


def _propose(employment: Employment, place: Participation, role: str, team: Team | None, by: Actor) -> Assignment:
    person, employment = employment.person, lock(employment)
    employment.person = person
    assignment = proposal(employment, place, role, team, by)
    require_employed(employment, place)
    require_not_allocated(assignment)
    if returned := employment.assignments.filter(participation=place, status=Status.REJECTED).order_by("pk").last():
        return resubmit(returned, role=role, team=team, by=by)
    positions.require_fits(role, employment)
    positions.require_free(role, place)
    assignment.save(force_insert=True)

    record_allocation(Event.ASSIGNMENT_PROPOSED, assignment, by)
    return assignment


def _remove(assignment: Assignment, by: Actor) -> Assignment:
    assignment = hold(assignment)
    require(rules.may_change, by, assignment)

    assignment.become(Status.REMOVED)
    assignment.ended_at = timezone.now()
    assignment.save()

    record_allocation(Event.ASSIGNMENT_REMOVED, assignment, by)
    return assignment


def _direct(employment: Employment, place: Participation, on: date) -> Assignment:
    return Assignment(
        person=employment.person,
        employment=employment,
        participation=place,
        project=place.project,
        origin=Assignment.Origin.DIRECT_ENTRY,
        status=Status.ACCEPTED,
        allocated_on=on,
    )


def _require_filed(place: Participation) -> None:
    if not is_filed(place) or place.project.status == Project.Status.FINISHED:
        raise Refused("R-17")


def _require_allocated_here(place: Participation) -> None:
    if implementer_audits(policy_of(place.project)):
        raise Invalid("本项目的人员由实施单位审核绑定", next_step="请在“项目人员绑定”里登记并提交")


def _employee(employment: Employment) -> str:
    return employment.person.name
