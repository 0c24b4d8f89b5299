"""The third authority that pre-registrations are shared with (manual row 2-02).

A receiver is one module with `deliver(sent)`; SHIMING_FEED names it: `local`, `http`, or the dotted name of a module.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from shiming.core.environment import environment


@dataclass(frozen=True)
class Sent:
    """A signed file on its way. `key` is the same at every attempt, so that a repeated file counts once."""

    key: str
    name: str
    content: bytes
    digest: str
    receiver: str


class Undelivered(Exception):
    """The receiver has not taken the file; the sentence is for the site's page."""


class Receiver(Protocol):
    """May take some seconds; raises Undelivered."""

    def deliver(self, sent: Sent) -> None: ...


def receiver() -> Receiver:
    name = environment().feed
    return import_module(name if "." in name else f"{__name__}.{name}")
