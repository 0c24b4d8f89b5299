"""Permissions on employments."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import assert_never

from django.db.models import Q, QuerySet

from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Right, Role
from shiming.employment.models import Employment, ManagerDraft, Transfer
from shiming.projects.chain import BUILDERS
from shiming.projects.flows import employs_directly
from shiming.projects.models import Participation
from shiming.projects.policies import EmploymentMode

NONE = Q(pk__in=[])
_brought: list[Callable[[Actor], QuerySet]] = []


def visible_to(actor: Actor) -> Q:
    """People see their own employments and companies theirs.

    Sites, the companies above them and the authority see the employment that brought the person there (domain.md §7.9).
    """
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return of_company(actor) | _brought_to(actor)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM | Role.REGULATOR:
            return _brought_to(actor)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case _:
            assert_never(actor.role)


def of_company(actor: Actor) -> Q:
    """The company's own employments, as in its lists."""
    return Q(company=actor.company_id)


def brings_to_site(ids: Callable[[Actor], QuerySet]) -> Callable[[Actor], QuerySet]:
    """Register a function of a later module: ids of employments that brought workers to the sites an actor sees."""
    _brought.append(ids)
    return ids


def escalated_to(actor: Actor) -> Q:
    """Cases the authority sees without seeing the person: overdue leave requests and objections to a registration by a
    company on a site of the station.

    Lists show the case; the employment itself follows `visible_to`.
    """
    if actor.role is not Role.REGULATOR:
        return visible_to(actor)
    places = Participation.objects.filter(project__station=actor.station_id, left_on=None)
    return Q(company__in=places.values("company")) & (Q(leave_overdue=True) | Q(objected_at__isnull=False))


def may_see_pay(actor: Actor, row: Employment) -> bool:
    """本人、本企业、监督人员：日工资与工资卡"""
    if actor.role in (Role.REGULATOR, Role.SYS_ADMIN, Role.SYSTEM):
        return True
    return actor.person_id == row.person_id if actor.role is Role.PERSON else actor.company_id == row.company_id


def drafts_visible_to(actor: Actor) -> Q:
    """Drafts are visible only to the company that fills them in."""
    return Q(company=actor.company_id) if actor.role in KEEPERS else NONE


def may_keep_draft(actor: Actor, draft: ManagerDraft) -> bool:
    """填写的企业的法人、人事聘用管理员或经办"""
    return actor.role in KEEPERS and actor.company_id == draft.company_id


def transfers_visible_to(actor: Actor) -> Q:
    """Transfers are visible to the new company and the person only.

    The present company sees a request to leave and no destination.
    """
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER:
            return Q(company=actor.company_id)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case _:
            return NONE


def may_hire(actor: Actor) -> bool:
    """本企业法人或人事聘用管理员"""
    return actor.role in COMPANY_ROLES


def may_manage(actor: Actor, row: Employment | Transfer) -> bool:
    """本企业法人或人事聘用管理员"""
    return actor.role in COMPANY_ROLES and actor.company_id == row.company_id


def may_register_directly(actor: Actor) -> bool:
    """在“劳务分配、专业接收”等项目参建的企业的法人、人事聘用管理员或经办"""
    return actor.role in KEEPERS and employs_directly(actor)


def may_keep_workers(actor: Actor, row: Employment) -> bool:
    """登记该人员的企业的法人、人事聘用管理员或经办"""
    return may_register_directly(actor) and actor.company_id == row.company_id


def may_keep_manager(actor: Actor, row: Employment) -> bool:
    """本企业的法人、人事聘用管理员或经办"""
    return actor.role in KEEPERS and actor.company_id == row.company_id


def may_make_worker(actor: Actor, row: Employment) -> bool:
    """登记该管理人员的总包、专业或劳务企业的法人、人事聘用管理员或经办"""
    builds = Participation.objects.filter(company=row.company_id, kind__in=BUILDERS, left_on=None)
    return row.kind == Employment.Kind.MANAGER and may_keep_workers(actor, row) and builds.exists()


def may_release(actor: Actor, row: Employment) -> bool:
    """直接登记该人员的企业的法人、人事聘用管理员或经办"""
    here = actor.role in KEEPERS and actor.company_id == row.company_id
    return here and row.mode == EmploymentMode.DIRECT


def may_employ_implicitly(actor: Actor) -> bool:
    """项目经理，或其授权办理进场的现场操作用户"""
    return actor.on_site and actor.has(Right.ENTRY)


def may_answer(actor: Actor, row: Employment | Transfer) -> bool:
    """本人"""
    return actor.role is Role.PERSON and actor.person_id == row.person_id


def may_tend(actor: Actor) -> bool:
    """系统"""
    return actor.role in (Role.SYSTEM, Role.SYS_ADMIN)


def _brought_to(actor: Actor) -> Q:
    return reduce(or_, (Q(pk__in=ids(actor)) for ids in _brought), NONE)
