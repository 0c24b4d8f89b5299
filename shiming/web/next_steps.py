"""Pages on which the reader can resolve a refusal; the refusal prints them as a button.

A module registers its page: next_steps.add("R-33", "进场预登记", "preregistration-new", may=may_preregister_here)
"""

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse

from shiming.core.actor import Actor
from shiming.core.doors import may_open


class Step(NamedTuple):
    label: str
    url_name: str
    may: Callable[[Actor], bool]


NOWHERE = ("", "")
_STEPS: dict[str, Step] = {}


def add(code: str, label: str, url_name: str, *, may: Callable[[Actor], bool]) -> None:
    """`may(actor)` says who may resolve this refusal there."""
    _STEPS[code] = Step(label, url_name, may)


def step_for(actor: Actor | None, code: str) -> tuple[str, str]:
    """(label, address) of the page, empty when there is none for this actor."""
    step = _STEPS.get(code)
    if step is None or actor is None:
        return NOWHERE
    url = reverse(step.url_name)
    return (step.label, url) if may_open(actor, url) and step.may(actor) else NOWHERE
