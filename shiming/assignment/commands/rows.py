"""What all commands of allocations share: rows held, what a row must be, and its line in the trail."""

from django.db import transaction
from django.utils import timezone

from shiming.assignment import positions
from shiming.assignment.models import Assignment
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment.models import Employment
from shiming.projects.models import Participation, Team

Status = Assignment.Status
TWICE = {"one_open_assignment_per_person_and_project": "R-18"}


def hold(assignment: Assignment) -> Assignment:
    """The row held; what never changes on it (person, place, project) is taken over instead of read again."""
    return _taking_over(assignment, lock(assignment))


def hold_all(assignments) -> list[Assignment]:
    """The rows of a batch held, in the one order of all batches: two of them never wait for each other (R-44)."""
    known = {row.pk: row for row in assignments}
    if not known:
        raise Refused("R-44")
    held = Assignment.objects.select_for_update().filter(pk__in=known).order_by("pk")
    return [_taking_over(known[row.pk], row) for row in held]


def _taking_over(assignment: Assignment, held: Assignment) -> Assignment:
    for name in ("person", "participation", "project"):
        if name in assignment._state.fields_cache:
            setattr(held, name, getattr(assignment, name))
    return held


def proposal(employment: Employment, place: Participation, role: str, team: Team | None, by: Actor) -> Assignment:
    """An unsaved allocation with the team and the trade of today."""
    return Assignment(
        person=employment.person,
        employment=employment,
        participation=place,
        project=place.project,
        role=role,
        team=team or employment.team,
        trade=employment.trade,
        allocated_on=timezone.localdate(),
        allocated_by_id=by.user_id,
    )


@transaction.atomic
def end(assignment: Assignment, *, reason: str, by: Actor) -> Assignment:
    """End the allocation after an exit, or when employment or project ends. The calling command checks the right."""
    assignment = hold(assignment)
    if assignment.status == Status.ACCEPTED:
        assignment.become(Status.ENDED)
        happened = Event.ASSIGNMENT_ENDED
    else:
        assignment.become(Status.REMOVED)
        happened = Event.ASSIGNMENT_REMOVED
    assignment.ended_at = timezone.now()
    assignment.save()

    record_allocation(happened, assignment, by, reason=reason)
    return assignment


def as_of_today(assignment: Assignment, employment: Employment, team: Team | None, by: Actor) -> None:
    """Trade, team and day of a submission are those of this day; saved with who submitted."""
    assignment.trade = employment.trade
    assignment.team = team or employment.team or assignment.team
    assignment.allocated_on, assignment.allocated_by_id = timezone.localdate(), by.user_id
    assignment.submitted_at, assignment.submitted_by_id = timezone.now(), by.user_id
    assignment.save()


def require_employed(employment: Employment, place: Participation | None = None) -> None:
    elsewhere = place and employment.company_id != place.company_id
    if elsewhere or employment.status != Employment.Status.ACTIVE or not employment.profile_completed:
        raise Refused("R-19")


def require_not_allocated(assignment: Assignment) -> None:
    others = Assignment.objects.filter(person=assignment.person_id, project=assignment.project_id)
    if others.filter(status__in=Assignment.OPEN).exclude(pk=assignment.pk).exists():
        raise Refused("R-18")


def record_allocation(event: Event, assignment: Assignment, by: Actor, **more) -> None:
    record(event, assignment, by=by, **named(assignment), **more)


def named(assignment: Assignment) -> dict:
    return {
        "company_id": assignment.participation.company_id,
        "person": assignment.person,
        "project": assignment.project,
        "role": positions.label(assignment.role),
    }


def submitted(assignment: Assignment) -> dict:
    facts = {"角色": positions.label(assignment.role), "班组": str(assignment.team or "")}
    return facts | {"工种": assignment.trade}


def differences(before: dict, after: dict) -> str:
    known = [name for name in after if name in before]
    changed = [
        f"{name} {before[name] or '空'} → {after[name] or '空'}" for name in known if before[name] != after[name]
    ]
    return f"（{'，'.join(changed)}）" if changed else ""


def name_of(assignment: Assignment) -> str:
    return assignment.person.name
