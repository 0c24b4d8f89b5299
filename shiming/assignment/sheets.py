"""The Excel kind of allocations."""

from shiming.assignment import positions
from shiming.assignment.importing import allocate, employees, places_of, refusal_of
from shiming.assignment.models import Assignment
from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.errors import DomainError
from shiming.core.refusals import unnumbered
from shiming.imports.cells import one_of, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import WHO
from shiming.projects.models import Team


def allocations_fit(rows: list[Row], by: Actor) -> None:
    places, hired = places_of(by), employees((row.values["number"] for row in rows), by)
    teams = set(_teams(by))
    elsewhere = _allocated(rows, places, hired)
    for row in rows:
        place, employment = places.get(row.values["project"]), hired.get(row.values["number"])
        if found := refusal_of(row.values, place, employment):
            column, refused = found
            row.refuse(refused.refusals[0], column)
        elif (employment.person_id, place.project_id, place.pk) in elsewhere:
            row.refuse("R-18", "project")
        elif refused := _misfit(row.values["role"] or Assignment.WORKER, employment):
            row.refuse(refused.refusals[0], "role")
        if row.values["team"] and row.values["team"] not in teams:
            row.refuse(unnumbered("本企业没有这个班组，请从列表中选，或先导入班组"), "team")


register(
    Sheet(
        "allocations",
        "人员分配",
        columns=(
            *WHO,
            Column(
                "project",
                "项目（报建编号或名称）",
                text(100),
                required=True,
                aliases=(
                    "项目",
                    "报建编号",
                    "项目名称",
                    "工程名称",
                    "工地",
                    "报建号",
                    "项目编号",
                    "所在项目",
                    "PROJECT",
                ),
                offers=lambda by: sorted({place.project.name for place in places_of(by).values() if place.is_filed}),
                width=36,
            ),
            Column(
                "role",
                "角色",
                one_of(positions.choices, {"工人": Assignment.WORKER, "作业人员": Assignment.WORKER}),
                aliases=("岗位", "职务", "管理岗位", "人员类型", "ROLE"),
                choices=lambda: [label for _, label in positions.choices()],
            ),
            Column(
                "team",
                "班组",
                text(60),
                aliases=("班组名称", "劳务队", "施工队", "所属班组", "TEAM"),
                offers=lambda by: _teams(by),
            ),
        ),
        key=("number", "project"),
        check=allocations_fit,
        save_many=allocate,
        roles=COMPANY_ROLES,
        note="分到合同已报送的项目，等工地确认；角色空着即为建筑工人。",
        next_step="等工地的项目经理确认，确认后可以进场。",
        shown_at="assignment-list",
    )
)


def _misfit(role: str, employment) -> DomainError | None:
    try:
        positions.require_fits(role, employment)
    except DomainError as refused:
        return refused
    return None


def _teams(by: Actor) -> list[str]:
    rows = Team.objects.filter(company=by.company_id, closed_on=None)
    return list(rows.order_by("name").values_list("name", flat=True))


def _allocated(rows, places, hired) -> set:
    """(Person, project, own place) of people allocated to the project through another place."""
    keys = [employment.person_id for employment in hired.values()]
    own = {place.project_id: place.pk for place in places.values()}
    standing = Assignment.objects.filter(person__in=keys, project__in=own, status__in=Assignment.OPEN)
    found = standing.values_list("person_id", "project_id", "participation_id")
    return {(person, project, own[project]) for person, project, place in found if place != own[project]}
