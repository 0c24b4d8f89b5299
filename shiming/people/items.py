"""The six repeating blocks of a person [004] 4-06 … 4-11: code, model and heading, in the order of the form."""

from datetime import date

from shiming.people.models import (
    AwardItem,
    Credential,
    EducationItem,
    EmergencyContact,
    Person,
    PersonItem,
    SkillItem,
    TrainingItem,
)

BLOCKS: dict[str, type[PersonItem]] = {
    "schools": EducationItem,
    "contacts": EmergencyContact,
    "training": TrainingItem,
    "skills": SkillItem,
    "credentials": Credential,
    "awards": AwardItem,
}
MOST = 30  # rows of a block
PERIODS = (("started_on", "finished_on"),)
ENDS_EARLY = "截止时间早于开始时间"
_OWN = ("id", "created_at", "person", "position")


def fields_of(model: type[PersonItem]) -> list[str]:
    """The fields of the form."""
    return [name for name in all_fields_of(model) if name not in model.NOT_IN_FORM]


def all_fields_of(model: type[PersonItem]) -> list[str]:
    return [field.name for field in model._meta.fields if field.name not in _OWN]


def items_of(person: Person, *, without: tuple[str, ...] = ()) -> dict[str, list[PersonItem]]:
    """The rows of every block, in the order in which they were put."""
    return {code: list(model.objects.filter(person=person)) for code, model in BLOCKS.items() if code not in without}


def described(row: PersonItem) -> list[tuple[str, object]]:
    """Label and value of what is filled in; a phone stays masked."""
    named = [(str(row._meta.get_field(name).verbose_name), getattr(row, name)) for name in all_fields_of(type(row))]
    return [(label, _printed(value)) for label, value in named if value not in (None, "")]


def _printed(value):
    if isinstance(value, date):
        return value.isoformat()
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else value
