"""Many rows at once, each decided alone; the answer lists who went through and who was refused (domain.md §7.4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from shiming.core.errors import DomainError, Refused


@dataclass
class BatchResult:
    """What became of each row: results of those done, (name, why) of those refused."""

    done: list = field(default_factory=list)
    refused: list[tuple[str, DomainError]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, list]]:
        """(name, refusals) of everybody refused, as pages and the API print them."""
        return [(label, error.refusals) for label, error in self.refused]

    @property
    def reasons(self) -> list[tuple[list[str], list]]:
        """(names, refusals): who was refused for the same reasons is named together, as a page prints them."""
        found: dict = {}
        for label, refusals in self.rows:
            found.setdefault(tuple(refusals), []).append(label)
        return [(labels, list(refusals)) for refusals, labels in found.items()]


def each(
    rows: Iterable,
    decide: Callable,
    *,
    label: Callable[[object], str] = str,
    races: dict[str, str] | None = None,
    on_refusal: Callable[[object, DomainError], None] | None = None,
) -> BatchResult:
    """Decide every row in a savepoint of its own. `races` names the refusal of a constraint that two people hit;
    `on_refusal` is told of every row that was refused, outside of the savepoint that is gone."""
    rows = sorted(rows, key=lambda row: row.pk)  # one order for everybody, or two batches could wait for each other
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


def refused_by_database(error: IntegrityError, races: dict[str, str]) -> DomainError:
    """The refusal of the constraint that was hit; any other constraint is a fault of ours and goes on."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if name not in races:
        raise error
    return Refused(races[name])
