"""What can be done in 项目人员绑定 besides draft, submit and discard, which belong to assignment."""

from django.db import transaction

from shiming.assignment import commands as assignment_commands
from shiming.assignment import positions
from shiming.assignment.models import Assignment
from shiming.assignment.rules import may_bind
from shiming.binding import queries, rules
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import caused_by, record
from shiming.core.batch import BatchResult, each
from shiming.core.errors import Conflict, Invalid, Refused
from shiming.core.events import Event
from shiming.employment.commands import (
    change_worker,
    draft_for,
    keep_worker,
    looked_up,
    photos_of,
    worker_here,
)
from shiming.employment.models import Employment, ManagerDraft
from shiming.employment.rules import may_keep_draft, may_make_worker, may_register_directly
from shiming.people.commands import checked_number, discard_draft, limited
from shiming.people.commands.reveal import REVEALS
from shiming.people.models import Person
from shiming.projects.commands import sync_filed_people
from shiming.projects.models import ContractFiling, FiledPerson, Participation

Status, Origin = Assignment.Status, Assignment.Origin


@limited
@transaction.atomic
def add_worker(
    place: Participation, number: str, name: str, *, by: Actor, origin: str = Origin.ALLOCATION, **given
) -> Assignment:
    """Register a worker as employed and draft the binding to the place. `given` as `keep_worker` takes it."""
    require(rules.may_bind_workers, by, place)
    place = assignment_commands.hold_place(place)
    employment = keep_worker(number, name, by=by, **given)
    _require_no_position(employment)
    return assignment_commands.draft(employment, place, role=Assignment.WORKER, by=by, origin=origin)


@transaction.atomic
def add_known_workers(employments, place: Participation, *, by: Actor) -> BatchResult:
    """Draft bindings for registered workers of the company, each decided alone."""
    require(rules.may_bind_workers, by, place)
    draft = assignment_commands.draft
    return each(
        employments,
        lambda row: draft(row, place, role=Assignment.WORKER, by=by),
        label=lambda row: row.person.name,
        races=assignment_commands.TWICE,
    )


@transaction.atomic
def correct_worker(assignment: Assignment, *, by: Actor, draft: ManagerDraft | None = None, **given) -> Employment:
    """Correct a worker whose binding is a draft or was rejected. `given` as `change_worker` takes it.

    The registration draft is deleted; its photos stay with the worker.
    """
    require(rules.may_bind_workers, by, assignment.participation)
    return _change(assignment.employment, draft, by, given)


@transaction.atomic
def make_worker(employment: Employment, *, by: Actor, **given) -> Employment:
    """Turn a manager into a worker (domain.md §11.12): the employment goes on, no position may stay open.

    `given` as `change_worker` takes it.
    """
    require(may_make_worker, by, employment)
    employment = change_worker(employment, by=by, **given)
    _require_no_position(employment)
    return employment


@limited
@transaction.atomic
def start_worker_draft(place: Participation, number: str, *, by: Actor) -> ManagerDraft:
    """新增 asks the number first: R-03, R-05, R-08, R-18. The draft of the same number and place goes on."""
    require(rules.may_bind_workers, by, place)
    require(may_register_directly, by)
    normal = checked_number(number).number
    if person := looked_up(normal, by):
        known = worker_here(person, by)
        _require_not_here(person, place)
        if known:
            _require_no_position(known)
    return draft_for(normal, by, place)


@transaction.atomic
def draft_of_worker(assignment: Assignment, *, by: Actor) -> ManagerDraft:
    """Changes of a worker who has a draft already are kept in the same way."""
    require(rules.may_bind_workers, by, assignment.participation)
    return draft_for(assignment.person.id_number.plain, by, assignment.participation)


@limited
@transaction.atomic
def add_from_draft(draft: ManagerDraft, known: Employment | None, *, by: Actor, **given) -> Assignment:
    """保存: the worker is registered, or `known` of this company changed, and drafted on the place of the draft.

    R-43 when the page was opened before the person came to the company: it did not show what is registered."""
    require(may_keep_draft, by, draft)
    if known is None:
        given = {name: value for name, value in given.items() if name != "seen"}
        row = add_worker(draft.place, draft.number.plain, by=by, photos=photos_of(draft), **given)
        discard_draft(draft)
        return row
    require(rules.may_bind_workers, by, draft.place)
    if given.get("seen") is None:
        raise Conflict()
    place = assignment_commands.hold_place(draft.place)
    _require_no_position(known)
    employment = _change(known, draft, by, given)
    return assignment_commands.draft(employment, place, role=Assignment.WORKER, by=by)


