"""The authority only reads, within the projects of its station (projects.rules); it writes inquiries alone."""

from django.db.models import Q

from shiming.core.actor import Actor, Role
from shiming.projects.chain import is_general
from shiming.projects.models import Project
from shiming.projects.rules import visible_to as visible_to

NONE = Q(pk__in=[])


def may_oversee(actor: Actor) -> bool:
    """监督人员"""
    return actor.role is Role.REGULATOR


def inquiries_visible_to(actor: Actor) -> Q:
    """Inquiries are visible to the station that sent them and to the general contractor."""
    match actor.role:
        case Role.REGULATOR:
            return Q(project__station=actor.station_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case _ if is_general(actor):
            return Q(project=actor.project_id)
        case _:
            return NONE


def may_send(actor: Actor, project: Project) -> bool:
    """本站的监督人员"""
    return actor.role is Role.REGULATOR and project.station_id == actor.station_id


def may_answer(actor: Actor, inquiry) -> bool:
    """施工总包的项目经理"""
    return actor.role is Role.PM and is_general(actor) and inquiry.project_id == actor.project_id


def may_set_thresholds(actor: Actor) -> bool:
    """系统管理员"""
    return actor.role is Role.SYS_ADMIN
