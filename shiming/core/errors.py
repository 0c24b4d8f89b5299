"""What a command raises when it will not do something, written for the person who asked."""

from shiming.core.refusals import Refusal, refusal, unnumbered, worded


class DomainError(Exception):
    """Nothing was changed; `refusals` say why, all reasons at once. `field` names the input to look at, if one."""

    status = 422

    def __init__(self, refusals: list[Refusal], field: str | None = None):
        super().__init__("；".join(item.sentence for item in refusals))
        self.refusals = refusals
        self.field = field
        self.row = None

    def about(self, row) -> "DomainError":
        """Of many rows at once, the one this refusal speaks of."""
        self.row = row.pk
        return self

    @property
    def codes(self) -> list[str]:
        return [item.code for item in self.refusals]


class Refused(DomainError):
    """Refused by one or more rules of domain.md §6: `Refused("R-20")`."""

    def __init__(self, code: str, *, field: str | None = None, **params):
        super().__init__([refusal(code, **params)], field)


class RefusedAll(DomainError):
    """Several reasons together, as the entry checks return them."""


class NotAllowed(DomainError):
    """The actor's role does not allow it (R-42)."""

    status = 403

    def __init__(self, contact: str):
        super().__init__([refusal("R-42", contact=contact)])


class Conflict(DomainError):
    """Another user changed the row in between (R-43), or it is in another state than the page showed."""

    status = 409

    def __init__(self, sentence: str = ""):
        super().__init__([worded("R-43", sentence) if sentence else refusal("R-43")])


class TooLarge(DomainError):
    """More was sent than the page takes; nothing of it was read (R-73)."""

    status = 413

    def __init__(self, most: int):
        super().__init__([refusal("R-73", most=most // 1_000_000)])


class Invalid(DomainError):
    """An input that no numbered rule speaks of: a sentence of its own, code V-01."""

    def __init__(self, sentence: str, *, next_step: str = "核对后再保存", field: str | None = None):
        super().__init__([unnumbered(sentence, next_step)], field)


def missing(label: str, field: str | None = None) -> DomainError:
    """R-10 for the mandatory input called `label` on screen."""
    return RefusedAll([refusal("R-10", label=label)], field)
