"""The Excel kind 限制进场."""

from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.errors import DomainError
from shiming.dictionaries import queries as dictionaries
from shiming.imports.cells import day, one_of, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import WHO, names_agree
from shiming.restrictions import rules
from shiming.restrictions.commands import find, take_over
from shiming.restrictions.forms import LONGEST_TEXT


def entries_fit(rows: list[Row], by: Actor) -> None:
    sites = list(rules.sites(by))
    for row in rows:
        try:
            find(row.values, sites, by)
        except DomainError as error:
            row.refuse(error.refusals[0], error.field)
    names_agree([row for row in rows if row.good], "number", "name")


def categories() -> list[tuple[str, str]]:
    return dictionaries.choices("restriction_category")


register(
    Sheet(
        "restrictions",
        "限制进场",
        columns=(
            *WHO,
            Column(
                "project",
                "项目（报建编号或名称）",
                text(100),
                aliases=("项目", "项目名称", "工地", "范围"),
                offers=lambda by: [project.name for project in rules.sites(by)],
                width=32,
            ),
            Column(
                "category",
                "类别",
                one_of(categories),
                required=True,
                aliases=("限制类别", "原因类别"),
                choices=lambda: [label for _, label in categories()],
            ),
            Column("from_date", "自", day, required=True, aliases=("开始日期", "限制日期"), example="2026-03-15"),
            Column("until", "至", day, required=True, aliases=("结束日期", "截止日期"), example="2026-04-13"),
            Column("text", "事实与依据", text(LONGEST_TEXT), required=True, aliases=("事实", "依据", "原因"), width=48),
        ),
        key=("number", "project", "from_date"),
        check=entries_fit,
        save=take_over,
        roles=COMPANY_ROLES,
        note="项目空着为本企业所有项目；每一条都会告知本人，可以申诉。超过 30 天的部分，导入后再提请另一家单位。",
        shown_at="restriction-list",
    )
)
