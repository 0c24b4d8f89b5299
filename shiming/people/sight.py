"""Registration of the rows about a person and their visibility: used by the person's page, the timeline, the export of
own data, and the rule “who sees this person” (domain.md §7.9).

A module with rows about people registers them once in its `person.py`:

    @about_person("employments", "聘用", Employment, columns=COLUMNS, own_data=OWN_DATA, opens=_opens, current=_current)
    def employments(actor): return Employment.objects.filter(rules.visible_to(actor))

`people` comes before these modules in the import order and calls the registered functions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Q, QuerySet

from shiming.core.actor import Actor
from shiming.people.models import Person


@dataclass(frozen=True)
class Source:
    """Rows of one module about a person.

    `rows(actor)` are those the actor sees. `opens(actor)` selects among them the rows whose person the actor sees too,
    `current(actor)` those whose person the actor deals with today (may reveal numbers, correct data); None is no row.
    """

    label: str
    model: type[models.Model]
    rows: Callable[[Actor], QuerySet]
    columns: tuple = ()
    own_data: tuple[str, ...] = ()
    icon: str = "list"
    opens: Callable[[Actor], Q | None] = lambda actor: None
    current: Callable[[Actor], Q | None] = lambda actor: None

    def of(self, person: Person, actor: Actor) -> QuerySet:
        return self.rows(actor).filter(person=person)

    def all_of(self, person: Person) -> QuerySet:
        """Every row, for the person's own copy."""
        return self.model._default_manager.filter(person=person).order_by("created_at")

    def people(self, actor: Actor) -> QuerySet | None:
        """Ids of the people the actor sees by these rows."""
        opening = self.opens(actor)
        return None if opening is None else self.rows(actor).filter(opening).order_by().values("person")


_sources: dict[str, Source] = {}


def about_person(key: str, label: str, model: type[models.Model], **more):
    """Decorate `def rows(actor) -> QuerySet[model]`: the rows the actor sees; `model` has a field `person`."""

    def register(rows):
        _sources[key] = Source(label, model, rows, **more)
        return rows

    return register


def sources() -> Iterator[Source]:
    return iter(_sources.values())


def people_of(key: str, actor: Actor) -> Q:
    """The people an actor sees by one source."""
    found = _sources[key].people(actor)
    return Q(pk__in=[]) if found is None else Q(pk__in=found)


def people_seen(actor: Actor) -> Q:
    """The people an actor sees by any source."""
    found = [ids for source in sources() if (ids := source.people(actor)) is not None]
    if not found:
        return Q(pk__in=[])
    first, *others = found
    return Q(pk__in=first.union(*others) if others else first)


def deals_with(actor: Actor, person: Person) -> bool:
    """Whether the person works for or with the actor today."""
    chosen = ((source, source.current(actor)) for source in sources())
    return any(current is not None and source.of(person, actor).filter(current).exists() for source, current in chosen)


def objects_of(person: Person, actor: Actor) -> list[str]:
    """Ids of all rows about a person that the actor sees; their trail is the person's timeline."""
    return [str(pk) for source in sources() for pk in source.of(person, actor).values_list("pk", flat=True)]
