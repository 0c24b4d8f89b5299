"""Who reads a notice, and who writes it."""

from django.db.models import Q
from django.utils import timezone

from shiming.core.actor import Actor, Role


def visible_to(actor: Actor | None) -> Q:
    """Those of today: every user reads all, a visitor without a login the public ones."""
    today = timezone.localdate()
    shown = Q(withdrawn_at=None, from_day__lte=today) & (Q(until=None) | Q(until__gte=today))
    return shown if actor else shown & Q(public=True)


def may_write(actor: Actor) -> bool:
    """系统管理员"""
    return actor.role is Role.SYS_ADMIN
