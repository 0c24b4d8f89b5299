"""What can be done with allocations: propose, accept, reject, take back, submit again, and end them."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.assignment import positions, rules
from shiming.assignment.answerers import answerer_of
from shiming.assignment.guards import check_acceptance
from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record, record_many
from shiming.core.batch import BatchResult, each, sift
from shiming.core.errors import Refused, RefusedAll
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment.models import Employment
from shiming.projects.models import ContractFiling, Participation, Project, Team
from shiming.projects.queries import policy_of

Status = Assignment.Status
TWICE = {"one_open_assignment_per_person_and_project": "R-18"}


@transaction.atomic
def propose(employments, place: Participation, *, role: str, by: Actor, team: Team | None = None) -> BatchResult:
    """分配：把在职且信息完善的人分到一个项目的本企业位置，等待工地确认；被拒绝过的，就是再次提交那一份。"""
    require(rules.may_propose, by, place)
    positions.require_known(role)
    _require_filed(place)
    return each(employments, lambda row: _propose(row, place, role, team, by), label=_employee, races=TWICE)


@transaction.atomic
def propose_managers(roles: dict[Employment, str], place: Participation, *, by: Actor) -> BatchResult:
    """分配管理员：每人一个岗位，一次保存。"""
    require(rules.may_propose, by, place)
    for role in set(roles.values()):
        positions.require_known(role)
    _require_filed(place)
    return each(roles, lambda row: _propose(row, place, roles[row], None, by), label=_employee, races=TWICE)


@transaction.atomic
def accept(assignments, *, by: Actor, lodges_on_site: bool | None = None) -> BatchResult:
    """同意：工地确认分配，自此可以进场。Each is decided alone; those that pass are written in one statement."""
    result = BatchResult()
    rows = sift(hold_all(assignments), lambda row: _check_answer(row, Status.ACCEPTED, by), result, label=_name)
    rows = sift(rows, check_acceptance(rows), result, label=_name)
    now = timezone.now()
    values = {"confirmed_at": now, "decision_note": "", "lodges_on_site": lodges_on_site}
    return _answer(rows, Status.ACCEPTED, Event.ASSIGNMENT_ACCEPTED, result, by, values)


@transaction.atomic
def reject(assignments, *, note: str, by: Actor) -> BatchResult:
    """拒绝：退回分配的企业，必须写明原因。"""
    if not note.strip():
        raise Refused("R-40", field="note")
    result = BatchResult()
    rows = sift(hold_all(assignments), lambda row: _check_answer(row, Status.REJECTED, by), result, label=_name)
    values = {"decision_note": note.strip()}
    return _answer(rows, Status.REJECTED, Event.ASSIGNMENT_REJECTED, result, by, values)


@transaction.atomic
def remove(assignments, *, by: Actor) -> BatchResult:
    """移除：分配的企业收回尚未确认或被拒绝的分配。"""
    return each(assignments, lambda row: _remove(row, by), label=_name)


@transaction.atomic
def resubmit(assignment: Assignment, *, by: Actor, role: str | None = None, team: Team | None = None) -> Assignment:
    """再次提交：被拒绝的分配改正后再报，班组与工种是今天的，痕迹里写明改了什么。"""
    employment, assignment = lock(assignment.employment), hold(assignment)
    require(rules.may_change, by, assignment)
    _require_filed(assignment.participation)
    _require_employed(employment)
    _require_not_allocated(assignment)

    role, before = role or assignment.role, _submitted(assignment)
    positions.require_known(role)
    positions.require_free(role, assignment.participation)

    assignment.become(Status.PENDING)
    assignment.role, assignment.trade = role, employment.trade
    assignment.team = team or employment.team or assignment.team
    assignment.allocated_on = timezone.localdate()
    assignment.allocated_by_id = by.user_id
    assignment.save()

    after = _submitted(assignment)
    _record(
        Event.ASSIGNMENT_RESUBMITTED, assignment, by, before=before, after=after, changes=_differences(before, after)
    )
    return assignment


@transaction.atomic
def allocate_directly(
    employment: Employment, place: Participation, *, team: Team | None, trade: str, on: date, by: Actor
) -> Assignment:
    """A9：现场直接登记进场的，分配随之成立，不另通知；已有分配而未进场的，就用那一份。"""
    require(rules.may_allocate_directly, by, place)
    person = employment.person
    known = Assignment.objects.filter(person=person, project=place.project_id, status__in=Assignment.OPEN).first()
    if known and known.participation_id != place.pk:
        raise Refused("R-18", field="number")
    assignment = hold(known) if known else _direct(employment, place, on)
    if assignment.status == Status.DRAFT:
        assignment.become(Status.PENDING)
    if assignment.status == Status.PENDING and not assignment._state.adding:
        assignment.become(Status.ACCEPTED)
    assignment.person, assignment.team, assignment.trade = person, team, trade
    assignment.allocated_on = min(assignment.allocated_on, on)
    assignment.confirmed_at, assignment.confirmed_by_id = timezone.now(), by.user_id
    assignment.save()
    return assignment


@transaction.atomic
def end(assignment: Assignment, *, reason: str, by: Actor) -> Assignment:
    """结束：退场、聘用结束或项目结束之后。由这些命令调用，它们已问过谁可以。"""
    assignment = hold(assignment)
    if assignment.status == Status.ACCEPTED:
        assignment.become(Status.ENDED)
        happened = Event.ASSIGNMENT_ENDED
    else:
        assignment.become(Status.REMOVED)
        happened = Event.ASSIGNMENT_REMOVED
    assignment.ended_at = timezone.now()
    assignment.save()

    _record(happened, assignment, by, reason=reason)
    return assignment


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


def _propose(employment: Employment, place: Participation, role: str, team: Team | None, by: Actor) -> Assignment:
    person, employment = employment.person, lock(employment)
    employment.person = person
    assignment = proposal(employment, place, role, team, by)
    _require_employed(employment, place)
    _require_not_allocated(assignment)
    if returned := employment.assignments.filter(participation=place, status=Status.REJECTED).order_by("pk").last():
        return resubmit(returned, role=role, team=team, by=by)
    positions.require_free(role, place)
    assignment.save(force_insert=True)

    _record(Event.ASSIGNMENT_PROPOSED, assignment, by)
    return assignment


def proposal(employment: Employment, place: Participation, role: str, team: Team | None, by: Actor) -> Assignment:
    """What a page or a sheet proposes, not yet saved: the team and the trade are those of this day."""
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


def _check_answer(assignment: Assignment, status: Status, by: Actor) -> None:
    _require_answer(by, assignment)
    if status == Status.REJECTED:
        require(_may_reject, by, assignment)
    assignment.require_arrow(status)


def _answer(rows, status: Status, event: Event, result: BatchResult, by: Actor, values: dict) -> BatchResult:
    """Write the answer to all rows at once, and one line of the trail for each."""
    values |= {"status": status, "confirmed_by_id": by.user_id}
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(**values, version=F("version") + 1)
    for row in rows:
        row.become(status)
        row.version += 1
        for name, value in values.items():
            setattr(row, name, value)
    record_many(event, [(row, _named(row) | {"reason": row.decision_note}) for row in rows], by=by)
    result.done += rows
    return result


def _remove(assignment: Assignment, by: Actor) -> Assignment:
    assignment = hold(assignment)
    require(rules.may_change, by, assignment)

    assignment.become(Status.REMOVED)
    assignment.ended_at = timezone.now()
    assignment.save()

    _record(Event.ASSIGNMENT_REMOVED, assignment, by)
    return assignment


def _require_answer(by: Actor, assignment: Assignment) -> None:
    require(rules.may_confirm, by, assignment)
    if objection := answerer_of(assignment.project).objection(by, assignment):
        raise RefusedAll([objection])


def _may_reject(actor: Actor, assignment: Assignment) -> bool:
    """本项目的用工流程没有拒绝这一步"""
    return policy_of(assignment.project).reject_allowed


def _require_filed(place: Participation) -> None:
    filed = place.filings.filter(status=ContractFiling.Status.FILED).exists()
    if not filed or place.left_on or place.project.status == Project.Status.FINISHED:
        raise Refused("R-17")


def _require_employed(employment: Employment, place: Participation | None = None) -> None:
    elsewhere = place and employment.company_id != place.company_id
    if elsewhere or employment.status != Employment.Status.ACTIVE or not employment.profile_completed:
        raise Refused("R-19")


def _require_not_allocated(assignment: Assignment) -> None:
    others = Assignment.objects.filter(person=assignment.person_id, project=assignment.project_id)
    if others.filter(status__in=Assignment.OPEN).exclude(pk=assignment.pk).exists():
        raise Refused("R-18")


def _record(event: Event, assignment: Assignment, by: Actor, **more) -> None:
    record(event, assignment, by=by, **_named(assignment), **more)


def _named(assignment: Assignment) -> dict:
    return {
        "company_id": assignment.participation.company_id,
        "person": assignment.person,
        "project": assignment.project,
        "role": positions.label(assignment.role),
    }


def _submitted(assignment: Assignment) -> dict:
    facts = {"角色": positions.label(assignment.role), "班组": str(assignment.team or "")}
    return facts | {"工种": assignment.trade}


def _differences(before: dict, after: dict) -> str:
    changed = [f"{name} {before[name]} → {after[name]}" for name in after if before[name] != after[name]]
    return f"（{'，'.join(changed)}）" if changed else ""


def _employee(employment: Employment) -> str:
    return employment.person.name


def _name(assignment: Assignment) -> str:
    return assignment.person.name
