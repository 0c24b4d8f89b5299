"""The repeating blocks of managers [004] 4-06 … 4-11 as sheets beside the list: read from Excel, and written to it.

The columns are the fields of the form, so that labels, lengths and stars stand in one place.
"""

from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.db.models import QuerySet

from shiming.core.actor import Actor
from shiming.core.refusals import unnumbered
from shiming.dictionaries import queries as dictionaries
from shiming.employment.long_form import LAYOUTS
from shiming.employment.models import Employment
from shiming.imports.cells import Cell, Parse, day, one_of, text, yes
from shiming.imports.sheet import OWNER, Column, Row, Sheet
from shiming.people.items import BLOCKS, ENDS_EARLY, MOST, PERIODS
from shiming.people.sheet_columns import WHO, phone
from shiming.web import table
from shiming.web.paging import Paged

HEADINGS = LAYOUTS[Employment.Kind.MANAGER].blocks
# Excel allows no slash in the name of a sheet: 职称/技能.
NAMES = {"skills": "职称"}
ORDER = ("person__name_initials", "person_id", "position", "pk")


def words(name: str, label: str, code: str, *aliases: str, **about) -> Column:
    """A column with the words of a dictionary."""
    choices = {"choices": lambda: [each for _, each in dictionaries.choices(code)]}
    return Column(name, label, one_of(lambda: dictionaries.every(code)), aliases=aliases, **choices, **about)


def sheets() -> tuple[Sheet, ...]:
    """The detail sheets of the table 管理人员."""
    return tuple(
        Sheet(code, _name(code), (_owner(), *_columns(form)), check=periods_fit, aliases=(label,))
        for code, (label, _, form) in HEADINGS.items()
    )


def periods_fit(rows: list[Row], by: Actor) -> None:
    for row in rows:
        for first, last in PERIODS:
            start, end = row.values.get(first), row.values.get(last)
            if start and end and end < start:
                row.refuse(unnumbered(ENDS_EARLY), last)


def refuse_too_many(row: Row) -> None:
    """MOST rows of a block for one person: the next ones are refused."""
    for code in BLOCKS:
        for extra in [each for each in row.details if each.part == code][MOST:]:
            extra.refuse(unnumbered(f"{_name(code)}一人最多 {MOST} 条"), OWNER)


def names_of(rows: list[Row]) -> str:
    """教育经历、执业证书: the blocks that these people have in the file."""
    there = {each.part for row in rows for each in row.details}
    return "、".join(_name(code) for code in BLOCKS if code in there)


def tables(employments: QuerySet[Employment], request) -> list[table.Table]:
    """The blocks of these people, for the file of the list."""
    people = employments.values("person")
    return [
        table.Table(
            [*SHOWN_WHO, *(_shown(form, name, field) for name, field in _fields(form))],
            Paged(BLOCKS[code].objects.filter(person__in=people).select_related("person"), request, order=ORDER),
            caption=_name(code),
        )
        for code, (_, _, form) in HEADINGS.items()
    ]


SHOWN_WHO = [
    table.Column("员工名称", "person.name"),
    table.Column("身份证号码", "person.id_number", kind="id"),
]


def _name(code: str) -> str:
    return NAMES.get(code, HEADINGS[code][0])


def _owner() -> Column:
    number = next(column for column in WHO if column.name == "number")
    return replace(number, name=OWNER)


def _columns(form) -> Iterator[Column]:
    for name, field in _fields(form):
        label, about = field.label, {"required": field.required, "width": 24}
        if name in form.tables:
            yield words(name, label, form.tables[name], **about)
        elif name == "phone":
            yield Column(name, label, phone, secret=True, **about)
        else:
            yield Column(name, label, _parse(field), **about)


def _parse(field: forms.Field) -> Parse:
    if isinstance(field, forms.DateField):
        return day
    return answered if isinstance(field, forms.TypedChoiceField) else text(field.max_length)


def answered(cell: Cell) -> bool | None:
    """Yes (是), no (否), or no answer."""
    return yes(cell) if cell.text else None


def _shown(form, name: str, field: forms.Field) -> table.Column:
    if name in form.tables:
        code = form.tables[name]
        return table.Column(field.label, render=lambda row: dictionaries.label(code, getattr(row, name)))
    return table.Column(field.label, name, kind="id" if name == "phone" else "text")


def _fields(form) -> list[tuple[str, forms.Field]]:
    return [(name, field) for name, field in form.base_fields.items() if not field.widget.is_hidden]
