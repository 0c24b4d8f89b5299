"""Results of an identity check: passed, failed or left to the administrator."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people import rules
from shiming.people.models import Person


@transaction.atomic
def verify(person: Person, *, by: Actor, seen: int | None = None) -> Person:
    """Mark the person 已实名; employments that wait for this continue."""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)

    person.become(Person.Status.VERIFIED)
    person.verified_at = timezone.now()
    person.failure = person.review_note = ""
    person.save()

    record(Event.PERSON_VERIFIED, person, by=by, person_id=person.pk, person=person.name)
    return person


@transaction.atomic
def fail(person: Person, *, reason: str, by: Actor, seen: int | None = None) -> Person:
    """Mark the person 核验失败; R-10 without a reason. The person may submit again."""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)
    if not reason.strip():
        raise missing("不通过原因", "reason")

    person.become(Person.Status.FAILED)
    person.failure, person.review_note = reason.strip()[:200], ""
    person.save()

    record(Event.PERSON_FAILED, person, by=by, person_id=person.pk, person=person.name, reason=person.failure)
    return person


@transaction.atomic
def leave_to_administrator(person: Person, *, note: str, by: Actor, seen: int | None = None) -> Person:
    """Note why the check is unclear; the person stays 待核验 until the administrator decides."""
    person = lock(person, seen=seen)
    require(rules.may_decide_identity, by)

    person.review_note = note[:200]
    person.save(update_fields=["review_note"])
    return person


@transaction.atomic
def open_card(person: Person, *, by: Actor) -> str:
    """Open card photos and number for the check, with a trail entry; return the plain number."""
    require(rules.may_decide_identity, by)

    record(Event.PERSON_REVIEWED, person, by=by, person_id=person.pk, person=person.name, firm=by.role.label)
    return person.id_number.plain
