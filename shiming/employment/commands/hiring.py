"""Hiring: invitation, waiting for verification, withdrawal, the worker's answer, expiry (E1 to E5)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor, system
from shiming.core.batch import BatchResult, each
from shiming.core.environment import environment
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands.common import current_of, held, open_here, person_named, tell
from shiming.employment.models import Employment
from shiming.people.commands import limited
from shiming.people.models import Person
from shiming.projects.policies import EmploymentMode

Status = Employment.Status
ANSWERED = (*Employment.EMPLOYED, Status.DECLINED, Status.ENDED)


@limited
@transaction.atomic
def invite(*, name: str, number: str, by: Actor) -> Employment:
    """Invite a verified person (E1); R-08 when invited here already, R-04 when employed here.

    While the identity is still being checked, the employment waits (E2) and the invitation follows by itself. Raise
    R-05 for a person employed elsewhere and R-06 for one who is not verified.
    """
    require(rules.may_hire, by)
    person = person_named(number, name)
    if (existing := open_here(person.pk, by.company_id)) and not (existing.past_term and _expire(existing, system())):
        return _already(existing)
    if current_of(person.pk):
        raise Refused("R-05")
    if person.identity_status == Person.Status.PENDING:
        return _await(person, by)
    if not person.verified:
        raise Refused("R-06", field="number")
    return send(person, by.company_id, by=by, invited_by=by.user_id)


def send(person: Person, company_id, *, by: Actor, invited_by) -> Employment:
    """Create and record the invitation; also called when a transfer completes."""
    employment = Employment(person=person, company_id=company_id, mode=EmploymentMode.INVITE, invited_by_id=invited_by)
    employment.status = Status.INVITED
    date_invitation(employment)
    employment.full_clean()
    employment.save()

    tell(Event.EMPLOYMENT_INVITED, employment, by=by)
    return employment


@transaction.atomic
def continue_awaiting(person: Person, *, by: Actor) -> None:
    """Send the invitations that waited for this person, after the identity was verified."""
    require(rules.may_tend, by)
    for employment in _awaiting(person):
        employment.become(Status.INVITED)
        date_invitation(employment)
        employment.save()
        tell(Event.EMPLOYMENT_CONTINUED, employment, by=by)


@transaction.atomic
def give_up_awaiting(person: Person, *, reason: str, by: Actor) -> None:
    """Expire the employments that waited for this person, after the verification failed.

    The company may hire again once the person has registered again.
    """
    require(rules.may_tend, by)
    for employment in _awaiting(person):
        employment.become(Status.EXPIRED)
        employment.answer_note = reason[:200]
        employment.save()
        tell(Event.EMPLOYMENT_EXPIRED, employment, by=by, reason=reason)


@transaction.atomic
def withdraw(employment: Employment, *, by: Actor) -> Employment:
    """Withdraw an invitation before the worker has answered (E3); R-09 afterwards."""
    employment = held(employment)
    require(rules.may_manage, by, employment)
    if employment.status in ANSWERED:
        raise Refused("R-09")

    employment.become(Status.WITHDRAWN)
    employment.save()

    tell(Event.EMPLOYMENT_WITHDRAWN, employment, by=by)
    return employment


def withdraw_many(employments: Sequence[Employment], *, by: Actor) -> BatchResult:
    """Withdraw the given invitations, each decided alone."""
    return each(employments, lambda employment: withdraw(employment, by=by), label=lambda row: row.person.name)


@transaction.atomic
def confirm(employment: Employment, *, by: Actor) -> Employment:
    """The worker confirms within the term and is employed from now on (E4); R-05 when employed elsewhere."""
    employment = _held_within_term(employment)
    require(rules.may_answer, by, employment)
    if employment.can_become(Status.ACTIVE) and current_of(employment.person_id):
        raise Refused("R-05")

    employment.become(Status.ACTIVE)
    employment.started_at = timezone.now()
    employment.save()

    tell(Event.EMPLOYMENT_CONFIRMED, employment, by=by)
    return employment


@transaction.atomic
def decline(employment: Employment, *, by: Actor) -> Employment:
    """The worker declines the invitation within its term (E5)."""
    employment = _held_within_term(employment)
    require(rules.may_answer, by, employment)

    employment.become(Status.DECLINED)
    employment.save()

    tell(Event.EMPLOYMENT_DECLINED, employment, by=by)
    return employment


def expire_old(*, by: Actor, today: date | None = None) -> int:
    """Expire invitations that are past their date without an answer (E5); return how many.

    Each is saved alone, so a repeated run after an interruption changes no row twice.
    """
    require(rules.may_tend, by)
    late = Employment.objects.filter(status=Status.INVITED, expires_on__lt=today or timezone.localdate())
    return sum(_expire(employment, by) for employment in late.order_by("pk").iterator())


@transaction.atomic
def _expire(employment: Employment, by: Actor) -> bool:
    employment = held(employment)
    if employment.status != Status.INVITED:
        return False
    employment.become(Status.EXPIRED)
    employment.save()
    tell(Event.EMPLOYMENT_EXPIRED, employment, by=by)
    return True


def _held_within_term(employment: Employment) -> Employment:
    """The locked row; past its last day it counts as expired, whether or not the nightly job has run."""
    employment = held(employment)
    if employment.past_term:
        employment.status = Status.EXPIRED
    return employment


def _already(existing: Employment) -> Employment:
    """For a second invitation: return the waiting row (M-01 is no refusal), else raise R-08 or R-04."""
    if existing.status == Status.AWAITING_IDENTITY:
        return existing
    raise Refused("R-08" if existing.status == Status.INVITED else "R-04")


def _await(person: Person, by: Actor) -> Employment:
    employment = Employment(person=person, company_id=by.company_id, mode=EmploymentMode.INVITE)
    employment.status, employment.invited_by_id = Status.AWAITING_IDENTITY, by.user_id
    employment.full_clean()
    employment.save()

    tell(Event.EMPLOYMENT_AWAITING, employment, by=by)
    return employment


def date_invitation(employment: Employment) -> None:
    employment.invited_at = timezone.now()
    employment.expires_on = timezone.localdate() + timedelta(days=environment().invite_days)


def _awaiting(person: Person):
    rows = Employment.objects.filter(person=person.pk, status=Status.AWAITING_IDENTITY)
    # Locked in key order, so that two jobs do not deadlock.
    return rows.select_for_update(of=("self",)).order_by("pk")
