"""Checks of typed numbers, names and phones, refused with the codes of domain.md §6."""

from datetime import date

from django.utils.translation import gettext as _

from shiming.core.errors import Invalid, Refused, RefusedAll, missing
from shiming.dictionaries.working_days import waited
from shiming.idcard import names
from shiming.idcard import number as id_number
from shiming.idcard.number import IdNumber, InvalidIdNumber
from shiming.people.models import Person
from shiming.web import cleaning


class BadNumber(Refused):
    """R-03 with candidates, which the page offers to the user."""

    def __init__(self, found: InvalidIdNumber):
        super().__init__("R-03", field="number", position=found.position)
        self.reason, self.candidates = str(found.reason), found.candidates


def checked_number(text: str, *, birth_date: date | None = None, sex: str | None = None, kind: str = "") -> IdNumber:
    if not text.strip():
        raise missing("身份证号", "number")
    try:
        return id_number.parse(text, birth_date=birth_date, sex=sex, kind=kind)
    except InvalidIdNumber as found:
        raise BadNumber(found) from found


def checked_name(text: str) -> str:
    name = names.normalise(text)
    if not name:
        raise missing("姓名", "name")
    if not names.acceptable(name):
        raise Invalid(str(names.ALLOWED), next_step=str(_("对照身份证填写姓名")), field="name")
    return name


def checked_phone(text: str, field: str = "phone") -> str:
    """The 11 digits of a mobile number as `cleaning.phone` cleans them; raises R-13."""
    phone = cleaning.phone(text or "")
    if not cleaning.is_mobile(phone):
        raise Refused("R-13", field=field)
    return phone


def require_same_name(person: Person, name: str) -> None:
    if refused := names.difference(person.name, name):
        raise RefusedAll([refused], "name")


def still_processing(person: Person) -> Refused:
    """M-01 for a registration that is still being checked."""
    return Refused("M-01", day=waited(person.submitted_on).day)
