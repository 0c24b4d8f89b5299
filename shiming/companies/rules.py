"""Permissions on companies and their staff."""

from typing import assert_never

from django.db.models import Q

from shiming.companies.models import Company, Staff
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.dictionaries.rules import may_administer as may_administer  # for companies


def visible_to(actor: Actor) -> Q:
    """Visible firms: the actor's own, those on the actor's sites, and former or present employers."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:  # the own company
            return Q(pk=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:  # participants of the project
            return _among(participations__project=actor.project_id)
        case Role.REGULATOR:  # participants of the projects of the station
            return _among(participations__project__station=actor.station_id)
        case Role.PERSON:  # past and present employers
            return _among(employments__person=actor.person_id)
        case _:
            assert_never(actor.role)


def staff_visible_to(actor: Actor) -> Q:
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(company=actor.company_id)
        case _:
            return Q(pk__in=[])


def may_correct(actor: Actor, company: Company) -> bool:
    """本企业法人、人事聘用管理员或参建单位经办"""
    return actor.role in KEEPERS and actor.company_id == company.pk


def implements(company: Company) -> bool:
    """Whether this company is an 实施单位: by its kind, or by its place on any site."""
    kind = Company.Kind.IMPLEMENTING
    return company.kind == kind or company.participations.filter(kind=kind, left_on=None).exists()


def may_appoint(actor: Actor, company: Company, role: str) -> bool:
    """本企业法人/证书持有人，或系统管理员。"""
    if may_administer(actor):
        return True
    return actor.role is Role.LEGAL_REP and actor.company_id == company.pk and role != Role.LEGAL_REP


def may_dismiss(actor: Actor, staff: Staff) -> bool:
    """本企业法人/证书持有人，或系统管理员；不能撤销自己。"""
    return staff.user_id != actor.user_id and may_appoint(actor, staff.company, staff.role)


def _among(**condition) -> Q:
    return Q(pk__in=Company.objects.filter(**condition).values("pk"))
