"""Who keeps a company's poster and the forms that came by it."""

from typing import assert_never

from django.db.models import Q

from shiming.binding.models import SelfForm
from shiming.core.actor import KEEPERS, Actor, Role
from shiming.projects.models import Participation


def visible_to(actor: Actor) -> Q:
    """A form concerns the company alone until its worker is submitted; the implementing unit sees the draft then."""
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.PARTICIPANT_CLERK:
            return Q(participation__company=actor.company_id)
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.SYSTEM:
            return Q()
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM | Role.IMPLEMENTER | Role.REGULATOR | Role.SYS_ADMIN:
            return Q(pk__in=[])
        case _:
            assert_never(actor.role)


def may_keep_poster(actor: Actor, place: Participation) -> bool:
    """本企业法人、人事聘用管理员或参建单位经办"""
    return actor.role in KEEPERS and actor.company_id == place.company_id


def may_decide(actor: Actor, form: SelfForm) -> bool:
    """本企业法人、人事聘用管理员或参建单位经办"""
    return actor.role is Role.SYSTEM or may_keep_poster(actor, form.participation)
