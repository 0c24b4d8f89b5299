"""健康云, where a person declares their health before coming (来沪人员健康登记, manual row 2-03).

A provider is one module with `find(number, name)`; SHIMING_HEALTH_DECLARATIONS names it: `local`, `http`, or the dotted
name of a module.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import import_module
from typing import Protocol

from shiming.core.environment import environment


@dataclass(frozen=True)
class Declared:
    """One declaration. `origin` is the label of province and city, `phone` the whole number; both may be empty."""

    name: str
    reported_at: datetime
    reported_place: str = ""
    temperature: str = ""
    condition: str = ""
    travelled_on: str = ""
    travelled_by: str = ""
    from_hubei: bool = False
    stopped_over: bool = False
    stayed_at: str = ""
    address: str = ""
    origin: str = ""
    phone: str = ""

    def as_dict(self) -> dict:
        """JSON values; the phone is stored in a field of its own."""
        values = asdict(self) | {"reported_at": self.reported_at.isoformat()}
        del values["phone"]
        return values

    @classmethod
    def from_dict(cls, values: dict) -> "Declared":
        """Raises KeyError or ValueError when a mandatory value is missing or is no time."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(**known | {"reported_at": datetime.fromisoformat(values["reported_at"]), "name": values["name"]})


class Unreachable(Exception):
    """The provider gives no answer now: whether the person declared is unknown (R-90)."""


class Declarations(Protocol):
    """May take some seconds; raises Unreachable. None when nothing is declared under this number."""

    def find(self, number: str, name: str) -> Declared | None: ...


def declarations() -> Declarations:
    name = environment().health_declarations
    return import_module(name if "." in name else f"{__name__}.{name}")
