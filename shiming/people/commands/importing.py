"""Register the people of a file together: known ones are locked, others created, one trail entry for each."""

from django.db import transaction
from django.utils import timezone

from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.events import Event
from shiming.core.privacy import blind_index
from shiming.idcard.number import parse
from shiming.people import rules
from shiming.people.models import Person


@transaction.atomic
def register_many(given: dict[str, dict], *, by: Actor) -> tuple[dict[str, Person], dict[str, Person]]:
    """Find or create the persons of {number: fields with at least `name`}; returns (known, new) by number.

    Known persons are locked and unchanged: the caller compares the names. New persons are 待核验 unless the fields set
    another status.
    """
    require(rules.may_register, by)
    digests = {blind_index("id_number", number): number for number in given}
    # Locked in key order, so that two imports do not deadlock.
    rows = Person.objects.select_for_update(of=("self",)).filter(id_digest__in=digests).order_by("pk")
    known = {digests[person.id_digest]: person for person in rows}
    begins = {
        "identity_status": Person.Status.PENDING,
        "identity_source": Person.Source.TYPED,
        "submitted_on": timezone.localdate(),
    }
    fresh = {number: _new(begins, number, **fields) for number, fields in given.items() if number not in known}
    bulk.insert(list(fresh.values()))

    scope = {"company_id": by.company_id, "project_id": by.project_id}
    entries = [(person, {"person_id": person.pk, "person": person.name, **scope}) for person in fresh.values()]
    record_many(Event.PERSON_REGISTERED, entries, by=by)
    return known, fresh


def _new(begins: dict, number: str, *, name: str, phone: str = "", **fields) -> Person:
    person = bulk.new(Person, **{**begins, **fields})
    person.identify(parse(number), name)
    if phone:
        person.set_phone(phone)
    return person
