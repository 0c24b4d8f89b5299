"""Change of phone: a code sent to the new number proves its possession."""

import secrets
import time
from dataclasses import dataclass

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.core.privacy import blind_index, mask
from shiming.outbox.commands import send
from shiming.people import rules
from shiming.people.commands.checks import checked_phone
from shiming.people.commands.profile import change_phone
from shiming.people.models import Person
from shiming.web.sealing import seal, unseal

MINUTES, TRIES = 5, 5
TEXT = "【实名】您正在更换手机号，验证码 {code}，5 分钟内有效。请勿告诉他人。"


@dataclass
class Ask:
    """The sealed session value between the two steps: number, digest of the code, expiry, tries left."""

    phone: str
    digest: str
    until: float
    tries: int = TRIES

    @property
    def masked(self) -> str:
        return mask(self.phone)

    def sealed(self) -> str:
        return seal(vars(self), purpose="new-phone")

    @classmethod
    def opened(cls, sealed: str) -> "Ask | None":
        found = unseal(sealed, purpose="new-phone")
        return cls(**found) if found and found["tries"] > 0 and found["until"] > time.time() else None


@transaction.atomic
def ask_new_phone(person: Person, phone: str, *, by: Actor) -> Ask:
    require(rules.may_submit, by, person)
    phone, code = checked_phone(phone), f"{secrets.randbelow(1_000_000):06d}"
    send(phone, TEXT.format(code=code), "code-phone")
    return Ask(phone, _digest(person, phone, code), time.time() + MINUTES * 60)


def take_new_phone(person: Person, ask: Ask, code: str, *, by: Actor) -> Person:
    """Change the phone if the code is right; a wrong code (L-01) costs one try."""
    ask.tries -= 1
    if not secrets.compare_digest(_digest(person, ask.phone, code.strip()), ask.digest):
        raise Refused("L-01", field="code")
    return change_phone(person, ask.phone, by=by)


def _digest(person: Person, phone: str, code: str) -> str:
    return blind_index("new_phone", f"{person.pk}:{phone}:{code}")
