"""What can be done with one project of the list 项目人员绑定, besides what the list itself offers.

@row_action
def poster(actor, place): return Action("项目二维码", ...)
"""

from collections.abc import Callable

from shiming.core.actor import Actor
from shiming.projects.models import Participation
from shiming.web.table import Action

_offers: list[Callable[[Actor, Participation], Action | None]] = []


def row_action(offer: Callable[[Actor, Participation], Action | None]):
    """Register a function that gives the action of a project for an actor, or None."""
    if offer not in _offers:
        _offers.append(offer)
    return offer


def actions_of(actor: Actor, place: Participation) -> list[Action]:
    return [action for offer in _offers if (action := offer(actor, place))]
