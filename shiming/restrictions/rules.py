"""Who sees an entry, who issues, decides, agrees and appeals. The gate and other companies learn no more than R-47."""

from typing import assert_never

from django.db.models import Q, QuerySet

from shiming.assignment.models import Assignment
from shiming.assignment.rules import visible_to as assignments_visible_to
from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import Participation, Project
from shiming.restrictions.models import Opinion, Restriction

NONE = Q(pk__in=[])
MANAGERS = (Role.PM, Role.SUPERVISION_PM)
ISSUERS = (*COMPANY_ROLES, *MANAGERS, Role.REGULATOR)


def visible_to(actor: Actor) -> Q:
    """The issuer, the second company asked, the person, and the station of the site."""
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER:
            return Q(company=actor.company_id)
        case Role.PM | Role.SUPERVISION_PM:
            asked = Opinion.objects.filter(place=actor.participation_id)
            own = Q(company=actor.company_id) & (Q(project=actor.project_id) | Q(project=None))
            return own | Q(pk__in=asked.values("restriction"))
        case Role.REGULATOR:
            return Q(station=actor.station_id) | Q(project__station=actor.station_id) | _of_its_companies(actor)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYSTEM:
            return Q()
        case Role.SITE_OPERATOR | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK | Role.SYS_ADMIN:
            return NONE
        case _:
            assert_never(actor.role)


def may_issue_here(actor: Actor) -> bool:
    """企业法人或人事聘用管理员、项目经理、监理项目负责人，或监督人员"""
    return actor.role in ISSUERS


def may_issue(actor: Actor, person: Person, project: Project | None) -> bool:
    """本单位参建项目上的企业法人、人事聘用管理员、项目经理、监理项目负责人，或该项目的监督人员"""
    if project is None:
        inside = actor.role in COMPANY_ROLES
    else:
        inside = may_issue_here(actor) and sites(actor).filter(pk=project.pk).exists()
    return inside and people(actor, project).filter(pk=person.pk).exists()


def may_decide(actor: Actor, row: Restriction) -> bool:
    """作出限制的单位"""
    if actor.role is Role.REGULATOR:
        return actor.station_id == row.station_id
    if actor.role in MANAGERS and actor.project_id != row.project_id:
        return False
    return actor.role in (*COMPANY_ROLES, *MANAGERS) and actor.company_id == row.company_id


def may_answer(actor: Actor, opinion: Opinion) -> bool:
    """被提请的另一家单位的项目经理或监理项目负责人"""
    return actor.role in MANAGERS and actor.participation_id == opinion.place_id


def may_appeal(actor: Actor, row: Restriction) -> bool:
    """被限制的本人"""
    return actor.role is Role.PERSON and actor.person_id == row.person_id


def may_open(actor: Actor, row: Restriction) -> bool:
    """作出限制的单位、被提请的另一家单位、本人与项目所属监督站"""
    return Restriction.objects.filter(visible_to(actor), pk=row.pk).exists()


def may_forget(actor: Actor) -> bool:
    """到期删除的系统"""
    return actor.role is Role.SYSTEM


def sites(actor: Actor) -> QuerySet[Project]:
    """The sites an actor may name in an entry."""
    if actor.role in MANAGERS:
        return Project.objects.filter(pk=actor.project_id)
    if actor.role is Role.REGULATOR:
        return Project.objects.filter(station=actor.station_id).order_by("name")
    places = Participation.objects.filter(company=actor.company_id, left_on=None)
    return Project.objects.filter(pk__in=places.values("project")).order_by("name")


def people(actor: Actor, project: Project | None = None) -> QuerySet[Person]:
    """The people an actor may restrict: those allocated to the site, as far as the actor sees their allocation, and
    for every site of a company its own people as well."""
    rows = Assignment.objects.filter(assignments_visible_to(actor))
    rows = rows.filter(project=project) if project else rows
    found = Q(pk__in=rows.values("person"))
    if actor.role in COMPANY_ROLES and project is None:
        employed = Employment.objects.filter(company=actor.company_id, status__in=Employment.EMPLOYED)
        found |= Q(pk__in=employed.values("person"))
    return Person.objects.filter(found)


def _of_its_companies(actor: Actor) -> Q:
    """Entries for every site of a company, about people whom the station sees on that company's sites."""
    here = Participation.objects.filter(project__station=actor.station_id, left_on=None)
    seen = Assignment.objects.filter(assignments_visible_to(actor))
    return Q(project=None, company__in=here.values("company"), person__in=seen.values("person"))
