"""Visibility of health records and permissions on them (domain.md §12.1)."""

from typing import assert_never
from uuid import UUID

from django.db.models import Q

from shiming.companies.models import Company
from shiming.core.actor import Actor, Right, Role
from shiming.health.models import HealthFile, Proposal
from shiming.projects.chain import in_charge, is_general, reach
from shiming.projects.models import Participation

NONE = Q(pk__in=[])


def visible_to(actor: Actor) -> Q:
    """Pre-registrations: the site within its chain, 总包 and 监理 the whole site, the station, the person."""
    match actor.role:
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            if is_general(actor) or supervises(actor):
                return Q(project=actor.project_id)
            return Q(project=actor.project_id, participation__in=reach(actor))
        case Role.REGULATOR:
            return Q(project__station=actor.station_id)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYSTEM:
            return Q()
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK | Role.SYS_ADMIN:
            return NONE  # health data stay with the site and the authority
        case _:
            assert_never(actor.role)


def proposals_visible_to(actor: Actor) -> Q:
    """扫码预登记: those who may confirm them, within their chain."""
    if actor.role is Role.SYSTEM:
        return Q()
    if not may_preregister_here(actor):
        return NONE
    return Q(participation__project=actor.project_id) & (
        Q() if is_general(actor) else Q(participation__in=reach(actor))
    )


def supervises(actor: Actor) -> bool:
    """True for 监理项目负责人 and for the operators they named."""
    return actor.role is Role.SUPERVISION_PM or (
        actor.role is Role.SITE_OPERATOR and actor.participation_kind == Company.Kind.SUPERVISION
    )


def may_preregister(actor: Actor, place: Participation) -> bool:
    """总包项目经理、用工单位项目经理（本链条），或授权办理预登记的现场操作用户"""
    return actor.has(Right.PREREGISTER) and in_charge(actor, place)


def may_preregister_here(actor: Actor) -> bool:
    """总包项目经理、用工单位项目经理，或授权办理预登记的现场操作用户"""
    return actor.on_site and actor.has(Right.PREREGISTER) and not supervises(actor)


def may_note_health(actor: Actor, place: Participation) -> bool:
    """监理，或本链条的项目经理及其授权的现场操作用户"""
    if not actor.has(Right.HEALTH):
        return False
    return in_charge(actor, place) or (supervises(actor) and actor.project_id == place.project_id)


def may_declare(actor: Actor) -> bool:
    """本人"""
    return actor.role is Role.PERSON


def may_keep_site_info(actor: Actor, project_id: UUID) -> bool:
    """施工总包项目经理，或其授权办理预登记的现场操作用户"""
    return is_general(actor) and actor.project_id == project_id and actor.has(Right.PREREGISTER)


def may_see_site_info(actor: Actor, project_id: UUID) -> bool:
    """本项目的工地用户与监理"""
    return (actor.on_site or supervises(actor)) and actor.project_id == project_id


def may_open_file(actor: Actor, row: HealthFile, place: Participation | None) -> bool:
    """看得见该人员记录的工地用户与监理"""
    return may_see_site_info(actor, row.project_id) if place is None else may_note_health(actor, place)


def may_feed(actor: Actor, project_id: UUID) -> bool:
    """施工总包项目经理"""
    return actor.role is Role.PM and is_general(actor) and actor.project_id == project_id


def may_see_feed(actor: Actor) -> bool:
    """施工总包项目经理，或其授权办理预登记的现场操作用户"""
    return is_general(actor) and actor.has(Right.PREREGISTER)


def may_take_feed(actor: Actor) -> bool:
    """施工总包项目经理所建、有预登记权限的接口密钥"""
    return may_see_feed(actor)


def may_confirm_proposal(actor: Actor, proposal: Proposal) -> bool:
    """总包项目经理、用工单位项目经理（本链条），或授权办理预登记的现场操作用户"""
    return may_preregister(actor, proposal.participation)
