"""Who sees what was sent."""

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
    """In a demonstration codes may be read from the list; in earnest each look is a step of its own."""
    return environment().mode in ("demo", "test")
