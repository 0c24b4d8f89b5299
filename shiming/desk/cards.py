"""The card on the reader of the desk: a later module keeps the readings and registers here how one is taken.

@registers_by_card
def record(reading: str, *, by: Actor) -> Person: ...  # `devices` stores the reading and verifies the person
"""

from collections.abc import Callable

from shiming.core.actor import Actor
from shiming.people.models import Person

_takers: list[Callable[..., Person]] = []


def registers_by_card(take: Callable[..., Person]) -> Callable[..., Person]:
    if take not in _takers:
        _takers.append(take)
    return take


def person_of(reading: str, *, by: Actor) -> Person:
    """The person of a reading as the page sent it, verified by this card."""
    (take,) = _takers
    return take(reading, by=by)
