"""Reveal a whole number: requires the right and a purpose, is recorded for the worker to see, and limited per user."""

from datetime import timedelta

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import caused_by, record
from shiming.core.errors import missing
from shiming.core.events import Event
from shiming.core.limits import Limit
from shiming.people import rules
from shiming.people.models import Person

REVEALABLE = {"id_number": "身份证号", "phone": "手机号", "register_address": "户籍地址", "residence": "现居住地"}
REVEALS = Limit(30, timedelta(minutes=10), "R-83")


@transaction.atomic
def reveal(person: Person, field: str, *, purpose: str, by: Actor) -> str:
    """The whole value, after the trail entry with reader and purpose is written."""
    require(rules.may_reveal, by, person)
    count_reveal(person, REVEALABLE[field], purpose=purpose, by=by)
    value = getattr(person, field)
    return value.plain if value else ""


def count_reveal(person: Person, label: str, *, purpose: str, by: Actor) -> None:
    """Count and record the reveal of a value of another module, such as a bank card. Call it in a transaction."""
    if not purpose.strip():
        raise missing("用途", "purpose")
    REVEALS.claim(caused_by(by, Event.PERSON_REVEALED), key=by.user_id)
    record(
        Event.PERSON_REVEALED,
        person,
        by=by,
        person_id=person.pk,
        company_id=by.company_id,
        reason=purpose.strip()[:200],
        person=person.name,
        field=label,
        firm=by.company_name or by.role.label,
    )
