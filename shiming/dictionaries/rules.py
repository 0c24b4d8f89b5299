"""Permission for data of the whole installation."""

from shiming.core.actor import Actor, Role


def may_administer(actor: Actor) -> bool:
    """系统管理员。"""
    return actor.role in (Role.SYS_ADMIN, Role.SYSTEM)
