"""Who sees which stays, and who may open or close one."""

from django.db.models import Q

from shiming.assignment import rules as assignment_rules
from shiming.assignment.answerers import audited_by
from shiming.assignment.models import Assignment
from shiming.core.actor import KEEPERS, Actor, Door, Right, Role
from shiming.presence.models import Stay
from shiming.projects import chain
from shiming.projects.chain import in_charge, is_general
from shiming.projects.flows import implementer_audits
from shiming.projects.models import Participation
from shiming.projects.policies import Policy
from shiming.projects.queries import policy_of


def visible_to(actor: Actor) -> Q:
    """Stays are as visible as their allocation (domain.md §7.9).

    A stay exists only for a confirmed allocation: where its own project or company decides, the allocation is not
    joined (用工查询 of 3 million stays: p95 28–55 ms).
    """
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.REGULATOR:
            return Q(project__station=actor.station_id)
        case _ if is_general(actor) or actor.role is Role.SUPERVISION_PM:
            return Q(project=actor.project_id)
        case _ if actor.door == Door.COMPANY and not chain.whole(actor.company_id)[1] and not audited_by(actor):
            return Q(company=actor.company_id)
        case _:
            return assignment_rules.visible_to(actor, "assignment__")


def may_enter(actor: Actor, assignment: Assignment) -> bool:
    """本项目项目经理，或其授权办理进场的现场操作用户"""
    return actor.has(Right.ENTRY) and in_charge(actor, assignment.participation)


def may_register_entry(actor: Actor, place: Participation) -> bool:
    """本项目项目经理，或其授权办理进场的现场操作用户"""
    return actor.has(Right.ENTRY) and in_charge(actor, place)


def may_scan(actor: Actor) -> bool:
    """项目经理，或其授权办理进场的现场操作用户"""
    return actor.on_site and actor.has(Right.ENTRY)


def may_undo(actor: Actor, stay: Stay) -> bool:
    """刚才办理进场的人"""
    return may_scan(actor) and actor.project_id == stay.project_id and actor.user_id == stay.entered_by_id


def may_leave(actor: Actor, stay: Stay, policy: Policy | None = None) -> bool:
    """施工总包项目负责人，或项目经理授权办理退场的现场操作用户"""
    if not actor.has(Right.EXIT) or not in_charge(actor, stay.assignment.participation):
        return False
    return is_general(actor) or actor.role is Role.SITE_OPERATOR or not _gate_is_the_contractors(stay, policy)


def may_leave_manager(actor: Actor, stay: Stay) -> bool:
    """本项目项目经理，或其授权办理退场的现场操作用户"""
    return stay.assignment.is_manager and actor.has(Right.EXIT) and in_charge(actor, stay.assignment.participation)


def may_unbind(actor: Actor, assignment: Assignment) -> bool:
    """本项目的实施单位，或绑定该人员的企业"""
    if not implementer_audits(policy_of(assignment.project)):
        return False
    own = actor.role in KEEPERS and actor.company_id == assignment.participation.company_id
    return own or assignment.project_id in audited_by(actor)


def may_issue_card(actor: Actor, person_id) -> bool:
    """本人"""
    return actor.role is Role.PERSON and actor.person_id == person_id


def _gate_is_the_contractors(stay: Stay, policy: Policy | None) -> bool:
    return (policy or policy_of(stay.project)).gc_scans_labour
