"""Checks that only later modules can make, before a command of employment goes on.

@before_dismissal
def manager_has_left(employment): ...  # R-24 asks who is on site, and `presence` knows

@before_registration
def proof_is_recent(number, by): ...  # R-27 asks for the papers, and `attachments` keeps them
"""

from collections.abc import Callable

from shiming.core.actor import Actor
from shiming.employment.models import Employment

_dismissal: list[Callable[[Employment], None]] = []
_registration: list[Callable[[str, Actor], None]] = []


def before_dismissal(guard: Callable[[Employment], None]) -> Callable[[Employment], None]:
    """Register a check; call this from AppConfig.ready() or from a module imported there."""
    if guard not in _dismissal:
        _dismissal.append(guard)
    return guard


def before_registration(guard: Callable[[str, Actor], None]) -> Callable[[str, Actor], None]:
    """Register a check of a manager's registration: the normalised ID number and who registers; it raises Refused."""
    if guard not in _registration:
        _registration.append(guard)
    return guard


def check_dismissal(employment: Employment) -> None:
    for guard in _dismissal:
        guard(employment)


def check_registration(number: str, *, by: Actor) -> None:
    for guard in _registration:
        guard(number, by)
