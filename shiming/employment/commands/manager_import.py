"""One row of the Excel table 管理人员 [004]: registered, or changed where the company has the person already.

`values` may hold rows of the repeating blocks by code; such a block replaces the one of a person registered here.
"""

from django.db import transaction

from shiming.core.actor import Actor
from shiming.core.privacy import Secret
from shiming.employment.commands.common import open_here
from shiming.employment.commands.managers import WORK, register_manager, update_manager
from shiming.employment.models import Employment
from shiming.people.commands import differing
from shiming.people.items import BLOCKS
from shiming.people.models import Person

NOT_GIVEN = ("number", "name", "sex")


@transaction.atomic
def import_manager(values: dict, *, by: Actor) -> str:
    """ "created", "changed" or "same". A cell that is empty changes nothing; a new person needs every star (R-10)."""
    items = {code: values[code] for code in BLOCKS if code in values}
    given = {name: value for name, value in values.items() if value and name not in (*NOT_GIVEN, *BLOCKS)}
    work = {name: given.pop(name) for name in WORK if name in given}
    person = Person.by_id_number(values["number"])
    here = open_here(person.pk, by.company_id) if person else None
    if here is None or not here.employed:
        register_manager(values["number"], name=values["name"], work=work, about=given, items=items, by=by)
        return "created"
    items = differing(here.person, items)
    if _as_it_is(here, work, given) and not items:
        return "same"
    update_manager(here, name=values["name"], work=work, about=given, items=items, by=by)
    return "changed"


def _as_it_is(row: Employment, work: dict, about: dict) -> bool:
    pairs = [(getattr(row, name), value) for name, value in work.items()]
    pairs += [(getattr(row.person, name), value) for name, value in about.items()]
    return row.kind == Employment.Kind.MANAGER and all(_plain(there) == value for there, value in pairs)


def _plain(value):
    return value.plain if isinstance(value, Secret) else value
