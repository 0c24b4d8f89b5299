"""Helpers at the start of every employment command."""

from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment.models import Employment, Transfer
from shiming.idcard import number as id_number
from shiming.people.commands.checks import require_same_name
from shiming.people.models import Person


def person_named(number: str, name: str) -> Person:
    """The registered person with this number and name, locked against other employment commands; R-03, R-06 or R-07."""
    try:
        parsed = id_number.parse(number)
    except id_number.InvalidIdNumber as error:
        raise Refused("R-03", field="number", position=error.position) from error
    person = Person.by_id_number(parsed.number)
    if person is None:
        raise Refused("R-06", field="number")
    require_same_name(person, name)
    return hold(person)


def hold(person: Person) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person.pk)


def held(row: Employment | Transfer, *, seen: int | None = None):
    """Lock the person first, then the row: one order of locks for two firms, or a firm and the worker."""
    Person.objects.select_for_update(of=("self",)).values_list("pk").get(pk=row.person_id)
    return lock(row, seen=seen)


def asked(employment: Employment, question: str) -> None:
    """Raise Conflict unless the employment is in the state that the answer belongs to."""
    if employment.status != question:
        raise Conflict(f"聘用关系{employment.get_status_display()}，请刷新后再处理")


def not_proved(person: Person, about: dict) -> dict:
    """What was typed about the person, without what a card has proved."""
    proved = {"ethnicity"} if person.verified and person.ethnicity else set()
    return {field: value for field, value in about.items() if field not in proved}


def tell(event: Event, row: Employment | Transfer, *, by: Actor, **params):
    """Write a trail entry with the names of person and firm."""
    return record(event, row, by=by, person=row.person.name, company=row.company.name, **params)


def current_of(person_id) -> Employment | None:
    """The person's present employment, or None; implicit ones do not count."""
    return Employment.objects.filter(person=person_id, status__in=Employment.EMPLOYED).exclude(mode="implicit").first()


def open_here(person_id, company_id) -> Employment | None:
    """The firm's open employment of the person (waiting, invited or employed), or None."""
    return Employment.objects.filter(person=person_id, company=company_id, status__in=Employment.OPEN).first()
