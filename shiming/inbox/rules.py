"""Who sees which inbox items."""

from typing import assert_never

from django.db.models import Q

from shiming.assignment.answerers import audited_by
from shiming.assignment.rules import asked_of
from shiming.core.actor import Actor, Role
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import ASSIGNMENT
from shiming.projects import chain

NONE = Q(pk__in=[])


def visible_to(actor: Actor) -> Q:
    """Items of the person, the company or the project.

    A subcontractor on site sees items of its place and below; an allocation is shown to the answering side only, the
    实施单位 in [004].
    """
    match actor.role:
        case Role.PERSON:
            return Q(person=actor.person_id)
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:
            own = Q(company=actor.company_id)
            return own | (Q(kind=ASSIGNMENT) & asked_of(actor)) if audited_by(actor) else own
        case Role.PM | Role.SITE_OPERATOR | Role.SUPERVISION_PM:
            return _site(actor) & (~Q(kind=ASSIGNMENT) | asked_of(actor))
        case Role.REGULATOR | Role.SYS_ADMIN | Role.SYSTEM:
            return NONE
        case _:
            assert_never(actor.role)


def _site(actor: Actor) -> Q:
    """Items of an allocation go to its place in the chain and those above; without a place, to the whole site."""
    here = Q(project=actor.project_id)
    return here if chain.is_general(actor) else here & (Q(participation=None) | Q(participation__in=chain.reach(actor)))


def may_read(actor: Actor, item: InboxItem) -> bool:
    """收件人"""
    return InboxItem.objects.filter(visible_to(actor), pk=item.pk).exists()
