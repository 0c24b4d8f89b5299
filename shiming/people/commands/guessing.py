"""Protection against guessing numbers and names: misses and mismatches are counted per user and recorded."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib.auth import get_user_model
from django.db import transaction

from shiming.core.actor import Actor, Role
from shiming.core.audit import caused_by, record, record_many
from shiming.core.errors import DomainError
from shiming.core.events import Event
from shiming.core.limits import Limit

MISSES = Limit(30, timedelta(minutes=10), "R-72")
# These codes disclose a fact: the person does not exist, has another name, is employed elsewhere, is being processed,
# or is registered.
TELLING = {"R-04", "R-05", "R-06", "R-07", "M-01"}


def limited(command: Callable) -> Callable:
    """Stands above `@transaction.atomic`: a refused command is rolled back, the count of refusals is not.

    An API key acts as the user who made it and shares that user's count.
    """

    @wraps(command)
    def guarded(*args, by: Actor, **given):
        if by.user_id is None or by.role is Role.SYS_ADMIN:  # an administrator sees every person without guessing
            return command(*args, by=by, **given)
        refuse_too_many(by)
        try:
            return command(*args, by=by, **given)
        except DomainError as refused:
            if TELLING.intersection(refused.codes):
                _note(by, refused.codes[0])
            raise

    return guarded


def refuse_too_many(by: Actor) -> None:
    """Raise R-72 at the limit; one query of the trail by its time index."""
    MISSES.refuse_if_reached(_missed(by))


@transaction.atomic
def count_told(codes: list[str], rows: int, by: Actor) -> bool:
    """Count each disclosing row of a table; of a long table one row in twenty may be wrong.

    False above the limit: the caller then shows nothing of the table.
    """
    telling = [code for code in codes if code in TELLING]
    if by.user_id is None or by.role is Role.SYS_ADMIN or not telling:
        return True
    most = max(MISSES.most, rows // 20)
    MISSES.hold(by.user_id)
    user, scope = get_user_model().objects.get(pk=by.user_id), {"company_id": by.company_id}
    within = MISSES.count(_missed(by)) + len(telling) <= most
    record_many(Event.PERSON_MISSED, [(user, {**scope, "code": code}) for code in telling[: most + 1]], by=by)
    return within


@transaction.atomic
def _note(by: Actor, code: str) -> None:
    """Locked per user, so that parallel requests are counted; the typed text is not saved."""
    MISSES.hold(by.user_id)
    user = get_user_model().objects.get(pk=by.user_id)
    record(Event.PERSON_MISSED, user, by=by, company_id=by.company_id, project_id=by.project_id, code=code)


def _missed(by: Actor):
    return caused_by(by, Event.PERSON_MISSED)
