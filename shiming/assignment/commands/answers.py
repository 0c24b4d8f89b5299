"""同意与拒绝: the answer to allocations and bindings, many at once."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.assignment.answerers import answerer_of
from shiming.assignment.commands.rows import hold_all, name_of, named
from shiming.assignment.guards import check_acceptance
from shiming.assignment.models import Assignment
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.batch import BatchResult, sift
from shiming.core.errors import Refused, RefusedAll
from shiming.core.events import Event
from shiming.projects.queries import policy_of

Status = Assignment.Status


@transaction.atomic
def accept(assignments, *, by: Actor, lodges_on_site: bool | None = None) -> BatchResult:
    """Accept allocations, so that the people may enter. Each is decided alone.

    Those that pass are written in one statement.
    """
    result = BatchResult()
    rows = sift(hold_all(assignments), lambda row: _check_answer(row, Status.ACCEPTED, by), result, label=name_of)
    rows = sift(rows, check_acceptance(rows), result, label=name_of)
    now = timezone.now()
    values = {"confirmed_at": now, "decision_note": "", "lodges_on_site": lodges_on_site}
    return _answer(rows, Status.ACCEPTED, Event.ASSIGNMENT_ACCEPTED, result, by, values)


@transaction.atomic
def reject(assignments, *, note: str, by: Actor) -> BatchResult:
    """Return allocations to the company that made them; R-40 without a note."""
    if not note.strip():
        raise Refused("R-40", field="note")
    result = BatchResult()
    rows = sift(hold_all(assignments), lambda row: _check_answer(row, Status.REJECTED, by), result, label=name_of)
    values = {"decision_note": note.strip()}
    return _answer(rows, Status.REJECTED, Event.ASSIGNMENT_REJECTED, result, by, values)


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
    record_many(event, [(row, named(row) | {"reason": row.decision_note}) for row in rows], by=by)
    result.done += rows
    return result


def _require_answer(by: Actor, assignment: Assignment) -> None:
    answerer = answerer_of(assignment.project)
    require(answerer.may_answer, by, assignment)
    if objection := answerer.objection(by, assignment):
        raise RefusedAll([objection])


def _may_reject(actor: Actor, assignment: Assignment) -> bool:
    """本项目的用工流程没有拒绝这一步"""
    return policy_of(assignment.project).reject_allowed
