"""工作经历 [004] 4-12: read only, computed from stays and attendance, which stand below in the order of imports.

@gives_history
def stays(person, actor): ...  # presence: projects and periods

@gives_hours
def worked(person, first, last): ...  # attendance: minutes by project and day
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from shiming.core.actor import Actor
from shiming.people import rules
from shiming.people.models import Person
from shiming.web.paging import Page
from shiming.web.table import Column, Empty, Table

OTHERS = "其他单位"
COLUMNS = [
    Column("项目编号", "project_code"),
    Column("项目名称", "project", nowrap=False),
    Column("中标价/项目投资(万元)", "price", kind="number"),
    Column("面积(平方米)", "area", kind="number"),
    Column("工作单位", "company", nowrap=False),
    Column("项目岗位", "position"),
    Column("开工日期", "started_on", kind="date"),
    Column("竣工日期", "finished_on", kind="date"),
    Column("累计工时", "hours"),
]
NONE_YET = Empty("还没有工作经历", "进场、考勤以后，由系统自动生成，不用填写。", icon="briefcase")


@dataclass
class WorkHistoryRow:
    """One person on one project for one company; `periods` are the stays, `minutes` None where nothing was measured.

    `price` is the 中标价 of the company's contract or else the 项目投资, in 万元; of other companies the row shows the
    project without the company (domain.md §11.11)."""

    project_id: UUID
    project_code: str
    project: str
    company: str
    position: str
    price: Decimal | None
    area: Decimal | None
    started_on: date | None
    finished_on: date | None
    periods: list[tuple[date, date | None]]
    minutes: int | None = None

    @property
    def hours(self) -> str:
        return "" if self.minutes is None else f"{self.minutes / 60:.1f} 小时"


_history: list[Callable[[Person, Actor], list[WorkHistoryRow]]] = []
_others: list[Callable[[Actor, Person], bool]] = []
_hours: list[Callable[[Person, date, date], dict[tuple[UUID, date], int]]] = []


def gives_history(function):
    if function not in _history:
        _history.append(function)
    return function


def gives_hours(function):
    if function not in _hours:
        _hours.append(function)
    return function


def also_sees_history(rule):
    """Register a rule of a later module: who else may see a person's work history."""
    if rule not in _others:
        _others.append(rule)
    return rule


def work_history(person: Person, actor: Actor) -> list[WorkHistoryRow]:
    """Newest first; nothing for those who may neither see the person's background nor audit the person."""
    if not (rules.may_see_background(actor, person) or any(sees(actor, person) for sees in _others)):
        return []
    rows = [row for give in _history for row in give(person, actor)]
    if not rows:
        return []
    first, today = min(start for row in rows for start, _ in row.periods), timezone.localdate()
    worked = {key: minutes for give in _hours for key, minutes in give(person, first, today).items()}
    for row in rows:
        row.minutes = _minutes(row, worked)
    return sorted(rows, key=lambda row: row.periods[0][0], reverse=True)


def table_of(person: Person, actor: Actor, *, paged: bool = False) -> Table:
    """The part of a page; `paged` the list of a page of its own, which can be exported."""
    rows = work_history(person, actor)
    if paged:
        rows = Page(rows, size=len(rows), first=1, total=len(rows), total_is_capped=False)
    kind = "list" if paged else "work-history"
    return Table(COLUMNS, rows, caption="工作经历", empty=NONE_YET, numbered=False, id=kind)


def _minutes(row: WorkHistoryRow, worked: dict) -> int | None:
    found = [
        minutes
        for (project, day), minutes in worked.items()
        if project == row.project_id and any(start <= day and (end is None or day <= end) for start, end in row.periods)
    ]
    return sum(found) if found else None
