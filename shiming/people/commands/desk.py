"""The entry desk: find a worker by ID number, register a worker without card reading, save the education."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import caused_by, record
from shiming.core.errors import DomainError, Invalid, Refused, RefusedAll, missing, together
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.limits import Limit
from shiming.core.privacy import Secret
from shiming.core.refusals import worded
from shiming.idcard import documents
from shiming.idcard import number as id_number
from shiming.people import rules
from shiming.people.commands.checks import checked_name, checked_number, require_same_name
from shiming.people.commands.guessing import limited
from shiming.people.models import Person

LOOK_UPS = Limit(300, timedelta(minutes=10), "R-71")


def registered(number: str | Person) -> Person:
    """The real-name registered person with this number, or of the card just read; raises R-03 or R-06."""
    person = number if isinstance(number, Person) else Person.by_id_number(checked_number(number).number)
    if person is None or not person.verified:
        raise Refused("R-06", field="number")
    return person


@limited
@transaction.atomic
def look_up(number: str, *, by: Actor) -> Person:
    """Name and photo for an ID number. Outside the clerk's scope it is limited, and the worker sees the trail entry."""
    require(rules.may_look_up, by)
    person = Person.by_id_number(checked_number(number).number)
    if person is None:
        raise Refused("R-06", field="number")
    if not rules.sees(by, person):
        LOOK_UPS.claim(caused_by(by, Event.PERSON_LOOKED_UP), key=by.user_id)
        scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id}
        record(Event.PERSON_LOOKED_UP, person, by=by, person=person.name, **scope)
    return person


@limited
@transaction.atomic
def register_irregular(
    *, number: str, name: str, by: Actor, birth_date: date | None = None, sex: str = "", document_kind: str = "", **card
) -> Person:
    """Register from typed card data, unverified until the card is read. A known number must have this name (R-07).

    Date of birth and sex are those of the number where it tells them; typed ones must agree with it.
    """
    require(rules.may_register, by)
    about = {"birth_date": birth_date, "sex": sex, "document_kind": document_kind}
    together(*card_checks(number, name, **about, **card))
    parsed, name = _parsed(number, birth_date, sex, document_kind), checked_name(name)
    if known := Person.by_id_number(parsed.number):
        require_same_name(known, name)
        return known

    person = Person(identity_status=Person.Status.UNVERIFIED, identity_source=Person.Source.IRREGULAR)
    person.identify(parsed, name)
    for field in ("ethnicity", "issuer", "valid_from", "valid_to"):
        setattr(person, field, card.get(field) or getattr(person, field))
    if card.get("register_address"):
        person.register_address = Secret(card["register_address"])
    person.save()

    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id}
    record(Event.PERSON_REGISTERED, person, by=by, person=person.name, **scope)
    return person


@transaction.atomic
def note_education(person: Person, education: str, *, by: Actor) -> None:
    """The education stated at the registration of an entry."""
    require(rules.may_note_at_desk, by)
    person = lock(person)
    if not education or person.education == education:
        return
    before, person.education = {"education": person.education}, education
    person.save()
    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id}
    after = {"education": education}
    record(
        Event.PERSON_CHANGED, person, by=by, person=person.name, fields="文化程度", before=before, after=after, **scope
    )


def card_checks(
    number: str,
    name: str,
    *,
    birth_date: date | None = None,
    sex: str = "",
    document_kind: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    **_card,
) -> list[Callable[[], object]]:
    """The checks of typed card data that read no row."""
    about = (number, birth_date, sex, document_kind)
    return [
        lambda: _require_eighteen(number, document_kind),
        lambda: _parsed(*about),
        lambda: _require_agreement(*about),
        lambda: checked_name(name),
        lambda: _require_order(valid_from, valid_to),
    ]


def _parsed(number: str, birth_date: date | None, sex: str, kind: str) -> id_number.IdNumber:
    """A number that tells no birthday needs a typed one; another is checked by itself."""
    if not documents.tells_no_birthday(id_number.normalise(number), kind):
        return checked_number(number, kind=kind)
    if birth_date is None:
        raise missing("出生日期", "birth_date")
    return checked_number(number, birth_date=birth_date, sex=sex or None, kind=kind)


def _require_agreement(number: str, birth_date: date | None, sex: str, kind: str) -> None:
    """A valid number decides: a typed date of birth or sex that differs is refused at its own field (R-03)."""
    try:
        parsed = _parsed(number, birth_date, sex, kind)
    except DomainError:
        return  # refused at its own field
    if birth_date and birth_date != parsed.birth_date:
        sentence = f"出生日期与身份证号码不一致，号码中是 {parsed.birth_date}"
        raise RefusedAll([worded("R-03", sentence)], "birth_date")
    if sex and parsed.sex and sex != parsed.sex:
        raise RefusedAll([worded("R-03", f"性别与身份证号码不一致，号码中是{Person.Sex(parsed.sex).label}")], "sex")


def _require_order(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from and valid_to and valid_to < valid_from:
        raise Invalid("有效期限的止日早于起日", field="valid_to")


def _require_eighteen(number: str, kind: str) -> None:
    """[003] 非正常登记 accepts only the 18 digits of the current card."""
    typed = id_number.normalise(number)
    if typed and len(typed) != 18 and not documents.tells_no_birthday(typed, kind):
        raise Invalid("身份证号应为 18 位", next_step="对照第二代身份证填写", field="number")
