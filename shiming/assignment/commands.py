"""Commands of allocations: propose, accept, reject, take back, submit again, end."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.assignment import positions, rules
from shiming.assignment.answerers import answerer_of
from shiming.assignment.checks import is_filed, place_refusals, submission_refusals
from shiming.assignment.guards import check_acceptance
from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record, record_many, trail_of
from shiming.core.batch import BatchResult, each, sift
from shiming.core.errors import Conflict, Invalid, Refused, RefusedAll
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import Refusal
from shiming.employment.models import Employment
from shiming.projects import chain
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation, Project, Team
from shiming.projects.queries import policy_of

Status, Origin = Assignment.Status, Assignment.Origin
TWICE = {"one_open_assignment_per_person_and_project": "R-18"}


@transaction.atomic
def propose(employments, place: Participation, *, role: str, by: Actor, team: Team | None = None) -> BatchResult:
    """分配：把在职且信息完善的人分到一个项目的本企业位置，等待工地确认；被拒绝过的，就是再次提交那一份。"""
    require(rules.may_propose, by, place)
    positions.require_known(role)
    _require_allocated_here(place)
    _require_filed(place)
    return each(employments, lambda row: _propose(row, place, role, team, by), label=_employee, races=TWICE)


@transaction.atomic
def propose_managers(roles: dict[Employment, str], place: Participation, *, by: Actor) -> BatchResult:
    """分配管理员：每人一个岗位，一次保存。"""
    require(rules.may_propose, by, place)
    for role in set(roles.values()):
        positions.require_known(role)
    _require_allocated_here(place)
    _require_filed(place)
    return each(roles, lambda row: _propose(row, place, roles[row], None, by), label=_employee, races=TWICE)


@transaction.atomic
def draft(
    employment: Employment, place: Participation, *, role: str, by: Actor, origin: str = Origin.ALLOCATION
) -> Assignment:
    """A2 待提交：登记到项目，等本企业提交；已在本项目待提交或审核不通过的，就是那一份。"""
    place, employment = hold_place(place), lock(employment)
    require(rules.may_bind, by, place)
    positions.require_known(role)
    _require_bound_here(place)
    if place.left_on or place.project.status == Project.Status.FINISHED:
        raise Refused("R-48")
    if role == Assignment.WORKER and place.kind not in chain.BUILDERS:
        raise Invalid("现场作业人员由总包、专业、劳务单位登记", next_step="本单位只绑定管理人员")
    _require_employed(employment, place)
    standing = (Status.DRAFT, Status.REJECTED)
    if known := employment.assignments.filter(participation=place, status__in=standing).order_by("pk").last():
        return known
    assignment = proposal(employment, place, role, None, by)
    assignment.status, assignment.origin = Status.DRAFT, origin
    _require_not_allocated(assignment)
    assignment.save(force_insert=True)

    _record(Event.ASSIGNMENT_DRAFTED, assignment, by)
    return assignment


@transaction.atomic
def submit(assignments, *, by: Actor) -> BatchResult:
    """A3 提交、A6 再次提交：每人单独决定，不能提交的说出全部原因。"""
    places = {place.pk: (place, place_refusals(place)) for place in _held_places(assignments)}
    return each(assignments, lambda row: _submit(row, *places[row.participation_id], by), label=_name, races=TWICE)


@transaction.atomic
def discard(assignments, *, by: Actor) -> BatchResult:
    """移除：本企业收回待提交、待审核或审核不通过的绑定。"""
    return each(assignments, lambda row: _discard(row, by), label=_name)


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
    _require_allocated_here(assignment.participation)
    _require_filed(assignment.participation)
    _require_employed(employment)
    _require_not_allocated(assignment)

    role, before = role or assignment.role, _submitted(assignment)
    positions.require_known(role)
    positions.require_free(role, assignment.participation)

    assignment.become(Status.PENDING)
    assignment.role = role
    _as_of_today(assignment, employment, team, by)

    after = _submitted(assignment)
    changes = _differences(before, after)
    _record(Event.ASSIGNMENT_RESUBMITTED, assignment, by, before=before, after=after, changes=changes)
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
    """A9：现场直接登记进场的，分配随之成立，不另通知；已有分配而未进场的，就用那一份。"""
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


def hold_place(place: Participation) -> Participation:
    """The place held and read again: the company cannot give the project up meanwhile (domain.md §11.3). What also
    holds a person holds the place first."""
    (held,) = _held_places([Assignment(participation=place)])
    return held


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
    _require_not_allocated(assignment)
    positions.require_free(assignment.role, place, besides=assignment)

    before = _last_submitted(assignment) if again else {}
    assignment.become(Status.PENDING)
    _as_of_today(assignment, employment, None, by)

    after = _submitted(assignment) | _shown(assignment, employment)
    event = Event.ASSIGNMENT_RESUBMITTED if again else Event.ASSIGNMENT_SUBMITTED
    _record(event, assignment, by, before=before, after=after, changes=_differences(before, after) if again else "")
    return assignment


def _as_of_today(assignment: Assignment, employment: Employment, team: Team | None, by: Actor) -> None:
    """Trade, team and day of a submission are those of this day; saved with who submitted."""
    assignment.trade = employment.trade
    assignment.team = team or employment.team or assignment.team
    assignment.allocated_on, assignment.allocated_by_id = timezone.localdate(), by.user_id
    assignment.submitted_at, assignment.submitted_by_id = timezone.now(), by.user_id
    assignment.save()


def _discard(assignment: Assignment, by: Actor) -> Assignment:
    assignment = hold(assignment)
    require(rules.may_bind, by, assignment.participation)
    _require_bound_here(assignment.participation)

    assignment.become(Status.REMOVED)
    assignment.ended_at = timezone.now()
    assignment.save()

    _record(Event.ASSIGNMENT_REMOVED, assignment, by)
    return assignment


def _held_places(assignments) -> list[Participation]:
    rows = Participation.objects.select_for_update(of=("self",), no_key=True).select_related("project", "company")
    keys = {row.participation_id for row in assignments}
    return list(rows.filter(pk__in=keys).prefetch_related("project__policies").order_by("pk"))


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
    answerer = answerer_of(assignment.project)
    require(answerer.may_answer, by, assignment)
    if objection := answerer.objection(by, assignment):
        raise RefusedAll([objection])


def _may_reject(actor: Actor, assignment: Assignment) -> bool:
    """本项目的用工流程没有拒绝这一步"""
    return policy_of(assignment.project).reject_allowed


def _require_filed(place: Participation) -> None:
    if not is_filed(place) or place.project.status == Project.Status.FINISHED:
        raise Refused("R-17")


def _require_allocated_here(place: Participation) -> None:
    if implementer_audits(policy_of(place.project)):
        raise Invalid("本项目的人员由实施单位审核绑定", next_step="请在“项目人员绑定”里登记并提交")


def _require_bound_here(place: Participation) -> None:
    if not implementer_audits(policy_of(place.project)):
        raise Invalid("本项目不用绑定审核", next_step="请在“人员分配”里分配")


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
    return (last.after if last else None) or _submitted(assignment)


def _differences(before: dict, after: dict) -> str:
    known = [name for name in after if name in before]
    changed = [
        f"{name} {before[name] or '空'} → {after[name] or '空'}" for name in known if before[name] != after[name]
    ]
    return f"（{'，'.join(changed)}）" if changed else ""


def _employee(employment: Employment) -> str:
    return employment.person.name


def _name(assignment: Assignment) -> str:
    return assignment.person.name
