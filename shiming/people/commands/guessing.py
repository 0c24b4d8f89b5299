"""号码与姓名不能试着猜：查不到、不相符的，每人十分钟至多三十次；每次留痕。"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from shiming.core.actor import Actor, Role
from shiming.core.audit import record, record_many
from shiming.core.errors import DomainError
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.refusals import refusal

MOST, WITHIN = 30, timedelta(minutes=10)
# 答复说出了什么：没有这个人、姓名不是这个、在别处在职、正在处理、已登记。
TELLING = {"R-04", "R-05", "R-06", "R-07", "M-01"}


class TooMany(DomainError):
    status = 429


def limited(command: Callable) -> Callable:
    """Stands above `@transaction.atomic`: what a refused command wrote is undone, the count of refusals is not.

    A key of the API acts as who made it, and counts with him.
    """

    @wraps(command)
    def guarded(*args, by: Actor, **given):
        if by.user_id is None or by.role is Role.SYS_ADMIN:  # who sees everybody anyway has nothing to guess
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
    """R-72. One look into the trail, by its index of times."""
    if _missed(by) >= MOST:
        raise TooMany([refusal("R-72", most=MOST)])


@transaction.atomic
def count_told(codes: list[str], rows: int, by: Actor) -> bool:
    """A table of many people tells as much as many questions: each counts, and of a long table one row in twenty may
    be wrong. False when it is more than that, and nothing of it should be told."""
    told = [code for code in codes if code in TELLING]
    if by.user_id is None or by.role is Role.SYS_ADMIN or not told:
        return True
    most = max(MOST, rows // 20)
    _one_at_a_time(by)
    user, scope = get_user_model().objects.get(pk=by.user_id), {"company_id": by.company_id}
    within = _missed(by) + len(told) <= most
    record_many(Event.PERSON_MISSED, [(user, {**scope, "code": code}) for code in told[: most + 1]], by=by)
    return within


@transaction.atomic
def _note(by: Actor, code: str) -> None:
    """One after the other for one user, so that many at once are counted; what was typed is not kept."""
    _one_at_a_time(by)
    user = get_user_model().objects.get(pk=by.user_id)
    record(Event.PERSON_MISSED, user, by=by, company_id=by.company_id, project_id=by.project_id, code=code)


def _one_at_a_time(by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"guess:{by.user_id}"])


def _missed(by: Actor) -> int:
    since = timezone.now() - WITHIN
    return AuditEntry.objects.filter(event=Event.PERSON_MISSED, user_id=by.user_id, at__gte=since).count()
