"""Permissions on sites, places in the chain, contracts, teams and grants."""

from typing import assert_never

from django.db.models import Q

from shiming.companies.models import Company
from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Right, Role
from shiming.dictionaries.rules import may_administer as may_administer  # for projects, participations and contracts
from shiming.projects.chain import reach
from shiming.projects.models import ContractFiling, Grant, Participation, Project, Team


def visible_to(actor: Actor) -> Q:
    """Visible sites."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:  # projects of the company
            return _projects(participations__company=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:  # the current project
            return Q(pk=actor.project_id)
        case Role.REGULATOR:  # projects of the station
            return Q(station=actor.station_id)
        case Role.PERSON:  # projects of past and present allocations
            return _projects(assignments__person=actor.person_id)
        case _:
            assert_never(actor.role)


def participations_visible_to(actor: Actor) -> Q:
    """A visible site shows its whole chain of firms, which is posted at the gate anyway."""
    if may_administer(actor):
        return Q()
    return Q(project__in=Project.objects.filter(visible_to(actor)).values("pk"))


def filings_visible_to(actor: Actor) -> Q:
    """Contracts name a person and a phone: visible are the own ones, and for a general contractor those of its site."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(participation__company=actor.company_id) | _on_sites_it_builds(actor.company_id)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            if actor.participation_kind == Company.Kind.GENERAL:
                return Q(participation__project=actor.project_id)
            return Q(participation=actor.participation_id)
        case Role.REGULATOR:
            return Q(participation__project__station=actor.station_id)
        case Role.PERSON:
            return Q(pm=actor.person_id)
        case _:
            assert_never(actor.role)


def teams_visible_to(actor: Actor) -> Q:
    """Teams of the actor's company; on site, those of companies below in the chain."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(company=actor.company_id)
        case Role.PM | Role.SITE_OPERATOR:
            under = Participation.objects.filter(pk__in=reach(actor), left_on=None)
            return Q(company__in=under.values("company"))
        case Role.SUPERVISION_PM:
            return Q(company__in=Participation.objects.filter(project=actor.project_id).values("company"))
        case Role.REGULATOR:
            return Q(company__in=Participation.objects.filter(project__station=actor.station_id).values("company"))
        case Role.PERSON:
            return Q(leader=actor.person_id)
        case _:
            assert_never(actor.role)


def grants_visible_to(actor: Actor) -> Q:
    """Grants of the PM's place, of the operator, or of every place of the company."""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return Q(participation__company=actor.company_id)
        case Role.PM | Role.SUPERVISION_PM:
            return Q(participation=actor.participation_id)
        case Role.SITE_OPERATOR | Role.PERSON:
            return Q(person=actor.person_id)
        case Role.REGULATOR:
            return Q(participation__project__station=actor.station_id)
        case _:
            assert_never(actor.role)


def may_take_part(actor: Actor) -> bool:
    """本企业的法人、人事聘用管理员或参建单位经办"""
    return actor.role in KEEPERS


def may_give_up(actor: Actor, place: Participation) -> bool:
    """本企业的法人、人事聘用管理员或参建单位经办"""
    return actor.role in KEEPERS and actor.company_id == place.company_id


def may_sync_filed_people(actor: Actor, filing: ContractFiling) -> bool:
    """本企业的法人、人事聘用管理员或参建单位经办"""
    return may_administer(actor) or may_give_up(actor, filing.participation)


def may_grant(actor: Actor, participation: Participation) -> bool:
    """本合同的项目负责人"""
    return actor.role in (Role.PM, Role.SUPERVISION_PM) and actor.participation_id == participation.pk


def rights_to_give(actor: Actor) -> tuple[Right, ...]:
    """A manager hands on at most the own rights: 监理 those on health records."""
    return (Right.HEALTH,) if actor.role is Role.SUPERVISION_PM else tuple(Right)


def may_change_grant(actor: Actor, grant: Grant) -> bool:
    """本合同的项目负责人"""
    return may_grant(actor, grant.participation)


def may_renew_site_code(actor: Actor, project: Project) -> bool:
    """施工总包项目经理或系统管理员"""
    if may_administer(actor):
        return True
    at_the_top = actor.role is Role.PM and actor.participation_kind == Company.Kind.GENERAL
    return at_the_top and actor.project_id == project.pk


def may_lead_teams(actor: Actor, company: Company) -> bool:
    """本企业法人或人事聘用管理员"""
    return actor.role is Role.SYSTEM or (actor.role in COMPANY_ROLES and actor.company_id == company.pk)


def may_note_teams(actor: Actor, company: Company) -> bool:
    """本企业登记人员的，或本项目项目经理及其授权办理进场的现场操作用户"""
    if actor.role in KEEPERS:
        return actor.company_id == company.pk
    if not actor.on_site or not actor.has(Right.ENTRY):
        return False
    return Participation.objects.filter(pk__in=reach(actor), company=company, left_on=None).exists()


def may_change_team(actor: Actor, team: Team) -> bool:
    """本企业法人或人事聘用管理员"""
    return may_lead_teams(actor, team.company)


def _projects(**condition) -> Q:
    return Q(pk__in=Project.objects.filter(**condition).values("pk"))


def _on_sites_it_builds(company_id) -> Q:
    built = Participation.objects.filter(company=company_id, kind=Company.Kind.GENERAL, left_on=None)
    return Q(participation__project__in=built.values("project"))
