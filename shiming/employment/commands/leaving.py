"""Leaving: the worker requests it, the company answers (E8 to E10); and `end`, the end of every employment."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import asked, held, tell
from shiming.employment.models import Employment, Transfer

Status = Employment.Status


@transaction.atomic
def request_leave(employment: Employment, *, reason: str, by: Actor) -> Employment:
    """The worker requests to leave; the company must answer before the deadline (E8). R-10 without a reason."""
    employment = held(employment)
    require(rules.may_answer, by, employment)
    if not reason.strip():
        raise Refused("R-10", label="离职原因", field="reason")

    employment.become(Status.LEAVE_REQUESTED)
    employment.leave_requested_at, employment.leave_overdue = timezone.now(), False
    employment.leave_reason, employment.answer_note = reason.strip(), ""
    employment.save()

    tell(Event.LEAVE_REQUESTED, employment, by=by, reason=employment.leave_reason)
    return employment


@transaction.atomic
def answer_leave(employment: Employment, *, agree: bool, note: str = "", by: Actor) -> Employment:
    """The company agrees and the employment ends (E9), or refuses with a note (R-10) and it goes on (E10)."""
    employment = held(employment)
    require(rules.may_manage, by, employment)
    asked(employment, Status.LEAVE_REQUESTED)
    if agree:
        tell(Event.LEAVE_APPROVED, employment, by=by)
        return end(employment, by=by)
    if not note.strip():
        raise Refused("R-10", label="不同意的原因", field="note")

    _stay(employment, note.strip())
    tell(Event.LEAVE_REFUSED, employment, by=by, reason=employment.answer_note)
    return employment


@transaction.atomic
def cancel_leave(employment: Employment, *, by: Actor) -> Employment:
    """The worker cancels the request and stays employed (E10)."""
    employment = held(employment)
    require(rules.may_answer, by, employment)
    asked(employment, Status.LEAVE_REQUESTED)

    _stay(employment, "")
    tell(Event.LEAVE_CANCELLED, employment, by=by)
    return employment


def flag_overdue_leaves(*, by: Actor, today: date | None = None) -> int:
    """Flag requests without an answer by the deadline and notify the authority (E10); return how many.

    A repeated run flags no request twice.
    """
    require(rules.may_tend, by)
    first_open_day = (today or timezone.localdate()) - timedelta(days=environment().leave_days)
    late = Employment.objects.filter(
        status=Status.LEAVE_REQUESTED, leave_overdue=False, leave_requested_at__date__lt=first_open_day
    )
    return sum(_flag(employment, by) for employment in late.order_by("pk").iterator())


@transaction.atomic
def _flag(employment: Employment, by: Actor) -> bool:
    employment = held(employment)
    if employment.status != Status.LEAVE_REQUESTED or employment.leave_overdue:
        return False
    employment.leave_overdue = True
    employment.save()
    for transfer in Transfer.objects.filter(person=employment.person_id, status=Transfer.Status.LEAVING):
        transfer.overdue = True
        transfer.save()
    tell(Event.LEAVE_OVERDUE, employment, by=by)
    return True


def end(employment: Employment, *, by: Actor) -> Employment:
    """End the employment. Allocations, stays, transfers and inbox follow by `@after` in the same transaction."""
    employment.become(Status.ENDED)
    employment.ended_at = timezone.now()
    employment.save()

    tell(Event.EMPLOYMENT_ENDED, employment, by=by)
    return employment


def _stay(employment: Employment, note: str) -> None:
    employment.become(Status.ACTIVE)
    employment.leave_requested_at, employment.leave_overdue = None, False
    employment.answer_note = note
    employment.save()
