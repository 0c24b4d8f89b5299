"""Who sees which allocations, and who may change one."""

from typing import assert_never

from django.db.models import Q, QuerySet

from shiming.assignment.answerers import answerer_here, answerer_of, audited_by, in_reach
from shiming.assignment.models import Assignment
from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Right, Role
from shiming.employment.models import Employment
from shiming.employment.rules import brings_to_site
from shiming.projects import chain
from shiming.projects.models import Participation

Status = Assignment.Status
CONFIRMED = (Status.ACCEPTED, Status.ENDED)
# Only the company sees a draft and a removed allocation.
SUBMITTED = (Status.PENDING, Status.REJECTED, *CONFIRMED)


def visible_to(actor: Actor, at: str = "") -> Q:
    """Assignments visible to the actor (domain.md §7.9).

    The person and the own company see all; companies above see accepted ones; until then only the answering company or
    实施单位 does; a regulator sees accepted ones of the station.

    `at` leads from the row that is filtered to its assignment ("assignment__").
    """
    return _at(_visible_to(actor), at)


def asked_of(actor: Actor) -> Q:
    """The allocations this site user answers, in any status; also fits rows with `project` and `participation`."""
    return answerer_here(actor).asked(actor)


@brings_to_site
def employments_brought(actor: Actor) -> QuerySet:
    return Assignment.objects.filter(visible_to(actor)).values("employment")


def may_propose(actor: Actor, place: Participation) -> bool:
    """本企业法人、人事聘用管理员，或本企业在该项目的项目经理"""
    if actor.role is Role.PM:
        return actor.participation_id == place.pk
    return actor.role in COMPANY_ROLES and actor.company_id == place.company_id


def may_change(actor: Actor, assignment: Assignment) -> bool:
    """分配该人员的企业，或其在该项目的项目经理"""
    return may_propose(actor, assignment.participation)


def may_bind(actor: Actor, place: Participation) -> bool:
    """本企业的法人、人事聘用管理员或参建单位经办"""
    return actor.role is Role.SYSTEM or (actor.role in KEEPERS and actor.company_id == place.company_id)


def may_allocate_directly(actor: Actor, place: Participation) -> bool:
    """本项目项目经理，或其授权办理进场的现场操作用户"""
    return actor.has(Right.ENTRY) and chain.in_charge(actor, place)


def may_confirm(actor: Actor, assignment: Assignment) -> bool:
    """本项目答复分配的一方"""
    return answerer_of(assignment.project).may_answer(actor, assignment)


def here(actor: Actor) -> QuerySet[Assignment]:
    """The open allocations that a site user sees on the site."""
    return Assignment.objects.filter(in_reach(actor), project=actor.project_id, status__in=Assignment.OPEN)


def may_record_about_people(actor: Actor) -> bool:
    """用人单位，或有进场权限的项目经理、现场操作用户"""
    return actor.role in KEEPERS or (actor.on_site and actor.has(Right.ENTRY))


def may_record_about(actor: Actor, employment: Employment) -> bool:
    """用人单位，或人员所在项目有进场权限的项目经理、现场操作用户"""
    if actor.role in KEEPERS:
        return actor.company_id == employment.company_id
    return may_record_about_people(actor) and here(actor).filter(employment=employment).exists()


def _visible_to(actor: Actor) -> Q:
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            own, under = chain.whole(actor.company_id)
            seen = Q(participation__in=own) | Q(participation__in=under, status__in=CONFIRMED)
            return seen | (asked_of(actor) & Q(status__in=SUBMITTED)) if audited_by(actor) else seen
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            waiting = Q(participation=actor.participation_id) | asked_of(actor)
            return in_reach(actor) & (Q(status__in=CONFIRMED) | Q(waiting, status__in=SUBMITTED))
        case Role.REGULATOR:
            return Q(project__station=actor.station_id, status__in=CONFIRMED)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case _:
            assert_never(actor.role)


def _at(condition: Q, path: str) -> Q:
    """The same condition for rows from which `path` leads to the assignment."""
    if not path:
        return condition
    children = [
        _at(child, path) if isinstance(child, Q) else (f"{path}{child[0]}", child[1]) for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)
