"""Registration of the parts that later modules add to a person's page and data export.

The person's page comes before attendance and wages in the import order, so those modules register their parts here in
AppConfig.ready().
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shiming.core.actor import Actor
from shiming.people.models import Person


@dataclass(frozen=True)
class Section:
    """A part of the person's page: a template and its context."""

    title: str
    template: str
    context: dict
    icon: str = "list"


_sections: list[tuple[int, Callable[[Person, Actor], Section | None]]] = []
_data: dict[str, Callable[[Person], list[dict]]] = {}


def on_person_page(order: int):
    """Decorate `def part(person, actor) -> Section | None`; it returns only data the actor may see."""

    def register(function):
        _sections.append((order, function))
        return function

    return register


def in_own_data(label: str):
    """Decorate `def rows(person) -> list[dict]`: the module's data about a person, as labels and plain values."""

    def register(function):
        _data[label] = function
        return function

    return register


def sections(person: Person, actor: Actor) -> list[Section]:
    ordered = (function for _, function in sorted(_sections, key=lambda entry: entry[0]))
    return [section for function in ordered if (section := function(person, actor))]


def own_data(person: Person) -> Iterator[tuple[str, list[dict]]]:
    return ((label, rows(person)) for label, rows in _data.items())
