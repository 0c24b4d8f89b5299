"""Dismissal: the company proposes it, the worker answers (E11 to E13)."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import asked, held, tell
from shiming.employment.commands.leaving import end
from shiming.employment.guards import check_dismissal
from shiming.employment.models import Employment

Status = Employment.Status


@transaction.atomic
def propose_dismissal(employment: Employment, *, reason: str, by: Actor) -> Employment:
    """Propose a dismissal with a reason (R-41) and await the worker's answer (E11).

    A manager must have left the site (R-24); a worker may be on site.
    """
    employment = held(employment)
    require(rules.may_manage, by, employment)
    if not reason.strip():
        raise Refused("R-41", field="reason")
    asked(employment, Status.ACTIVE)
    check_dismissal(employment)

    employment.become(Status.DISMISSAL_PENDING)
    employment.dismissal_at, employment.end_reason = timezone.now(), reason.strip()
    employment.save()

    tell(Event.DISMISSAL_PROPOSED, employment, by=by, reason=employment.end_reason)
    return employment


@transaction.atomic
def answer_dismissal(employment: Employment, *, agree: bool, by: Actor) -> Employment:
    """The worker agrees and the employment ends (E12), or refuses and it goes on (E13)."""
    employment = held(employment)
    require(rules.may_answer, by, employment)
    asked(employment, Status.DISMISSAL_PENDING)
    if agree:
        tell(Event.DISMISSAL_ACCEPTED, employment, by=by)
        return end(employment, by=by)

    _stay(employment)
    tell(Event.DISMISSAL_REFUSED, employment, by=by)
    return employment


@transaction.atomic
def cancel_dismissal(employment: Employment, *, by: Actor) -> Employment:
    """The company cancels the dismissal (E13)."""
    employment = held(employment)
    require(rules.may_manage, by, employment)
    asked(employment, Status.DISMISSAL_PENDING)

    _stay(employment)
    tell(Event.DISMISSAL_CANCELLED, employment, by=by)
    return employment


def _stay(employment: Employment) -> None:
    employment.become(Status.ACTIVE)
    employment.dismissal_at, employment.end_reason = None, ""
    employment.save()
