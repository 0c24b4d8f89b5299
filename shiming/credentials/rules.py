"""Visibility of certificates and permissions on them."""

from typing import assert_never

from django.db.models import Q

from shiming.assignment.rules import here, may_record_about_people
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.people.models import Credential

NONE = Q(pk__in=[])


def visible_to(actor: Actor) -> Q:
    """All certificates of the people whom the actor's company employs; of those on the actor's site, the certificates
    that a trade may ask for, so no diplomas and practice certificates of managers."""
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.PARTICIPANT_CLERK:
            people = Employment.objects.filter(company=actor.company_id, status__in=Employment.EMPLOYED)
            return Q(person__in=people.values("person"))
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return Q(person__in=here(actor).values("person"), name__in=_named())
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case Role.REGULATOR | Role.IMPLEMENTER:
            return NONE
        case _:
            assert_never(actor.role)


def may_change(actor: Actor, row: Credential) -> bool:
    """用人单位，或人员所在项目有进场权限的项目经理、现场操作用户"""
    return may_record_about_people(actor) and Credential.objects.filter(visible_to(actor), pk=row.pk).exists()


def may_use(actor: Actor, name: str) -> bool:
    """工地只登记工种要求的证书，其他证书由用人单位登记"""
    return actor.role in KEEPERS or name in _named()


def _named() -> list[str]:
    return [entry.code for entry in dictionaries.entries("credential")]
