"""Permissions for sent messages."""

from django.db.models import Q

from shiming.core.actor import Actor, Role
from shiming.core.environment import environment
from shiming.outbox.models import OutboxMessage


def visible_to(actor: Actor) -> Q:
    return Q() if actor.role in (Role.SYS_ADMIN, Role.SYSTEM) else Q(pk__in=[])


def may_reveal(actor: Actor, message: OutboxMessage) -> bool:
    """系统管理员。"""
    return actor.role is Role.SYS_ADMIN


def shows_text() -> bool:
    """Demo mode shows codes in the list; in production each look is a recorded step."""
    return environment().mode in ("demo", "test")
