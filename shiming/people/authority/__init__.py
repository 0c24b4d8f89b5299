"""Interface to the authority that checks identities.

Another authority is a file with `check(person)`, named in the settings.
"""

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Protocol

from shiming.core.environment import environment
from shiming.people.models import Person


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Answer:
    """The authority's decision on one person; `reason` is empty for a plain pass."""

    outcome: Outcome
    reason: str = ""


class Authority(Protocol):
    """A check may be slow and may be repeated for one person; it raises when the authority cannot be reached."""

    def check(self, person: Person) -> Answer: ...


def authority() -> Authority:
    """The authority of this installation: `local`, or the dotted name of a module with `check()`."""
    name = environment().identity_authority
    return import_module(name if "." in name else f"{__name__}.{name}")
