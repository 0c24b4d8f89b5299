"""Limits of messages per number, per address and for the whole system (security.md 28)."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from shiming.core.audit import origin
from shiming.core.limits import Limit
from shiming.core.privacy import blind_index
from shiming.outbox.models import OutboxMessage

PER_NUMBER = (  # per purpose: requests at one door do not use up the codes of another
    Limit(1, timedelta(seconds=60)),
    Limit(5, timedelta(hours=1)),
    Limit(10, timedelta(days=1)),
)
# A site shares one address: a whole shift may log in within an hour.
PER_ADDRESS = Limit(120, timedelta(hours=1))
WHOLE_SYSTEM = Limit(5_000, timedelta(hours=1))


def wait_until(message: OutboxMessage, now: datetime) -> datetime | None:
    """The time at which the next such message is allowed, or None if now."""
    waits = [until for limit, rows in _counted(message) if (until := limit.free_at(rows, now, at="created_at"))]
    return max(waits, default=None)


def asked_from_here(purpose: str) -> QuerySet[OutboxMessage]:
    """Messages of this purpose requested from the address of the current request."""
    address = origin.get().address
    if not address:
        return OutboxMessage.objects.none()
    return OutboxMessage.objects.filter(purpose=purpose, from_digest=blind_index("address", address))


def in_words(wait: timedelta) -> str:
    seconds = max(int(wait.total_seconds()), 1)
    if seconds <= 90:
        return f"{seconds} 秒"
    return f"{-(-seconds // 60)} 分钟" if seconds < 5400 else f"{-(-seconds // 3600)} 小时"


def _counted(message: OutboxMessage) -> list[tuple[Limit, QuerySet]]:
    """Each limit with the messages that it counts."""
    codes = OutboxMessage.objects.filter(purpose__startswith="code")
    same_number = codes.filter(to_digest=message.to_digest, purpose=message.purpose)
    counted = [(limit, same_number) for limit in PER_NUMBER]
    if message.from_digest:
        counted.append((PER_ADDRESS, codes.filter(from_digest=message.from_digest)))
    return [*counted, (WHOLE_SYSTEM, codes)]
