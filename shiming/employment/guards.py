"""Checks before a dismissal that only later modules can make: R-24 asks who is on site, and `presence` knows.

@before_dismissal
def manager_has_left(employment): ...  # raises Refused("R-24")
"""

from collections.abc import Callable

from shiming.employment.models import Employment

_guards: list[Callable[[Employment], None]] = []


def before_dismissal(guard: Callable[[Employment], None]) -> Callable[[Employment], None]:
    """Register a check; call this from AppConfig.ready() or from a module imported there."""
    if guard not in _guards:
        _guards.append(guard)
    return guard


def check_dismissal(employment: Employment) -> None:
    for guard in _guards:
        guard(employment)
