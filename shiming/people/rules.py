"""Permissions on people.

The relation of a person to a firm or a site is held by later modules, which register their part in `people/sight.py`.
"""

from uuid import UUID

from django.db.models import Q

from shiming.core.actor import KEEPERS, Actor, Right, Role
from shiming.people.models import EMPLOYED_STATES, Person
from shiming.people.sight import deals_with, people_seen

EMPLOYERS = KEEPERS


def visible_to(actor: Actor) -> Q:
    """People visible to the actor (domain.md §7.9): all for the administrator, the person alone, or `people_seen`."""
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM):
        return Q()
    if actor.role is Role.PERSON:
        return Q(pk=actor.person_id)
    return people_seen(actor)


def may_register(actor: Actor) -> bool:
    """企业人事、持“实名登记”权限的工地用户"""
    if actor.on_site:
        return actor.has(Right.IDENTITY)
    return actor.role in (*EMPLOYERS, Role.SYS_ADMIN, Role.SYSTEM)


def may_announce(actor: Actor) -> bool:
    """总包或用工单位项目经理，或授权办理预登记的现场操作用户"""
    return actor.on_site and actor.has(Right.PREREGISTER)


def may_look_up(actor: Actor) -> bool:
    """企业人事，或办理进场的工地用户"""
    if actor.on_site:
        return actor.has(Right.ENTRY) or actor.has(Right.IDENTITY)
    return actor.role in EMPLOYERS


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
    if actor.on_site and not actor.has(Right.IDENTITY):
        return False
    # More people are visible than may be revealed: former and unconfirmed workers show masked numbers only.
    return (actor.on_site or actor.role in EMPLOYERS) and deals_with(actor, person)


def may_search_by_parts(actor: Actor) -> bool:
    """用人单位人事、项目经理、持“实名登记”权限的现场操作用户、监督人员与系统管理员"""
    if actor.on_site:
        return actor.has(Right.IDENTITY)
    return actor.role in (*EMPLOYERS, Role.SYS_ADMIN, Role.SYSTEM, Role.REGULATOR)


def may_take_new_name(actor: Actor, person: Person) -> bool:
    """本人现用人单位的人事、本人所在工地的项目经理或持“实名登记”权限的现场操作用户；本人不在职时，任一单位的人事"""
    free = not person.employments.filter(status__in=EMPLOYED_STATES).exists()
    return may_register(actor) and (free or deals_with(actor, person))


def may_change_profile(actor: Actor, person: Person) -> bool:
    """本人、用人单位人事或系统管理员"""
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM) or (actor.person_id == person.pk and actor.role is Role.PERSON):
        return True
    return actor.role in EMPLOYERS and deals_with(actor, person)


def may_see_background(actor: Actor, person: Person) -> bool:
    """本人、用人单位人事或系统管理员：教育、培训、证书、紧急联系人与工作经历"""
    return may_change_profile(actor, person)


def may_see_employer(actor: Actor, person: Person, company_id: UUID) -> bool:
    """本人、该单位自己与系统管理员；其他人在工作经历里看到单位名称，须经本人同意（domain.md §11.11）"""
    if actor.role in (Role.SYS_ADMIN, Role.SYSTEM) or may_submit(actor, person):
        return True
    return actor.company_id == company_id or person.history_agreed_at is not None


def may_see_card(actor: Actor, person: Person) -> bool:
    """本人与负责核验的系统管理员"""
    return may_decide_identity(actor) or may_submit(actor, person)


def sees(actor: Actor, person: Person) -> bool:
    return Person.objects.filter(visible_to(actor), pk=person.pk).exists()
