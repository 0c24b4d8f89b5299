"""Stays of an earlier system that overlap: in one file, or with the register."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from shiming.imports.sheet import Row
from shiming.people.models import Person
from shiming.people.sheet_columns import known
from shiming.presence.models import Stay
from shiming.presence.periods import overlap
from shiming.projects.models import Participation

OLD_STAYS = UUID("6f1f3a86-7d0e-5b39-9a52-3f6f2f1f0a77")


class Days(NamedTuple):
    """A stay from its first to its last day, open without one."""

    first: date
    last: date | None

    def __str__(self):
        return f"{self.first} 至 {self.last or '今'}"


class _Line(NamedTuple):
    row: Row
    key: UUID | None  # of the stay in the register, when the person is known
    days: Days
    taken: dict  # the stays of this person on this project


def number_of(person: Person, place: Participation, entered_on: date) -> UUID:
    """The id of a stay taken over: the same for every import of it."""
    return uuid5(OLD_STAYS, f"{person.pk}|{place.project_id}|{entered_on}")


def overlapping(rows: list[Row], places: dict) -> list[tuple[Row, Days]]:
    """The rows whose days overlap another stay of the person on the project, with the days of that stay.

    A row is compared with the register and the rows before it; one that repeats a stay of the register updates it.
    Two open stays are left to the takeover: the allocation of the register decides (R-18, R-22).
    """
    lines, found = _lines(rows, places), []
    for line in lines:
        if line.key in line.taken:
            line.taken[line.key] = Days(line.days.first, line.taken[line.key].last or line.days.last)
    for line in lines:
        if line.key in line.taken:
            continue
        other = next((days for days in line.taken.values() if _collide(line.days, days)), None)
        if other:
            found.append((line.row, other))
        else:
            line.taken[line.key or line.row.number] = line.days
    return found


def _collide(days: Days, other: Days) -> bool:
    return bool(days.last or other.last) and overlap(*days, *other)


def _lines(rows: list[Row], places: dict) -> list[_Line]:
    """The good rows with a day of entry, in the order of the file."""
    registered = known(row.values["number"] for row in rows)
    taken, lines = _registered_stays(registered), []
    for row in sorted(rows, key=lambda row: row.number):
        number, first, last = (row.values[name] for name in ("number", "entered_on", "exited_on"))
        place = places.get((row.values["project"], row.values["company"]))
        if row.good and place and first:
            key = number_of(registered[number], place, first) if number in registered else None
            lines.append(_Line(row, key, Days(first, last), taken[number, place.project_id]))
    return lines


def _registered_stays(registered: dict[str, Person]) -> dict[tuple, dict]:
    numbers = {person.pk: number for number, person in registered.items()}
    taken = defaultdict(dict)
    for stay in Stay.objects.filter(person__in=numbers).order_by("entered_on", "pk"):
        taken[numbers[stay.person_id], stay.project_id][stay.event_id or stay.pk] = Days(
            stay.entered_on, stay.exited_on
        )
    return taken
