"""Drawn specimen cards for tests of registration and identity checks."""

from datetime import date
from functools import cache
from types import SimpleNamespace

import pytest

from shiming.core.actor import Actor, Door, Role
from shiming.demo import cards, invented
from shiming.idcard import image_process
from shiming.people import commands

ON = date(2026, 1, 5)
NOTICE = "2026-01"
APPLICANT = Actor(role=Role.SYSTEM, door=Door.PERSON, name="本人")
PHONE = "15499123456"


@cache
def card(serial: int = 0) -> SimpleNamespace:
    """The card of an invented person and two photos of it."""
    one = cards.card_of([*invented.people(7, 40, on=ON)][serial], on=ON)
    front, back = cards.photograph(cards.front(one)), cards.photograph(cards.back(one))
    return SimpleNamespace(card=one, name=one.name, number=one.id_number, front=front, back=back)


@pytest.fixture(scope="session", autouse=True)
def picture_process_stops():
    yield
    image_process.process.stop()


@pytest.fixture
def submitted(db):
    """A person who has just submitted: submitted(), submitted(name="…")."""

    def submit(serial: int = 0, **given):
        mine = card(serial)
        values = {"front": mine.front, "back": mine.back, "number": mine.number, "name": mine.name}
        values |= {"phone": PHONE, "notice_version": NOTICE, "by": APPLICANT, "valid_to": mine.card.valid_to}
        return commands.submit(**(values | given))

    return submit
