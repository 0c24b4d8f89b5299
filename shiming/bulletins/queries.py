"""Queries about notices."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from shiming.bulletins import rules
from shiming.bulletins.models import Bulletin, BulletinFile
from shiming.core.actor import Actor

ORDER = ("-pinned", "-from_day", "-pk")
ON_START_PAGE = 5


def shown(actor: Actor | None, *, category: str = "") -> QuerySet[Bulletin]:
    """What the reader sees today, pinned ones first."""
    rows = Bulletin.objects.filter(rules.visible_to(actor)).order_by(*ORDER)
    return rows.filter(category=category) if category else rows


def newest(actor: Actor | None) -> list[Bulletin]:
    """For a start page; one more than it prints, so that it knows whether there are others."""
    return list(shown(actor)[: ON_START_PAGE + 1])


def board(actor: Actor, *, text: str = "", category: str = "", state: str = "") -> QuerySet[Bulletin]:
    """Everything ever written, for the administrator."""
    rows = Bulletin.objects.all() if rules.may_write(actor) else Bulletin.objects.none()
    if text.strip():
        rows = rows.filter(Q(title__icontains=text.strip()) | Q(body__icontains=text.strip()))
    if category:
        rows = rows.filter(category=category)
    return rows.filter(_in_state(state, timezone.localdate())) if state else rows


def files_seen(actor: Actor | None) -> QuerySet[BulletinFile]:
    """The files of what the reader sees; the administrator's are all."""
    rows = BulletinFile.objects.select_related("stored", "bulletin")
    if actor and rules.may_write(actor):
        return rows
    return rows.filter(bulletin__in=Bulletin.objects.filter(rules.visible_to(actor)))


def _in_state(state: str, today: date) -> Q:
    """The rows whose `Bulletin.state` this is."""
    kept, over = Q(withdrawn_at=None), Q(until__isnull=False, until__lt=today)
    return {
        "removed": ~kept,
        "expired": kept & over,
        "active": kept & ~over & Q(from_day__lte=today),
        "scheduled": kept & ~over & Q(from_day__gt=today),
    }[state]
