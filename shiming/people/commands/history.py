"""工作经历: whether companies see the names of other companies is decided by the person (domain.md §11.11)."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people import rules
from shiming.people.models import Person

VERSION = "2026-12"  # of the text on the page people/me/history.html


@transaction.atomic
def agree_to_history(person: Person, *, by: Actor) -> Person:
    """同意: other companies see where the person worked. A repeated answer changes nothing."""
    return _answer(person, True, by)


@transaction.atomic
def withdraw_history(person: Person, *, by: Actor) -> Person:
    """撤回, at any time and at once."""
    return _answer(person, False, by)


def _answer(person: Person, agrees: bool, by: Actor) -> Person:
    person = lock(person)
    require(rules.may_submit, by, person)
    if agrees == (person.history_agreed_at is not None):
        return person
    person.history_agreed_at = timezone.now() if agrees else None
    person.save()
    event = Event.HISTORY_SHOWN if agrees else Event.HISTORY_HIDDEN
    record(event, person, by=by, person_id=person.pk, person=person.name, version=VERSION)
    return person
