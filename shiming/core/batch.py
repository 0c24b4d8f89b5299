"""Many rows in one request, each decided alone; the result lists accepted and refused rows (domain.md §7.4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from shiming.core.errors import DomainError, Refused

Race = str | tuple[str, dict]  # the code of the refusal, with the blanks of its sentence if it has any


@dataclass
class BatchResult:
    """`done` holds the results of accepted rows, `refused` (label, error) of the others."""

    done: list = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, list]]:
        """(label, refusals) of each refused row, as pages and the API print them."""
        return [(label, error.refusals) for label, error in self.refused]

    @property
    def reasons(self) -> list[tuple[list[str], list]]:
        """(labels, refusals): rows refused for the same reasons are grouped."""
        found: dict = {}
        for label, refusals in self.rows:
            found.setdefault(tuple(refusals), []).append(label)
        return [(labels, list(refusals)) for refusals, labels in found.items()]


def each(
    rows: Iterable,
    decide: Callable,
    *,
    label: Callable[[object], str] = str,
    races: dict[str, Race] | None = None,
    on_refusal: Callable[[object, DomainError], None] | None = None,
) -> BatchResult:
    """Decide each row in its own savepoint and return a BatchResult; without rows raise R-44.

    `races` maps a constraint that two users can hit at once to its refusal code. `on_refusal` is called for each
    refused row, after its savepoint is rolled back.
    """
    rows = sorted(rows, key=lambda row: row.pk)  # one order of locks, so that two batches do not deadlock
    if not rows:
        raise Refused("R-44")
    result = BatchResult()
    for row in rows:
        try:
            with transaction.atomic():
                result.done.append(decide(row))
        except (DomainError, IntegrityError) as failure:
            error = failure if isinstance(failure, DomainError) else refused_by_database(failure, races or {})
            result.refused.append((label(row), error.about(row)))
            if on_refusal:
                on_refusal(row, error)
    return result


def sift(rows: Iterable, check: Callable, result: BatchResult, *, label: Callable[[object], str] = str) -> list:
    """The rows that `check` lets pass; those it refuses are noted in the result. For commands that read and decide
    about every row first and then write all of them in one statement, so that no row needs a savepoint."""
    passed = []
    for row in rows:
        try:
            check(row)
        except DomainError as error:
            result.refused.append((label(row), error.about(row)))
        else:
            passed.append(row)
    return passed


def refused_by_database(error: IntegrityError, races: dict[str, Race]) -> DomainError:
    """The refusal of the violated constraint; re-raises the error when `races` does not name the constraint."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in races:
        raise error
    code, blanks = (races[name], {}) if isinstance(races[name], str) else races[name]
    return Refused(code, **blanks)
