"""身份核验机构的接口。换一家机构就是一个文件：给出 `check(person)`，在设置里写上它的名字。"""

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
    """What the authority says of one person, and why if it is not a plain yes."""

    outcome: Outcome
    reason: str = ""


class Authority(Protocol):
    """May take its time; may be asked twice about the same person; raises when it cannot be reached."""

    def check(self, person: Person) -> Answer: ...


def authority() -> Authority:
    """The one the installation uses: `local`, or the dotted name of a module with `check()`."""
    name = environment().identity_authority
    return import_module(name if "." in name else f"{__name__}.{name}")
