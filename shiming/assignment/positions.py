"""Roles on a project: 建筑工人, or one of the positions of the dictionary."""

from shiming.assignment.models import Assignment
from shiming.core.errors import Invalid
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.projects.models import Participation

WORKER_LABEL = "建筑工人"
PROJECT_MANAGER = "项目经理"


def choices() -> list[tuple[str, str]]:
    return [(Assignment.WORKER, WORKER_LABEL), *dictionaries.choices("position")]


def choices_for(employments) -> list[tuple[str, str]]:
    """The roles that fit at least one of the people."""
    rows = list(employments)
    return [choice for choice in choices() if any(fits(choice[0], row) for row in rows)]


def label(role: str) -> str:
    return WORKER_LABEL if role == Assignment.WORKER else dictionaries.label("position", role)


def require_known(role: str) -> None:
    if role not in dict(choices()):
        raise Invalid("请选择角色", next_step="在列表中选择建筑工人或管理岗位", field="role")


def fits(role: str, employment: Employment) -> bool:
    """A manager holds a position; everybody else works as 建筑工人."""
    return (role != Assignment.WORKER) == (employment.kind == Employment.Kind.MANAGER)


def require_fits(role: str, employment: Employment) -> None:
    if fits(role, employment):
        return
    if role == Assignment.WORKER:
        raise Invalid("管理人员须按管理岗位分配", next_step="选择管理岗位，或由用人单位先改为建筑工人", field="role")
    raise Invalid(f"建筑工人不能担任{label(role)}", next_step="选择建筑工人，或由用人单位先改为管理人员", field="role")


def require_free(role: str, place: Participation, besides: Assignment | None = None) -> None:
    """Enforce the dictionary's limit of positions held by one person at a time, such as 项目经理 (one per contract)."""
    scope = {"project": {"project": place.project_id}, "participation": {"participation": place.pk}}
    limit = dictionaries.details("position", role).get("one_per")
    if limit not in scope:
        return
    held = Assignment.objects.filter(role=role, status__in=Assignment.OPEN, **scope[limit])
    holder = held.exclude(pk=besides.pk).first() if besides else held.first()
    if holder:
        raise Invalid(f"{label(role)}已是{holder.person}", next_step="先移除或退场原来的人，再分配")
