"""Proofs that a person stood there, for commands whose own rules have let the actor (domain.md §5.1, §11.5).

A face registered in front of a manager and a check by hand both verify a waiting identity; the source says which.
"""

from django.db import transaction
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.models import Person


@transaction.atomic
def note_face(person: Person, *, by: Actor) -> Person:
    """Note a registered face, which also proves the identity."""
    person = lock(person)
    person.face_status, person.face_registered_at = Person.Face.REGISTERED, timezone.now()
    return _proved(person, Person.Source.FACE, by)


@transaction.atomic
def note_hand_check(person: Person, *, by: Actor) -> Person:
    """Note a 人工核验, which also proves the identity; a registered face stays."""
    person = lock(person)
    person.hand_checked_at = timezone.now()
    return _proved(person, Person.Source.HAND, by)


@transaction.atomic
def forget_face(person: Person) -> Person:
    """Remove the registered face; a proved identity stays proved."""
    person = lock(person)
    person.face_status, person.face_registered_at = Person.Face.WITHDRAWN, None
    person.save(update_fields=["face_status", "face_registered_at"])
    return person


def _proved(person: Person, source: str, by: Actor) -> Person:
    if newly := person.identity_status == Person.Status.PENDING:
        person.become(Person.Status.VERIFIED)
        person.identity_source, person.verified_at = source, timezone.now()
        person.failure = person.review_note = ""
    person.save()
    if newly:
        record(Event.PERSON_VERIFIED, person, by=by, person_id=person.pk, person=person.name)
    return person
