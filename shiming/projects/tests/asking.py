"""Helpers of several tests of this module."""

from collections.abc import Callable

import pytest

from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry


def refused(call: Callable, *args, **kwargs) -> tuple[list[str], str]:
    """(codes, sentence) of the refusal."""
    with pytest.raises(DomainError) as error:
        call(*args, **kwargs)
    return error.value.codes, str(error.value)


def trail(event: str) -> list[str]:
    """The sentences of one kind of event, in order."""
    return [str(entry) for entry in AuditEntry.objects.filter(event=event).order_by("id")]
