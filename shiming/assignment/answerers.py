"""Who answers an allocation: one row for each kind of confirmer (domain.md §4, `confirmer`).

A row defines who sees the waiting allocation, who may answer it, on which page, who is named in R-20, and whose inbox
is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.assignment.models import Assignment
from shiming.companies.models import Company, Staff
from shiming.core.actor import Actor, Door, Right, Role
from shiming.core.per_request import per_request
from shiming.core.refusals import Refusal, refusal
from shiming.projects import chain
from shiming.projects.flows import implementer_audits, policy_here
from shiming.projects.models import Participation, Project
from shiming.projects.policies import Confirmer
from shiming.projects.queries import following, policy_of

NONE = Q(pk__in=[])
# Who answers for an implementing unit.
AUDITORS = (Role.IMPLEMENTER, Role.LEGAL_REP)


def _nothing(actor: Actor, assignment: Assignment) -> None:
    return None


@dataclass(frozen=True)
class Answerer:
    """One row of the table below.

    `asked(actor)` selects the allocations that this actor answers: of the own site or, for an 实施单位, of all its
    sites. `waiting` and `answered` are the names of the pages; `who` and `next_step` complete R-20 while the allocation
    waits. The docstring of `may_answer` names the contact of R-42; `objection` is the reason why an actor who may
    answer does not answer this one.
    """

    asked: Callable[[Actor], Q]
    may_answer: Callable[[Actor, Assignment], bool]
    who: Promise
    next_step: Promise
    waiting: str = "assignment-waiting"
    answered: str = "assignment-answered"
    asks_lodging: bool = False
    objection: Callable[[Actor, Assignment], Refusal | None] = _nothing


def answerer_of(project: Project) -> Answerer:
    return ANSWERERS[policy_of(project).confirmer]


def answerer_here(actor: Actor) -> Answerer:
    """The answerer of the flow in force on the site of a site user, one query a request; of companies only the 实施单位
    is asked."""
    if actor.door == Door.COMPANY:
        return ANSWERERS[Confirmer.IMPLEMENTER]
    return ANSWERERS[policy_here(actor).confirmer]


def audited_by(actor: Actor) -> list[UUID]:
    """The projects whose bindings this actor audits [004]."""
    return _audited(actor.company_id) if actor.role in AUDITORS else []


@per_request
def _audited(company_id: UUID) -> list[UUID]:
    places = Participation.objects.filter(company=company_id, kind=Company.Kind.IMPLEMENTING, left_on=None)
    return list(following(implementer_audits).filter(pk__in=places.values("project")).values_list("pk", flat=True))


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
    """本项目的用工流程没有分配确认这一步"""
    return False


def _in_charge(actor: Actor, assignment: Assignment) -> bool:
    """本项目项目经理，或其授权确认分配的现场操作用户"""
    return actor.has(Right.CONFIRM) and chain.in_charge(actor, assignment.participation)


def _is_parent(actor: Actor, assignment: Assignment) -> bool:
    """上一级单位的项目经理，或其授权确认分配的现场操作用户"""
    place = assignment.participation
    return actor.on_site and actor.has(Right.CONFIRM) and actor.participation_id == (place.parent_id or place.pk)


def _asked_on_projects(actor: Actor) -> Q:
    return Q(project__in=audited_by(actor))


def _implements(actor: Actor, assignment: Assignment) -> bool:
    """本项目实施单位的法人或审核员"""
    return assignment.project_id in audited_by(actor)


def _submitted_it(actor: Actor, assignment: Assignment) -> Refusal | None:
    """Who submitted a row does not audit it (domain.md §11.1); a firm with one user reads how to get a second."""
    if assignment.submitted_by_id is None or assignment.submitted_by_id != actor.user_id:
        return None
    others = Staff.objects.filter(company=actor.company_id, role__in=AUDITORS, until=None).exclude(user=actor.user_id)
    if others.exists():
        return refusal("R-81")
    return replace(refusal("R-81"), who=Role.LEGAL_REP.label, next_step=str(ONLY_ONE))


# The account of a firm's only auditor submitted the row: another auditor has to be named first.
ONLY_ONE = _("本单位只有这一个审核账号：请法人在“企业账号”新建一名实施单位审核员，由其审核")
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
    Confirmer.IMPLEMENTER: Answerer(
        _asked_on_projects,
        _implements,
        _("实施单位"),
        _("请实施单位审核绑定"),
        waiting="binding-audits",
        answered="binding-audits",
        objection=_submitted_it,
    ),
}
