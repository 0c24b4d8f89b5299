"""Errors that a command raises when it refuses; their text is written for the user."""

from collections.abc import Callable

from shiming.core.refusals import Refusal, refusal, unnumbered, worded


class DomainError(Exception):
    """The command changed nothing. `refusals` holds every reason; `field` names the input at fault, if there is one."""

    status = 422

    def __init__(self, refusals: list[Refusal], field: str | None = None):
        super().__init__("；".join(item.sentence for item in refusals))
        self.refusals = refusals
        self.field = field
        self.row = None

    def about(self, row) -> "DomainError":
        """Set the row, out of many, that this refusal is about."""
        self.row = row.pk
        return self

    @property
    def placed(self) -> list[tuple[str | None, Refusal]]:
        """Every refusal with the input at fault."""
        return [(self.field, item) for item in self.refusals]

    @property
    def codes(self) -> list[str]:
        return [item.code for item in self.refusals]


class Refused(DomainError):
    """Refused by one or more rules of domain.md §6: `Refused("R-20")`."""

    def __init__(self, code: str, *, field: str | None = None, **params):
        super().__init__([refusal(code, **params)], field)


class RefusedAll(DomainError):
    """Several refusals at once, as the entry checks return them."""


class RefusedTogether(RefusedAll):
    """Several refusals, each at its own field."""

    def __init__(self, errors: list[DomainError]):
        super().__init__([item for error in errors for item in error.refusals], errors[0].field)
        self._placed = [pair for error in errors for pair in error.placed]

    @property
    def placed(self) -> list[tuple[str | None, Refusal]]:
        return self._placed


class NotAllowed(DomainError):
    """The role of the actor does not allow the command (R-42)."""

    status = 403

    def __init__(self, contact: str):
        super().__init__([refusal("R-42", contact=contact)])


class Conflict(DomainError):
    """Another user changed the row meanwhile (R-43), or its state differs from the one on the page."""

    status = 409

    def __init__(self, sentence: str = ""):
        super().__init__([worded("R-43", sentence) if sentence else refusal("R-43")])


class TooLarge(DomainError):
    """The body exceeds the limit of the page and was not read (R-73). `most` is in bytes."""

    status = 413

    def __init__(self, most: int):
        super().__init__([refusal("R-73", most=most // 1_000_000)])


class NoSpace(Refused):
    status = 507


class Invalid(DomainError):
    """An input without a numbered rule: its own sentence, code V-01."""

    def __init__(self, sentence: str, *, next_step: str = "核对后再保存", field: str | None = None):
        super().__init__([unnumbered(sentence, next_step)], field)


def missing(label: str, field: str | None = None) -> DomainError:
    """R-10 for the mandatory input with this label on screen."""
    return RefusedAll([refusal("R-10", label=label)], field)


def together(*checks: Callable[[], object]) -> None:
    """Run every check; raise what all of them refuse in one error, each refusal at its field."""
    if found := refused_by(*checks):
        raise found[0] if len(found) == 1 else RefusedTogether(found)


def refused_by(*checks: Callable[[], object]) -> list[DomainError]:
    """The errors of the checks that refuse."""
    found = []
    for check in checks:
        try:
            check()
        except DomainError as error:
            found.append(error)
    return found
