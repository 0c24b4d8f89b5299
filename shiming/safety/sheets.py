"""The Excel kind of safety trainings."""

from decimal import Decimal, InvalidOperation

from shiming.assignment.queries import recordable
from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.errors import DomainError
from shiming.core.refusals import unnumbered
from shiming.imports.cells import BadCell, Cell, day, one_of, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import WHO, names_agree
from shiming.safety import queries
from shiming.safety.commands import take_over
from shiming.safety.commands.recording import find
from shiming.safety.forms import RESULTS
from shiming.safety.models import LONGEST, Level


def hours(cell: Cell) -> Decimal | None:
    typed = cell.text.removesuffix("学时").removesuffix("小时").strip()
    if not typed:
        return None
    try:
        found = Decimal(typed).quantize(Decimal("0.1"))
    except InvalidOperation:
        raise BadCell(unnumbered("学时写成 15 或 1.5 这样")) from None
    if not 0 < found <= LONGEST:
        raise BadCell(unnumbered(f"学时应大于 0，最多 {LONGEST}"))
    return found


def trainings_fit(rows: list[Row], by: Actor) -> None:
    workers = recordable(by, (row.values["number"] for row in rows))
    projects = list(queries.projects(by))
    for row in rows:
        try:
            find(row.values, workers, projects)
        except DomainError as error:
            row.refuse(error.refusals[0], error.field)
    names_agree([row for row in rows if row.good], "number", "name")


register(
    Sheet(
        "trainings",
        "安全培训",
        columns=(
            *WHO,
            Column(
                "level",
                "级别",
                one_of(lambda: Level.choices),
                required=True,
                aliases=("培训级别", "教育级别"),
                choices=lambda: [level.label for level in Level],
            ),
            Column(
                "project",
                "项目（报建编号或名称）",
                text(100),
                aliases=("项目", "项目名称", "工地"),
                offers=lambda by: [project.name for project in queries.projects(by)],
                width=32,
            ),
            Column("taken_on", "培训日期", day, required=True, aliases=("培训时间", "日期"), example="2026-03-15"),
            Column("hours", "学时", hours, required=True, aliases=("培训学时", "时长", "小时数"), example="15"),
            Column(
                "result",
                "结果",
                one_of(lambda: RESULTS, {"通过": "passed", "未通过": "failed"}),
                required=True,
                aliases=("考核结果", "培训结果"),
                choices=lambda: [label for _, label in RESULTS],
            ),
            Column("valid_until", "有效期至", day, aliases=("有效期", "到期日期")),
        ),
        key=("number", "level", "project", "taken_on"),
        check=trainings_fit,
        save=take_over,
        roles=COMPANY_ROLES,
        note="公司级不填项目；有效期空着按项目准入检查的月数，没有设定的为 12 个月。",
        shown_at="training-list",
    )
)
