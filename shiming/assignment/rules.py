"""Who sees which allocations, and who may do what to one."""

from typing import assert_never

from django.db.models import Q

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.actor import COMPANY_ROLES, Actor, Right, Role
from shiming.core.per_request import per_request
from shiming.projects.flows import flows_of
from shiming.projects.models import Participation
from shiming.projects.policies import POLICIES, Confirmer
from shiming.projects.queries import below, policy_of

CONFIRMED = (Assignment.Status.ACCEPTED, Assignment.Status.ENDED)


def visible_to(actor: Actor, at: str = "") -> Q:
    """One case per role (domain.md §7.9). `at` leads to the assignment from the row that is asked about."""
    match actor.role:
        case Role.LEGAL_REP | Role.HR_OFFICER | Role.IMPLEMENTER | Role.PARTICIPANT_CLERK:  # 本企业的，与其下已确认的
            own, under = _places_of(actor.company_id)
            return _is(at, participation__in=own) | _is(at, participation__in=under, status__in=CONFIRMED)
        case Role.PM | Role.SITE_OPERATOR:  # 总包看本项目，分包看本企业与其下；由上一级接收的，再上一级接收之后才看见
            return _chain_of(actor, at) & (_confirmed_to(actor, at) if parent_answers(actor) else Q())
        case Role.SUPERVISION_PM:
            return _is(at, project=actor.project_id, status__in=CONFIRMED)
        case Role.REGULATOR:
            return _is(at, project__station=actor.station_id)
        case Role.TEAM_LEADER:
            return _is(at, team=actor.team_id) | _is(at, person=actor.person_id)
        case Role.PERSON:
            return _is(at, person=actor.person_id)
        case Role.SYS_ADMIN | Role.SYSTEM:
            return Q()
        case _:
            assert_never(actor.role)


def anybody_under(actor: Actor) -> bool:
    """Whether other firms work at places under this company's own; under most there is nobody."""
    return bool(_places_of(actor.company_id)[1])


def parent_answers(actor: Actor) -> bool:
    """On this site the place right above answers allocations, and nobody else [000]."""
    return actor.on_site and any(POLICIES[code].confirmer is Confirmer.PARENT for code in flows_of(actor))


def asked_of(actor: Actor, at: str = "") -> Q:
    """What the places right under this one allocate to it; the top of a chain answers for itself."""
    here = actor.participation_id
    return _is(at, participation__parent=here) | _is(at, participation=here, participation__parent=None)


def may_propose(actor: Actor, place: Participation) -> bool:
    """本企业法人、人事聘用管理员，或本企业在该项目的项目经理"""
    if actor.role is Role.PM:
        return actor.participation_id == place.pk
    return actor.role in COMPANY_ROLES and actor.company_id == place.company_id


def may_change(actor: Actor, assignment: Assignment) -> bool:
    """分配该人员的企业，或其在该项目的项目经理"""
    return may_propose(actor, assignment.participation)


def may_allocate_directly(actor: Actor, place: Participation) -> bool:
    """本项目项目经理，或其授权办理进场的现场操作用户"""
    return actor.has(Right.ENTRY) and in_charge(actor, place)


def may_confirm(actor: Actor, assignment: Assignment) -> bool:
    """本项目项目经理，或其授权确认分配的现场操作用户"""
    return CONFIRMERS[policy_of(assignment.project).confirmer](actor, assignment)


def general(actor: Actor) -> bool:
    """Acts for the general contractor of his project."""
    return actor.on_site and actor.participation_kind == Company.Kind.GENERAL


def in_charge(actor: Actor, place: Participation) -> bool:
    """Acts on this site for the firm at this place in the chain, or for one above it."""
    if not actor.on_site or actor.project_id != place.project_id:
        return False
    return general(actor) or actor.participation_id in upwards(place)


def upwards(place: Participation | None) -> list:
    """A place in the chain and those above it, nearest first."""
    found = []
    while place and place.pk not in found:
        found.append(place.pk)
        place = place.parent
    return found


def _site(actor: Actor, assignment: Assignment) -> bool:
    return actor.has(Right.CONFIRM) and in_charge(actor, assignment.participation)


def _parent(actor: Actor, assignment: Assignment) -> bool:
    """The place above; above the general contractor there is none, so he confirms his own people."""
    place = assignment.participation
    return actor.on_site and actor.has(Right.CONFIRM) and actor.participation_id == (place.parent_id or place.pk)


def _implementer(actor: Actor, assignment: Assignment) -> bool:
    on_project = Participation.objects.filter(project=assignment.project_id, left_on=None)
    kind = Company.Kind.IMPLEMENTING
    return actor.role is Role.IMPLEMENTER and on_project.filter(company=actor.company_id, kind=kind).exists()


def _nobody(actor: Actor, assignment: Assignment) -> bool:
    return False


CONFIRMERS = {
    Confirmer.NONE: _nobody,
    Confirmer.PARENT: _parent,
    Confirmer.IMPLEMENTER: _implementer,
    Confirmer.SITE: _site,
}


def _chain_of(actor: Actor, at: str) -> Q:
    """The whole site for the general contractor; for all others their place and those under it."""
    if general(actor):
        return _is(at, project=actor.project_id)
    return _is(at, participation__in=below(Participation(pk=actor.participation_id, project_id=actor.project_id)))


def _confirmed_to(actor: Actor, at: str) -> Q:
    """§7.9: his own people, what he is asked, and under that only whom the place above them has confirmed."""
    own = _is(at, participation=actor.participation_id)
    return own | asked_of(actor, at) | _is(at, status__in=CONFIRMED)


@per_request
def _places_of(company_id) -> tuple[list, list]:
    """The company's own places in the chains of its projects, and the places under them."""
    rows = Participation.objects.filter(project__participations__company=company_id)
    parents, own = {}, set()
    for pk, parent, company in rows.values_list("pk", "parent", "company").distinct():
        parents[pk] = parent
        if company == company_id:
            own.add(pk)
    under = [pk for pk in parents if pk not in own and _reaches(own, pk, parents)]
    return sorted(own), sorted(under)


def _reaches(own: set, pk, parents: dict) -> bool:
    seen = set()
    while pk and pk not in seen:
        seen.add(pk)
        pk = parents.get(pk)
        if pk in own:
            return True
    return False


def _is(at: str, **lookups) -> Q:
    return Q(**{f"{at}{name}": value for name, value in lookups.items()})
