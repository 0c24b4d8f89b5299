"""The one guard of every command."""

from collections.abc import Callable

from shiming.core.actor import Actor
from shiming.core.errors import NotAllowed


def require(rule: Callable[..., bool], by: Actor, *subject) -> None:
    """Refuse with R-42 unless the rule holds; the first line of its docstring says who may."""
    if not rule(by, *subject):
        raise NotAllowed(contact=(rule.__doc__ or "系统管理员").strip().splitlines()[0].rstrip("。"))
