"""Checks that only later modules can make before an allocation is accepted.

@before_acceptance
def may_enter(assignments): ...  # where acceptance is the entry, `presence` asks the entry checks
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from shiming.assignment.models import Assignment
from shiming.core.errors import DomainError

Guard = Callable[[list[Assignment]], dict[UUID, DomainError]]
_acceptance: list[Guard] = []


def before_acceptance(guard: Guard) -> Guard:
    """Register a check of many held rows at once; it answers by key why a row cannot be accepted."""
    if guard not in _acceptance:
        _acceptance.append(guard)
    return guard


def check_acceptance(assignments: Iterable[Assignment]) -> Callable[[Assignment], None]:
    """Ask every check about all rows; what is returned raises the refusal of one row."""
    rows = list(assignments)
    found: dict[UUID, DomainError] = {}
    for guard in _acceptance:
        found = guard(rows) | found

    def check(assignment: Assignment) -> None:
        if assignment.pk in found:
            raise found[assignment.pk]

    return check
