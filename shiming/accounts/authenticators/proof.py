"""What an authenticator answers, and how a failure is told to the trail."""

from dataclasses import dataclass

from django.db import transaction

from shiming.accounts.models import Attempt, User
from shiming.core.actor import Actor, Door, Role
from shiming.core.audit import record
from shiming.core.events import Event


@dataclass(frozen=True)
class Proof:
    """Who it is. Phone and roles bound what the session may become; `account` is what his failures count under."""

    user: User
    account: str = ""
    phone_digest: str = ""
    roles: tuple[Role, ...] = ()


def tell_failure(door: Door, attempt: Attempt, user: User | None = None) -> None:
    """The trail says that, when and from where; what was typed is not kept: it may be a password."""
    visitor = Actor(role=Role.SYSTEM, door=door, name="未登录者")
    with transaction.atomic():
        record(Event.LOGIN_FAILED, user or attempt, by=visitor, door=door.label)
