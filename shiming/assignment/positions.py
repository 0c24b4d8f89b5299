"""Roles on a project: 建筑工人, or one of the positions of the dictionary."""

from shiming.assignment.models import Assignment
from shiming.core.errors import Invalid
from shiming.dictionaries import queries as dictionaries
from shiming.projects.models import Participation

WORKER_LABEL = "建筑工人"
PROJECT_MANAGER = "项目经理"


def choices() -> list[tuple[str, str]]:
    return [(Assignment.WORKER, WORKER_LABEL), *dictionaries.choices("position")]


def label(role: str) -> str:
    return WORKER_LABEL if role == Assignment.WORKER else dictionaries.label("position", role)


def require_known(role: str) -> None:
    if role not in dict(choices()):
        raise Invalid("请选择角色", next_step="在列表中选择建筑工人或管理岗位", field="role")


def require_free(role: str, place: Participation, besides: Assignment | None = None) -> None:
    """One 项目经理 per contract: the dictionary says which positions are held by one person at a time."""
    scope = {"project": {"project": place.project_id}, "participation": {"participation": place.pk}}
    limit = dictionaries.details("position", role).get("one_per")
    if limit not in scope:
        return
    held = Assignment.objects.filter(role=role, status__in=Assignment.OPEN, **scope[limit])
    holder = held.exclude(pk=besides.pk).first() if besides else held.first()
    if holder:
        raise Invalid(f"{label(role)}已是{holder.person}", next_step="先移除或退场原来的人，再分配")
