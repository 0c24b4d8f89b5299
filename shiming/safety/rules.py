"""Visibility of safety trainings and permissions on them."""

from typing import assert_never

from django.db.models import Q

from shiming.assignment.answerers import in_reach
from shiming.assignment.models import Assignment
from shiming.assignment.rules import may_record_about, may_record_about_people
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.employment.models import Employment
from shiming.projects.models import Project
from shiming.safety.models import Level, Training

NONE = Q(pk__in=[])


def visible_to(actor: Actor) -> Q:
    """The own company's rows; on a site those of its people there, with what their company taught them."""
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.PARTICIPANT_CLERK:
            return Q(company=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return _on_site(actor)
        case Role.REGULATOR:
            return Q(project__station=actor.station_id)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.IMPLEMENTER:
            return NONE
        case _:
            assert_never(actor.role)


def may_record(actor: Actor, employment: Employment, project: Project | None) -> bool:
    """用人单位，或人员所在项目有进场权限的项目经理、现场操作用户"""
    elsewhere = actor.role not in KEEPERS and project is not None and project.pk != actor.project_id
    return not elsewhere and may_record_about(actor, employment)


def may_remove(actor: Actor, row: Training) -> bool:
    """用人单位；项目级、班组级培训也可由本项目删除，公司级的只能由登记的人删除"""
    if actor.role in KEEPERS:
        return actor.company_id == row.company_id
    mine = row.recorded_by_id == actor.user_id if row.level == Level.COMPANY else row.project_id == actor.project_id
    return mine and may_record_about_people(actor) and Training.objects.filter(visible_to(actor), pk=row.pk).exists()


def _on_site(actor: Actor) -> Q:
    people = Assignment.objects.filter(in_reach(actor), project=actor.project_id)
    taught = Q(project=None, company__in=people.values("participation__company"))
    return Q(person__in=people.values("person")) & (Q(project=actor.project_id) | taught)
