"""Who sees which punches, and who may add or correct them."""

from django.db.models import Exists, OuterRef, Q

from shiming.attendance.models import Correction
from shiming.core.actor import Actor, Right, Role
from shiming.employment.models import Employment
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay
from shiming.projects import chain
from shiming.projects.models import Participation


def visible_to(actor: Actor) -> Q:
    """A correction is visible where a stay of that day is visible."""
    if actor.role is Role.SYS_ADMIN:
        return Q(pk=None)
    stays = Stay.objects.filter(
        presence_rules.visible_to(actor),
        person=OuterRef("person"),
        project=OuterRef("project"),
        entered_on__lte=OuterRef("day"),
    )
    return Q(Exists(stays.exclude(exited_on__lt=OuterRef("day"))))


def leads(actor: Actor) -> Q:
    """A condition on teams: led by this person, not closed, the leader still employed by the company.

    On the day the employment ends, the leader sees the team no longer.
    """
    if actor.role is not Role.PERSON:
        return Q(pk=None)
    himself = Employment.objects.filter(
        person=actor.person_id, company=OuterRef("company"), status__in=Employment.EMPLOYED
    )
    return Q(Exists(himself), leader=actor.person_id, closed_on=None)


def may_punch(actor: Actor, project_id) -> bool:
    """本项目的项目经理，或其授权考勤的现场操作用户"""
    return actor.on_site and actor.project_id == project_id and actor.has(Right.ATTENDANCE)


def may_punch_himself(actor: Actor, person_id) -> bool:
    """本人"""
    return actor.role is Role.PERSON and actor.person_id == person_id


def may_request(actor: Actor, person) -> bool:
    """本人，或其班组长"""
    if actor.role is Role.PERSON and actor.person_id == person.pk:
        return True
    return (
        actor.person_id is not None
        and person.employments.filter(team__leader=actor.person_id, status="active").exists()
    )


def may_set_shifts(actor: Actor, project) -> bool:
    """本项目施工总包的项目经理"""
    return actor.role is Role.PM and chain.is_general(actor) and actor.project_id == project.pk


def in_charge(actor: Actor, place: Participation) -> bool:
    """该人员所属参建单位或其上级的项目经理，或其授权考勤的现场操作用户"""
    return chain.in_charge(actor, place)


def may_decide(actor: Actor, correction: Correction) -> bool:
    """该人员所属参建单位或其上级的项目经理，或其授权考勤的现场操作用户，且不是申请人与本人"""
    return decides(actor, correction) and Correction.objects.filter(visible_to(actor), pk=correction.pk).exists()


def decides(actor: Actor, seen: Correction) -> bool:
    """`may_decide` for a correction that is already filtered by visibility; costs no query per button."""
    himself = actor.user_id == seen.requested_by_id or actor.person_id == seen.person_id
    return may_punch(actor, seen.project_id) and not himself
