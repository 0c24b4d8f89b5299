"""谁看得见哪些人，谁可以做什么。

What a person is to a firm or a site is said by modules below this one; their rows are reached through the names they
gave their relations (`employments`, `assignments`), never by importing them.
"""

from typing import assert_never

from django.db.models import Q, QuerySet

from shiming.core.actor import COMPANY_ROLES, Actor, Right, Role
from shiming.people.models import Person

EMPLOYED = ("active", "leave_requested", "dismissal_pending")
# 本人确认以前的邀请还不是聘用：单位在聘用管理里看得见自己的邀请，看不见这个人。
EVER_EMPLOYED = (*EMPLOYED, "ended")
ON_A_SITE = ("pending", "accepted", "rejected", "ended")
CONFIRMED = ("accepted", "ended")
# 总包 → 专业 → 劳务，再留一层。
ABOVE = ("", "parent__", "parent__parent__", "parent__parent__parent__")
GENERAL = "general"


def visible_to(actor: Actor) -> Q:
    """企业：本单位聘用的人，与链条之下已确认的人；工地：本项目本链条的人；监督：本站项目的人；本人：自己。"""
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.PERSON:
            return Q(pk=actor.person_id)
        case Role.TEAM_LEADER:
            return Q(pk=actor.person_id) | Q(pk__in=employments_seen(actor).values("person"))
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            own, below = employments_seen(actor), assignments_seen(actor)
            return Q(pk__in=own.values("person").union(below.values("person")))
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM | Role.REGULATOR:
            return Q(pk__in=assignments_seen(actor).values("person"))
        case _:
            assert_never(actor.role)


def employments_seen(actor: Actor) -> QuerySet:
    """聘用关系：只有自己这一家的，别家的一概不见；监督看的是本站项目所用的。"""
    rows = _model("employments")._default_manager.all()
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return rows
        case Role.PERSON:
            return rows.filter(person=actor.person_id)
        case Role.TEAM_LEADER:
            return rows.filter(team=actor.team_id, status__in=EMPLOYED)
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return rows.filter(company=actor.company_id, status__in=EVER_EMPLOYED)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM | Role.REGULATOR:
            return rows.filter(pk__in=assignments_seen(actor).values("employment"))
        case _:
            assert_never(actor.role)


def assignments_seen(actor: Actor) -> QuerySet:
    """分配：企业看自己位置之下已确认的与本单位全部的；工地看本链条的，总包与监理看全项目；监督看本站的。"""
    rows = _model("assignments")._default_manager.all()
    match actor.role:
        case Role.SYS_ADMIN | Role.SYSTEM:
            return rows
        case Role.PERSON:
            return rows.filter(person=actor.person_id)
        case Role.TEAM_LEADER:
            return rows.filter(employment__team=actor.team_id, status__in=ON_A_SITE)
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            return rows.filter(participation_id__in=_places_of(actor.company_id), status__in=CONFIRMED)
        case Role.PM | Role.SITE_OPERATOR if actor.participation_kind != GENERAL:
            return rows.filter(participation_id__in=_places_below(actor.participation_id), status__in=ON_A_SITE)
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return rows.filter(project=actor.project_id, status__in=ON_A_SITE)
        case Role.REGULATOR:
            return rows.filter(project__station=actor.station_id, status__in=ON_A_SITE)
        case _:
            assert_never(actor.role)


def may_register(actor: Actor) -> bool:
    """企业人事、持“实名登记”权限的工地用户"""
    if actor.on_site:
        return actor.has(Right.IDENTITY)
    return actor.role in (*COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.SYS_ADMIN, Role.SYSTEM)


def may_look_up(actor: Actor) -> bool:
    """企业人事，或办理进场的工地用户"""
    if actor.on_site:
        return actor.has(Right.ENTRY) or actor.has(Right.IDENTITY)
    return actor.role in (*COMPANY_ROLES, Role.PARTICIPANT_CLERK)


def may_note_at_desk(actor: Actor) -> bool:
    """项目经理，或其授权办理进场的现场操作用户"""
    return actor.on_site and actor.has(Right.ENTRY)


def may_submit(actor: Actor, person: Person) -> bool:
    """本人"""
    return actor.role is Role.SYSTEM or (actor.role is Role.PERSON and actor.person_id == person.pk)


def may_decide_identity(actor: Actor) -> bool:
    """系统管理员"""
    return actor.role in (Role.SYS_ADMIN, Role.SYSTEM)


def may_reveal(actor: Actor, person: Person) -> bool:
    """用人单位人事、项目经理、持“实名登记”权限的现场操作用户、监督人员"""
    if actor.role in (Role.SYS_ADMIN, Role.PERSON, Role.REGULATOR):
        return sees(actor, person)
    if actor.on_site:  # 看得见的比能查看号码的多：已经离开的、还没确认的，只见打码的
        return actor.has(Right.IDENTITY) and assignments_seen(actor).filter(person=person, status="accepted").exists()
    return actor.role in (*COMPANY_ROLES, Role.PARTICIPANT_CLERK) and _employs(actor, person)


def may_change_profile(actor: Actor, person: Person) -> bool:
    """本人、用人单位人事或系统管理员"""
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM) or (actor.person_id == person.pk and actor.role is Role.PERSON):
        return True
    return actor.role in (*COMPANY_ROLES, Role.PARTICIPANT_CLERK) and _employs(actor, person)


def may_see_card(actor: Actor, person: Person) -> bool:
    """本人与负责核验的系统管理员"""
    return may_decide_identity(actor) or may_submit(actor, person)


def sees(actor: Actor, person: Person) -> bool:
    return Person.objects.filter(visible_to(actor), pk=person.pk).exists()


def _employs(actor: Actor, person: Person) -> bool:
    """本人确认受聘以后，离职以前；只是邀请过的不算。"""
    return person.employments.filter(company=actor.company_id, status__in=EMPLOYED).exists()


def _places_of(company_id) -> list:
    """The firm's places in all projects with everything under them; a general contractor's is the whole project.

    A list, not a subquery: with the few ids in hand the database goes straight to their assignments.
    """
    places = _places()
    own = [places.filter(**{f"{above}company": company_id}) for above in ABOVE]
    whole = places.filter(project__participations__company=company_id, project__participations__kind=GENERAL)
    first, *others = [rows.values_list("pk", flat=True) for rows in (*own, whole)]
    return list(first.union(*others))


def _places_below(participation_id) -> list:
    places = _places()
    below = [places.filter(**{above.removesuffix("__") or "pk": participation_id}) for above in ABOVE]
    first, *others = [rows.values_list("pk", flat=True) for rows in below]
    return list(first.union(*others))


def _places():
    return _model("assignments")._meta.get_field("participation").related_model._default_manager


def _model(relation: str):
    return Person._meta.get_field(relation).related_model
