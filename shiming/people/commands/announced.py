"""A person known by number and name only, before any card was read ([002] 进场预登记 and 携带家属)."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.idcard.number import IdNumber
from shiming.people import rules
from shiming.people.commands.checks import require_same_name
from shiming.people.models import Person


@transaction.atomic
def register_announced(number: IdNumber, name: str, *, by: Actor) -> Person:
    """The person with this number, who must have this name (R-07), locked; an unknown number makes a 未实名 person."""
    require(rules.may_announce, by)
    if known := Person.by_id_number(number.number):
        require_same_name(known, name)
        return Person.objects.select_for_update().get(pk=known.pk)
    person = Person(identity_status=Person.Status.UNVERIFIED, identity_source=Person.Source.PREREGISTERED)
    person.identify(number, name)
    person.save()
    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id}
    record(Event.PERSON_REGISTERED, person, by=by, person=person.name, **scope)
    return person
