"""Registered checks before a dismissal: R-24 needs the stays, which the later module `presence` holds.

@before_dismissal
def manager_has_left(employment): ...  # raises Refused("R-24")
"""

from collections.abc import Callable

from shiming.employment.models import Employment

_guards: list[Callable[[Employment], None]] = []


def before_dismissal(guard: Callable[[Employment], None]) -> Callable[[Employment], None]:
    """Register a check; call it from AppConfig.ready() or from a module imported there."""
    if guard not in _guards:
        _guards.append(guard)
    return guard


def check_dismissal(employment: Employment) -> None:
    for guard in _guards:
        guard(employment)
