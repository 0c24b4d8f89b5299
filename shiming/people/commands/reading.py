"""Registration by card: a card read on a reader makes its holder 已实名 (domain.md §5.1)."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import Secret
from shiming.idcard import image_process, names
from shiming.idcard.number import IdNumber
from shiming.idcard.photos import UnusablePhoto
from shiming.people import rules
from shiming.people.commands.checks import checked_name, checked_number, require_same_name
from shiming.people.models import Person


@dataclass(frozen=True, slots=True)
class CardContent:
    """The fields read from a card; `valid_to` is None for 长期."""

    number: str
    name: str
    birth_date: date | None = None
    sex: str | None = None
    ethnicity: str = ""
    register_address: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    portrait: bytes = b""


class Taken(NamedTuple):
    person: Person
    newly_verified: bool


@transaction.atomic
def take_card(card: CardContent, *, reader: str, by: Actor, renaming: str = "") -> Taken:
    """Create or verify the person of this card.

    The card's name replaces the name of an unverified person. For a verified one a different name is refused (R-07)
    unless `renaming` gives the reason: then a card issued later is taken over, and the old name stays as former name.
    """
    require(rules.may_register, by)
    number = checked_number(card.number, birth_date=card.birth_date, sex=card.sex)
    name = checked_name(card.name)
    person = _held(number) or Person(identity_status=Person.Status.UNVERIFIED)
    new, known_as, renamed = person._state.adding, person.name, False
    if newly := not person.verified:
        _verify(person, number, name)
    elif renamed := renaming.strip() and not names.same_name(person.name, name):
        _rename(person, number, name, card, by)
    else:
        require_same_name(person, name)
    _take_over(person, card)
    person.hand_checked_at = (
        timezone.now()
    )  # the card on the reader proves the presence of its holder (domain.md §11.5)
    _save(person)

    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": by.project_id, "person": person.name}
    if new:
        record(Event.PERSON_REGISTERED, person, by=by, **scope)
    change = {"before": {"name": known_as}, "after": {"name": name}} if known_as not in ("", name) else {}
    record(Event.PERSON_CARD_READ, person, by=by, reader=reader, **scope, **change)
    if renamed:
        record(Event.PERSON_RENAMED, person, by=by, former=known_as, reason=renaming.strip()[:200], **scope, **change)
    if newly:
        record(Event.PERSON_VERIFIED, person, by=by, **scope)
    return Taken(person, newly)


def _held(number: IdNumber) -> Person | None:
    person = Person.by_id_number(number.number)
    return lock(person) if person else None


def _verify(person: Person, number: IdNumber, name: str) -> None:
    person.identify(number, name)
    person.become(Person.Status.VERIFIED)
    person.identity_source, person.verified_at = Person.Source.READER, timezone.now()
    person.failure = person.review_note = ""


def _rename(person: Person, number: IdNumber, name: str, card: CardContent, by: Actor) -> None:
    """The name of a later card; the one before stays as former name."""
    require(rules.may_take_new_name, by, person)
    if card.valid_from is None or (person.valid_from and card.valid_from <= person.valid_from):
        raise Invalid("这张证件不比登记的证件新，不能按它更名", next_step="请读本人换领后的新证件")
    person.former_name = person.name
    person.identify(number, name)


def _take_over(person: Person, card: CardContent) -> None:
    """Copy the card's fields; empty fields stay unchanged, except that 长期 clears valid_to."""
    for name in ("ethnicity", "issuer", "valid_from"):
        setattr(person, name, getattr(card, name) or getattr(person, name))
    person.valid_to = card.valid_to if card.valid_from else person.valid_to
    if card.register_address:
        person.register_address = Secret(card.register_address)
    if portrait := _cleaned(card.portrait):
        person.card_portrait = files.store(portrait, kind="card_portrait", media_type="image/jpeg")


def _cleaned(portrait: bytes) -> bytes:
    """The cleaned portrait, or b"" if it is unusable: registration continues without it."""
    try:
        return image_process.clean(portrait)[0] if portrait else b""
    except UnusablePhoto:
        return b""


def _save(person: Person) -> None:
    """Raise Conflict when another desk registered the same new card at the same moment."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as race:
        raise Conflict("此人刚刚由别人登记，请再读一次") from race
