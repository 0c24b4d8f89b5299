"""The approval system (行政审批系统), where contracts name their managers (domain.md §11.2).

Another system is one module with `filed_people(filing)`; SHIMING_APPROVAL_SYSTEM names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Protocol

from shiming.core.environment import environment
from shiming.projects.models import ContractFiling


@dataclass(frozen=True)
class Filed:
    """A manager as a contract names them; numbers as typed there."""

    number: str
    name: str
    position: str
    phone: str = ""
    since: date | None = None
    until: date | None = None


class Unreachable(Exception):
    """The approval system gives no answer now; what is kept here stays as it is."""


class ApprovalSystem(Protocol):
    """May take its time; raises Unreachable."""

    def filed_people(self, filing: ContractFiling) -> Iterable[Filed]: ...


def approval_system() -> ApprovalSystem:
    """The one the installation uses: `local`, or the dotted name of a module with `filed_people()`."""
    name = environment().approval_system
    return import_module(name if "." in name else f"{__name__}.{name}")
