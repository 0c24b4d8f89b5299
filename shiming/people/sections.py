"""What later modules add to a person: a part of his page, a part of the file with all his data.

A person's page stands above attendance and wages in the order of imports, yet should show them: they register here,
in their AppConfig.ready(), and nothing is imported from below.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shiming.core.actor import Actor
from shiming.people.models import Person


@dataclass(frozen=True)
class Section:
    """A part of the person's page: a template and what it prints."""

    title: str
    template: str
    context: dict
    icon: str = "list"


_sections: list[tuple[int, Callable[[Person, Actor], Section | None]]] = []
_data: dict[str, Callable[[Person], list[dict]]] = {}


def on_person_page(order: int):
    """Decorate `def part(person, actor) -> Section | None`; it answers only what this actor may see."""

    def register(function):
        _sections.append((order, function))
        return function

    return register


def in_own_data(label: str):
    """Decorate `def rows(person) -> list[dict]`: what this module keeps of a person, in words and plain values."""

    def register(function):
        _data[label] = function
        return function

    return register


def sections(person: Person, actor: Actor) -> list[Section]:
    ordered = (function for _, function in sorted(_sections, key=lambda entry: entry[0]))
    return [section for function in ordered if (section := function(person, actor))]


def own_data(person: Person) -> Iterator[tuple[str, list[dict]]]:
    return ((label, rows(person)) for label, rows in _data.items())
