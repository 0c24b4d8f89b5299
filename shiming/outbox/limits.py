"""How many messages a number, an address and the whole system may cause (security.md 28)."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from shiming.core.audit import origin
from shiming.core.privacy import blind_index
from shiming.outbox.models import OutboxMessage


class Limit(NamedTuple):
    field: str  # "" counts the whole system; a number counts for each purpose alone
    most: int
    within: timedelta


LIMITS = (
    Limit("to_digest", 1, timedelta(seconds=60)),
    Limit("to_digest", 5, timedelta(hours=1)),
    Limit("to_digest", 10, timedelta(days=1)),
    # A site shares one address: a whole shift may log in within an hour.
    Limit("from_digest", 120, timedelta(hours=1)),
    Limit("", 5_000, timedelta(hours=1)),
)


def wait_until(message: OutboxMessage, now: datetime) -> datetime | None:
    """When the next such message may go, or None if now."""
    waits = [until for limit in LIMITS if (until := _until(limit, message, now))]
    return max(waits, default=None)


def asked_from_here(purpose: str, within: timedelta) -> int:
    """How many messages for this purpose the address of the present request has caused."""
    address = origin.get().address
    if not address:
        return 0
    rows = OutboxMessage.objects.filter(purpose=purpose, from_digest=blind_index("address", address))
    return rows.filter(created_at__gt=timezone.now() - within).count()


def in_words(wait: timedelta) -> str:
    seconds = max(int(wait.total_seconds()), 1)
    if seconds <= 90:
        return f"{seconds} 秒"
    return f"{-(-seconds // 60)} 分钟" if seconds < 5400 else f"{-(-seconds // 3600)} 小时"


def _until(limit: Limit, message: OutboxMessage, now: datetime) -> datetime | None:
    value = getattr(message, limit.field) if limit.field else None
    if limit.field and not value:
        return None
    same: QuerySet = OutboxMessage.objects.filter(purpose__startswith="code", created_at__gt=now - limit.within)
    if limit.field:
        same = same.filter(**{limit.field: value})
    if limit.field == "to_digest":  # whoever asks at one door with somebody's number takes no code away at another
        same = same.filter(purpose=message.purpose)
    oldest = same.order_by("-created_at").values_list("created_at", flat=True)[limit.most - 1 : limit.most].first()
    return oldest + limit.within if oldest else None
