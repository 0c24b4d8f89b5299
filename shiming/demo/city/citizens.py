"""A person of the city as rows, with the account for the login by phone."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from shiming.accounts.models import User
from shiming.core.actor import Actor, Door, Role
from shiming.demo import invented
from shiming.demo.city.rows import Ledger
from shiming.demo.word_lists import PROVINCE_NAMES
from shiming.idcard.number import IdNumber
from shiming.people import notice
from shiming.people.models import Person

HOUSEHOLDS = ("农村户口", "城镇户口")
TOWNSPEOPLE = 0.12
MARRIED_FROM = 27


@dataclass
class Citizen:
    """`person` and `user` are rows; `himself` is their actor."""

    invented: invented.Person
    person: Person
    user: User | None = None  # most accounts are created at the first login

    @property
    def name(self) -> str:
        return self.person.name

    @cached_property
    def himself(self) -> Actor:
        return Actor(
            role=Role.PERSON,
            door=Door.PERSON,
            name=self.name,
            user_id=self.user and self.user.pk,
            person_id=self.person.pk,
        )


def settle(ledger: Ledger, someone: invented.Person, at: datetime, rng: random.Random, **fields) -> Citizen:
    """Add a person, submitted at that hour and, unless `fields` differ, verified three nights later."""
    person = person_row(someone, at, rng, **fields)
    ledger.add(person, at)
    if not ledger.with_accounts:
        return Citizen(someone, person)
    user = User(username=f"person-{person.pk}", name=person.name, person=person, password="!")
    ledger.add(user, at)
    return Citizen(someone, person, user)


def person_row(someone: invented.Person, at: datetime, rng: random.Random, **fields) -> Person:
    person = Person(
        identity_status=Person.Status.VERIFIED,
        identity_source=Person.Source.PHOTOS,
        ethnicity=someone.ethnicity,
        issuer=_issuer(someone),
        native_place=someone.address[:6],
        education=invented.education(rng),
        submitted_on=at.date(),
        verified_at=at + timedelta(days=3),
        notice_version=notice.VERSION,
        notice_agreed_at=at,
        **_card_dates(someone, at, rng),
    )
    person.identify(IdNumber(someone.id_number, someone.birth_date, someone.sex, someone.id_number[:6]), someone.name)
    person.set_phone(someone.phone)
    person.register_address = someone.address
    person.residence = invented.city_address(rng)
    person.household_type = HOUSEHOLDS[rng.random() < TOWNSPEOPLE]
    person.household_place = person.native_place
    person.marital_status = "已婚" if person.age_on(at.date()) >= MARRIED_FROM else "未婚"
    person.political_status = "群众"
    for name, value in fields.items():
        setattr(person, name, value)
    return person


def _issuer(someone: invented.Person) -> str:
    region = someone.id_number[:6]
    return f"{invented.region_name(region).removeprefix(PROVINCE_NAMES[region[:2]])}公安局"


def _card_dates(someone: invented.Person, at: datetime, rng: random.Random) -> dict:
    issued = date(at.year - rng.randint(1, 8), 5, 20)
    return {"valid_from": issued, "valid_to": issued.replace(year=issued.year + 20)}
