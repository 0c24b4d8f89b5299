"""Which policies concern an actor: that of the current site, or of every site the company works on."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from shiming.core.actor import Actor, Door
from shiming.core.per_request import per_request
from shiming.projects import policies
from shiming.projects.models import Participation, ProjectPolicy
from shiming.projects.policies import Confirmer, EmploymentMode, Policy
from shiming.web import menu


@menu.ask_policies
@per_request
def policies_for(actor: Actor) -> tuple[Policy, ...]:
    """The policies in force today. A site without a row of its own follows the default policy."""
    if actor.project_id:
        return tuple(_in_force([actor.project_id]))
    if actor.door != Door.COMPANY:
        return tuple(policies.POLICIES.values())
    places = Participation.objects.filter(company=actor.company_id, left_on=None)
    return tuple({*_in_force(places.values("project")), policies.DEFAULT})


def policy_here(actor: Actor) -> Policy:
    """The policy of the site a site user works on."""
    return policies_for(actor)[0]


def works_under(actor: Actor, trait: Callable[[Policy], bool]) -> bool:
    """Whether any policy that concerns the actor has this trait."""
    return any(map(trait, policies_for(actor)))


def lets_register(policy: Policy) -> bool:
    """A company registers its people itself, without their consent first."""
    return policy.employment_mode is EmploymentMode.DIRECT


def employs_directly(actor: Actor) -> bool:
    """Whether the company works on a site whose policy lets it register its people itself."""
    return works_under(actor, lets_register)


def audits_bindings(policy: Policy) -> bool:
    """The 实施单位 decides who is bound to the project."""
    return policy.confirmer is Confirmer.IMPLEMENTER


def audited_among(projects) -> list[UUID]:
    """Those of the projects on which the 实施单位 audits today; `projects` is a list or subquery of ids."""
    rows = _newest(projects).values_list("project", "base")
    return sorted(project for project, base in rows if audits_bindings(policies.POLICIES[base]))


def _in_force(projects) -> list[Policy]:
    bases = _newest(projects).values_list("base", flat=True)
    return [policies.POLICIES[base] for base in bases] or [policies.DEFAULT]


def _newest(projects) -> QuerySet[ProjectPolicy]:
    rows = ProjectPolicy.objects.filter(project__in=projects, from_date__lte=timezone.localdate())
    return rows.order_by("project", "-from_date").distinct("project")
