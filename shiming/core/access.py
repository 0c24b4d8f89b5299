"""The guard that every command calls first."""

from collections.abc import Callable

from shiming.core.actor import Actor
from shiming.core.errors import NotAllowed


def require(rule: Callable[..., bool], by: Actor, *subject) -> None:
    """Raise NotAllowed (R-42) unless the rule holds; the rule's docstring names the contact in its first line."""
    if not rule(by, *subject):
        raise NotAllowed(contact=(rule.__doc__ or "系统管理员").strip().splitlines()[0].rstrip("。"))
