"""The result of an authenticator, and the record of a failure in the trail."""

from dataclasses import dataclass

from django.db import transaction

from shiming.accounts.models import Attempt, User
from shiming.core.actor import Actor, Door, Role
from shiming.core.audit import record
from shiming.core.events import Event


@dataclass(frozen=True)
class Proof:
    """The proved user. Phone and roles limit the hats of the session; failures are counted under `account`."""

    user: User
    account: str = ""
    phone_digest: str = ""
    roles: tuple[Role, ...] = ()


def tell_failure(door: Door, attempt: Attempt, user: User | None = None) -> None:
    """Record the failure with time and address; the typed text is not kept, because it may be a password."""
    visitor = Actor(role=Role.SYSTEM, door=door, name="未登录者")
    with transaction.atomic():
        record(Event.LOGIN_FAILED, user or attempt, by=visitor, door=door.label)