def sync(place: Participation, *, by: Actor) -> bool:
    """The people filed for this company's contracts are taken over from the approval system, and drafted if they are
    in the own register; True when the list changed."""
    filings = list(place.filings.filter(status=ContractFiling.Status.FILED).order_by("pk"))
    changed = [sync_filed_people(filing, by=by) for filing in filings]
    return draft_filed(place, by=by) or any(changed)


@transaction.atomic
def draft_filed(place: Participation, *, by: Actor) -> bool:
    """A2 by sync: one draft for each filed manager of the own register who is not on the project yet."""
    rows = [row for row in queries.filed_managers(place) if row.may_be_drafted]
    for row in rows:
        assignment_commands.draft(row.employment, place, role=row.position, by=by, origin=Origin.SYNC)
    return bool(rows)


@transaction.atomic
def drop_draft_of(filed: FiledPerson, *, by: Actor) -> None:
    """A person taken out of the filing: the draft goes, what is submitted or bound stays (domain.md §11.2)."""
    place = filed.filing.participation
    if queries.filed_on(place).filter(id_digest=filed.id_digest).exists():
        return
    drafts = place.assignments.filter(person__id_digest=filed.id_digest, status=Status.DRAFT)
    for draft in drafts.exclude(role=Assignment.WORKER).select_related("person", "participation", "project"):
        assignment_commands.end(draft, reason="不再报送", by=by)


@transaction.atomic
def number_to_register(filed: FiledPerson, *, by: Actor) -> str:
    """The whole number of a person the company itself has filed, for its form of registration: a reveal like others,
    limited and noted. A person in the register is notified."""
    place = filed.filing.participation
    require(may_bind, by, place)
    REVEALS.claim(caused_by(by, Event.PERSON_REVEALED), key=by.user_id)
    known = Person.objects.filter(id_digest=filed.id_digest).values_list("pk", flat=True).first()
    record(
        Event.PERSON_REVEALED,
        filed,
        by=by,
        person_id=known,
        company_id=place.company_id,
        project_id=place.project_id,
        reason="管理人员登记",
        person=filed.name,
        field="身份证号",
        firm=by.company_name or by.role.label,
    )
    return filed.id_number.plain


@transaction.atomic
def restore_drafts(place: Participation, removed_at, *, by: Actor) -> None:
    """The workers' drafts that went with the project come back with it."""
    gone = place.assignments.filter(status=Status.REMOVED, role=Assignment.WORKER, ended_at__gte=removed_at)
    for row in gone.select_related("employment__person").order_by("pk"):
        if row.employment.status == Employment.Status.ACTIVE:
            assignment_commands.draft(row.employment, place, role=row.role, by=by, origin=row.origin)


def _change(employment: Employment, draft: ManagerDraft | None, by: Actor, given: dict) -> Employment:
    employment = change_worker(employment, by=by, photos=photos_of(draft) if draft else None, **given)
    if draft:
        discard_draft(draft)
    return employment


def _require_not_here(person: Person, place: Participation) -> None:
    """R-18 before the long form is typed; a draft, or what was returned, is opened again."""
    there = Assignment.objects.filter(person=person, project=place.project_id, status__in=Assignment.OPEN)
    if there.exclude(status__in=(Status.DRAFT, Status.REJECTED)).exists():
        raise Refused("R-18", field="number")


def _require_no_position(employment: Employment) -> None:
    """§11.12: who stands somewhere as a manager does not become a worker by the way."""
    held = Assignment.objects.filter(employment=employment, status__in=Assignment.OPEN)
    if row := held.exclude(role=Assignment.WORKER).select_related("project").first():
        raise Invalid(
            f"该人员在“{row.project}”以{positions.label(row.role)}绑定",
            next_step="先结束那里的绑定，再登记为作业人员",
            field="number",
        )
