"""Who keeps which part of 项目人员绑定 (domain.md §11.1)."""

from shiming.assignment.rules import may_bind
from shiming.core.actor import Actor
from shiming.projects.chain import BUILDERS
from shiming.projects.models import Participation


def may_bind_workers(actor: Actor, place: Participation) -> bool:
    """总包、专业或劳务单位的法人、人事聘用管理员或参建单位经办"""
    return place.kind in BUILDERS and may_bind(actor, place)
