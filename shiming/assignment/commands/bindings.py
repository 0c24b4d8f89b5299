"""Bindings of people to a project: draft, submit, discard. Source: manual [004]."""

from django.db import transaction
from django.utils import timezone

from shiming.assignment import positions, rules
from shiming.assignment.checks import place_refusals, submission_refusals
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
from shiming.core.audit import trail_of
from shiming.core.batch import BatchResult, each
from shiming.core.errors import Conflict, Invalid, Refused, RefusedAll
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import Refusal
from shiming.employment.models import Employment
from shiming.projects import chain
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project
from shiming.projects.queries import policy_of

Status, Origin = Assignment.Status, Assignment.Origin


@transaction.atomic
def draft(
    employment: Employment, place: Participation, *, role: str, by: Actor, origin: str = Origin.ALLOCATION
) -> Assignment:
    """Draft a binding to the place, for the company to submit (transition A2).

    Return the binding that is a draft or was rejected at this place, if there is one.
    """
    place, employment = hold_place(place), lock(employment)
    require(rules.may_bind, by, place)
    positions.require_known(role)
    _require_bound_here(place)
    if place.left_on or place.project.status == Project.Status.FINISHED:
        raise Refused("R-48")
    if role == Assignment.WORKER and place.kind not in chain.BUILDERS:
        raise Invalid("现场作业人员由总包、专业、劳务单位登记", next_step="本单位只绑定管理人员")
    require_employed(employment, place)
    standing = (Status.DRAFT, Status.REJECTED)
    if known := employment.assignments.filter(participation=place, status__in=standing).order_by("pk").last():
        return known
    if role == Assignment.WORKER:  # a filed position waits for the registration and is refused at submission
        positions.require_fits(role, employment)
    assignment = proposal(employment, place, role, None, by)
    assignment.status, assignment.origin = Status.DRAFT, origin
    require_not_allocated(assignment)
    assignment.save(force_insert=True)

    record_allocation(Event.ASSIGNMENT_DRAFTED, assignment, by)
    return assignment


@transaction.atomic
def submit(assignments, *, by: Actor) -> BatchResult:
    """Submit drafts (A3) or rejected bindings (A6), each decided alone; a refusal names all its reasons."""
    places = {place.pk: (place, place_refusals(place)) for place in _held_places(assignments)}
    return each(assignments, lambda row: _submit(row, *places[row.participation_id], by), label=name_of, races=TWICE)


@transaction.atomic
def discard(assignments, *, by: Actor) -> BatchResult:
    """Take back bindings that are drafts, pending or rejected."""
    return each(assignments, lambda row: _discard(row, by), label=name_of)


def hold_place(place: Participation) -> Participation:
    """The place held and read again: the company cannot give the project up meanwhile (domain.md §11.3). What also
    holds a person holds the place first."""
    (held,) = _held_places([Assignment(participation=place)])
    return held


def _submit(assignment: Assignment, place: Participation, standing: list[Refusal], by: Actor) -> Assignment:
    person = lock(assignment.person)  # as employment does it: the person before the employment
    employment, assignment = lock(assignment.employment), hold(assignment)
    assignment.participation, assignment.project = place, place.project
    require(rules.may_bind, by, place)
    _require_bound_here(place)
    if assignment.status == Status.PENDING:
        raise Conflict("已经提交，等待实施单位审核")
    again = assignment.status == Status.REJECTED
    employment.person = assignment.person = person
    if reasons := [*standing, *submission_refusals(assignment, employment, policy_of(place.project))]:
        raise RefusedAll(reasons)
    require_not_allocated(assignment)
    positions.require_free(assignment.role, place, besides=assignment)

    before = _last_submitted(assignment) if again else {}
    assignment.become(Status.PENDING)
    as_of_today(assignment, employment, None, by)

    after = submitted(assignment) | _shown(assignment, employment)
    event = Event.ASSIGNMENT_RESUBMITTED if again else Event.ASSIGNMENT_SUBMITTED
    record_allocation(
        event, assignment, by, before=before, after=after, changes=differences(before, after) if again else ""
    )
    return assignment


def _discard(assignment: Assignment, by: Actor) -> Assignment:
    assignment = hold(assignment)
    require(rules.may_bind, by, assignment.participation)
    _require_bound_here(assignment.participation)

    assignment.become(Status.REMOVED)
    assignment.ended_at = timezone.now()
    assignment.save()

    record_allocation(Event.ASSIGNMENT_REMOVED, assignment, by)
    return assignment


def _held_places(assignments) -> list[Participation]:
    rows = Participation.objects.select_for_update(of=("self",), no_key=True).select_related("project", "company")
    keys = {row.participation_id for row in assignments}
    return list(rows.filter(pk__in=keys).prefetch_related("project__policies").order_by("pk"))


def _require_bound_here(place: Participation) -> None:
    if not implementer_audits(policy_of(place.project)):
        raise Invalid("本项目不用绑定审核", next_step="请在“人员分配”里分配")


def _shown(assignment: Assignment, employment: Employment) -> dict:
    """What the auditor looks at besides: kept with each submission, so that the next one can say what changed."""
    person = assignment.person
    facts = {
        "姓名": person.name,
        "人脸认证": person.face_answer,
        "手机号": str(employment.contact_phone or person.phone or ""),
        "户口所在地": person.household_place,
        "籍贯": person.native_place,
        "学历": person.education,
    }
    return facts | ({"职务": employment.duty, "职称": employment.title} if assignment.is_manager else {})


def _last_submitted(assignment: Assignment) -> dict:
    submissions = (Event.ASSIGNMENT_SUBMITTED, Event.ASSIGNMENT_RESUBMITTED)
    last = trail_of(assignment).filter(event__in=submissions).first()
    return (last.after if last else None) or submitted(assignment)
