"""Whose inbox is whose."""

from typing import assert_never

from django.db.models import Q

from shiming.assignment.rules import asked_of, general, parent_answers
from shiming.core.actor import Actor, Role
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import ASSIGNMENT
from shiming.projects.chain import below
from shiming.projects.models import Participation

NOBODY = Q(pk__in=[])


def visible_to(actor: Actor) -> Q:
    """本人看自己的；企业看本企业的；工地看本项目的，分包只看自己位置与其下的；由上一级接收的分配，只问上一级。"""
    match actor.role:
        case Role.PERSON | Role.TEAM_LEADER:
            return Q(person=actor.person_id)
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(company=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return _site(actor) & (~Q(kind=ASSIGNMENT) | asked_of(actor) if parent_answers(actor) else Q())
        case Role.REGULATOR | Role.SYS_ADMIN | Role.SYSTEM:
            return NOBODY
        case _:
            assert_never(actor.role)


def _site(actor: Actor) -> Q:
    if general(actor):
        return Q(project=actor.project_id)
    own = below(Participation(pk=actor.participation_id, project_id=actor.project_id))
    return Q(project=actor.project_id) & (Q(participation=None) | Q(participation__in=own))


def may_read(actor: Actor, item: InboxItem) -> bool:
    """收件人"""
    return InboxItem.objects.filter(visible_to(actor), pk=item.pk).exists()
