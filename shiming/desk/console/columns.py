"""The columns of [003] and [000], in the order of the manuals."""

from django.urls import reverse

from shiming.core.refusals import refusal
from shiming.web.table import Action, Column


def _team(row) -> str:
    if row.team is None:
        return ""
    return row.team.leader.name if row.team.leader else row.team.name


def editing(row) -> list[Action]:
    """A manager's registration has no trade or crew to correct."""
    edits = row.on_site and not row.assignment.is_manager
    return [Action("编辑", reverse("stay-edit", args=[row.pk]), icon="pencil")] if edits else []


class ExitColumn(Column):
    """The lists of the manuals have no column of their own for 自动退场."""

    def text(self, row) -> str:
        return f"{super().text(row)}（{row.remark}）" if row.remark else super().text(row)


FIRM = Column("用人单位", "company.name", nowrap=False)
LEADER = Column("劳务队长", render=lambda row: "√" if row.assignment.employment.is_leader else "")
NAME = Column("姓名", "person.name", href=lambda row: reverse("stay-record", args=[row.pk]))
MIDDLE = [
    Column("从事主要工种", "trade", nowrap=False),
    Column("文化程度", "person.education", nowrap=False),
    Column("联系电话", render=lambda row: row.assignment.employment.contact_phone or row.person.phone, kind="id"),
    Column("进场日期", "entered_on", kind="date"),
]
FIRST = [
    *(FIRM, LEADER, NAME),
    Column("身份证", "person.id_number", kind="id"),
    Column("性别", "person.get_sex_display"),
]
EXITED = ExitColumn("退场日期", "exited_on", kind="date", nowrap=False)
MARKS = Column(
    "提示",
    render=lambda row: "、".join(
        [*([] if row.person.verified else ["未实名"]), *([str(refusal("W-02").sentence)] if row.differs else [])]
    ),
    nowrap=False,
)
ENTRY = [*FIRST, Column("所属劳务队", render=_team), *MIDDLE, MARKS]
EXIT = [*FIRST, Column("所属劳务队", render=_team), *MIDDLE, EXITED]
QUERY = [*FIRST, Column("所属劳务队长", render=_team), *MIDDLE, EXITED]
HISTORY = [
    Column("项目", "project.name", nowrap=False),
    FIRM,
    Column("从事主要工种", "trade"),
    Column("进场日期", "entered_on", kind="date"),
    Column("进场方式", "get_method_display"),
    EXITED,
    Column("用工评价", "get_rating_display"),
    Column("评价内容", "rating_note", nowrap=False),
]
