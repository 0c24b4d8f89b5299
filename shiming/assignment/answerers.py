"""Who answers an allocation: one row for each kind of confirmer (domain.md §4, `confirmer`).

A row defines who sees the waiting allocation, who may answer it, on which page, who is named in R-20, and whose inbox
is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.actor import Actor, Right, Role
from shiming.projects import chain
from shiming.projects.flows import policy_here
from shiming.projects.models import Participation, Project
from shiming.projects.policies import Confirmer
from shiming.projects.queries import policy_of

NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Answerer:
    """`asked(actor)` selects the allocations of the actor's site that this actor answers; `waiting` and `answered` are
    the names of the pages; `who` and `next_step` complete R-20 while the allocation waits."""

    asked: Callable[[Actor], Q]
    may_answer: Callable[[Actor, Assignment], bool]
    who: Promise
    next_step: Promise
    waiting: str = "assignment-waiting"
    answered: str = "assignment-answered"
    asks_lodging: bool = False


def answerer_of(project: Project) -> Answerer:
    return ANSWERERS[policy_of(project).confirmer]


def answerer_here(actor: Actor) -> Answerer:
    """The answerer of the flow in force on the site of a site user. Costs one query per request."""
    return ANSWERERS[policy_here(actor).confirmer]


def in_reach(actor: Actor) -> Q:
    """The whole site for the general contractor and 监理; for others their place and those under it."""
    if chain.is_general(actor) or actor.role is Role.SUPERVISION_PM:
        return Q(project=actor.project_id)
    return Q(participation__in=chain.reach(actor))


def _asked_of_none(actor: Actor) -> Q:
    return NONE


def _asked_in_reach(actor: Actor) -> Q:
    return in_reach(actor) if actor.on_site else NONE


def _asked_by_children(actor: Actor) -> Q:
    """Allocations to this place by the places right under it; the top of a chain answers its own."""
    here = actor.participation_id
    return Q(participation__parent=here) | Q(participation=here, participation__parent=None)


def _never(actor: Actor, assignment: Assignment) -> bool:
    return False


def _in_charge(actor: Actor, assignment: Assignment) -> bool:
    return actor.has(Right.CONFIRM) and chain.in_charge(actor, assignment.participation)


def _is_parent(actor: Actor, assignment: Assignment) -> bool:
    place = assignment.participation
    return actor.on_site and actor.has(Right.CONFIRM) and actor.participation_id == (place.parent_id or place.pk)


def _implements(actor: Actor, assignment: Assignment) -> bool:
    on_project = Participation.objects.filter(project=assignment.project_id, left_on=None)
    kind = Company.Kind.IMPLEMENTING
    return actor.role is Role.IMPLEMENTER and on_project.filter(company=actor.company_id, kind=kind).exists()


_SITE = _("项目经理"), _("在工地端“人员分配”点同意")
ANSWERERS = {
    Confirmer.NONE: Answerer(_asked_of_none, _never, *_SITE),
    Confirmer.SITE: Answerer(_asked_in_reach, _in_charge, *_SITE),
    Confirmer.PARENT: Answerer(
        _asked_by_children,
        _is_parent,
        _("上一级单位的项目经理"),
        _("请在工地端“进场人员确认”接收，接收当天即进场"),
        waiting="assignment-acceptance",
        answered="assignment-processed",
        asks_lodging=True,
    ),
    Confirmer.IMPLEMENTER: Answerer(_asked_of_none, _implements, _("实施单位"), _("请实施单位审核绑定")),
}
