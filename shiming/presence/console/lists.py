"""The columns of presence, over allocations and over stays, and the filters they share."""

from django.urls import reverse

from shiming.assignment import positions
from shiming.assignment.queries import called
from shiming.presence.queries import STATES
from shiming.web.forms import values_of
from shiming.web.table import Column

ENTERED = Column("进场日期", "entered_on", kind="date", sort="entered")
SORTS = {"entered": ("entered_on", "pk")}


class StateColumn(Column):
    """进场状态 is derived from stays, so its label is not that of a model field."""

    def text(self, row) -> str:
        return STATES[row.state]


PEOPLE = [
    Column("单位", "participation.company.name", nowrap=False),
    Column("姓名", "person.name", href=lambda row: reverse("assignment-show", args=[row.pk])),
    Column("身份证号", "person.id_number", kind="id"),
    Column("角色", render=lambda row: positions.label(row.role)),
    Column("工种", "trade"),
    Column("班组", "team.name"),
]
CONFIRMED = [
    *PEOPLE,
    Column("进场日期", "entered_on", kind="date"),
    Column("退场日期", "exited_on", kind="date"),
    Column("说明", render=lambda row: "自动退场" if row.auto else ""),
    StateColumn("进场状态", "state", kind="state"),
]
ON_SITE = [
    Column("单位", "company.name", nowrap=False),
    Column("姓名", "person.name", href=lambda row: reverse("stay-show", args=[row.pk])),
    Column("身份证号", "person.id_number", kind="id"),
    Column("角色", render=lambda row: positions.label(row.assignment.role)),
    Column("工种", "trade"),
    Column("班组", "team.name"),
    ENTERED,
    Column("进场方式", "get_method_display"),
]


def matching(filters, rows, actor, *, company: str):
    """The rows that match the name and firm of a GateFilter; `company` is the path from a row to the firm's name."""
    asked = values_of(filters)
    rows = called(rows, asked.name, actor)
    return rows.filter(**{f"{company}__contains": asked.company}) if asked.company else rows
