"""Drawn faces and sample cards: own ones for a few people, a small shared set for all others."""

import random
from datetime import date

from shiming.core import files
from shiming.core.models import StoredFile
from shiming.demo.cards import back, card_of, front, jpeg
from shiming.demo.city.citizens import Citizen
from shiming.demo.portraits import portrait
from shiming.idcard.number import Sex

AGES = (24, 33, 41, 49, 57)
SHARED_OF_AN_AGE = {Sex.MALE: 3, Sex.FEMALE: 1}


class Faces:
    """Shared portraits; `give` assigns one of the right sex and about the right age."""

    def __init__(self):
        self.shared = {
            (sex, age): [_keep(portrait(f"{sex}{age}{number}", sex, age), "portrait") for number in range(count)]
            for sex, count in SHARED_OF_AN_AGE.items()
            for age in AGES
        }

    def give(self, citizen: Citizen, rng: random.Random) -> None:
        person = citizen.person
        nearest = min(AGES, key=lambda age: abs(age - person.age))
        person.portrait = rng.choice(self.shared[Sex(person.sex), nearest])


def give_own(citizen: Citizen, today: date) -> None:
    """Draw portrait, front and back of a sample card for this person."""
    person, card = citizen.person, card_of(citizen.invented, on=today)
    person.portrait = _keep(portrait(citizen.invented.id_number, person.sex, person.age), "portrait")
    person.id_front, person.id_back = _keep(front(card), "id_front"), _keep(back(card), "id_back")


def _keep(image, kind: str) -> StoredFile:
    return files.store(jpeg(image), kind=kind, media_type="image/jpeg")
