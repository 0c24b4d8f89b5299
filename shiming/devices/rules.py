"""Who may register by card, and who sees the readings."""

from typing import assert_never

from django.db.models import Q

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Actor, Right, Role


def visible_to(actor: Actor) -> Q:
    """Companies and sites see the readings they made; a person sees those of their own card."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(company=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return Q(project=actor.project_id, company=actor.company_id)
        case Role.REGULATOR:
            return Q(project__station=actor.station_id)
        case _:
            assert_never(actor.role)


SEARCHERS = (*COMPANY_ROLES, Role.PARTICIPANT_CLERK, *SITE_ROLES, Role.SUPERVISION_PM)


def may_search_by_card(actor: Actor) -> bool:
    """企业端与工地端的人：读卡只把号码填进查询，什么也不登记"""
    return actor.role in SEARCHERS


def may_read_card(actor: Actor) -> bool:
    """企业法人、人事聘用管理员、项目经理、持“实名登记”权限的现场操作用户"""
    return actor.has(Right.IDENTITY) if actor.on_site else actor.role in COMPANY_ROLES
