"""A mobile number is accepted, cleaned and refused by one rule in every form."""

import pytest
from django.core.exceptions import ValidationError

from shiming.accounts.forms import LoginPhone
from shiming.core.errors import DomainError
from shiming.desk import commands as desk
from shiming.employment import commands as employment
from shiming.imports.cells import BadCell, Cell
from shiming.people.commands import checked_phone
from shiming.people.sheet_columns import phone as in_a_table
from shiming.projects.models import ProjectPolicy

pytestmark = pytest.mark.django_db
ACCEPTED = "15499000001"


def as_login(cast, typed):
    return LoginPhone().clean(typed)


def as_command(cast, typed):
    return checked_phone(typed)


def as_table_cell(cast, typed):
    return in_a_table(Cell("s", typed))


def as_profile(cast, typed):
    row = cast.employment(profile_completed=False)
    employment.complete_profile(row, kind="worker", by=cast.hr, trade="钢筋工", team=cast.team(), contact_phone=typed)
    row.refresh_from_db()
    return row.contact_phone.plain


def as_desk(cast, typed):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    assert cast.labour_place
    work = desk.Work(trade="钢筋工", education="高中", is_leader=True, phone=typed)
    done = desk.register(cast.labour_place, work, by=cast.gc_pm, number=cast.zhang.id_number.plain)
    done.stay.assignment.employment.refresh_from_db()
    return done.stay.assignment.employment.contact_phone.plain


WAYS = [as_login, as_command, as_table_cell, as_profile, as_desk]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "typed", [ACCEPTED, "154 9900 0001", "154-9900-0001", "+8615499000001", "１５４９９０００００１"]
)
def test_usual_spellings_become_eleven_digits(cast, way, typed):
    assert way(cast, typed) == ACCEPTED


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("typed", ["25499000001", "1549900000", "154990000012", "1549900000x", "1549900000١"])
def test_other_text_is_refused_with_r_13(cast, way, typed):
    with pytest.raises((DomainError, ValidationError, BadCell), match="手机号应为 11 位"):
        way(cast, typed)
