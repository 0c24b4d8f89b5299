"""Which policies concern an actor: that of the current site, or of every site the company works on."""

from collections.abc import Callable

from django.utils import timezone

from shiming.core.actor import Actor, Door, Role
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
    return tuple({*_in_force(places.values("project")), *_of_a_clerk(actor), policies.DEFAULT})


def policy_here(actor: Actor) -> Policy:
    """The policy of the site a site user works on."""
    return policies_for(actor)[0]


def works_under(actor: Actor, trait: Callable[[Policy], bool]) -> bool:
    """Whether any policy that concerns the actor has this trait."""
    return any(map(trait, policies_for(actor)))


def lets_register(policy: Policy) -> bool:
    """A company registers its people itself, without their consent first."""
    return policy.employment_mode is EmploymentMode.DIRECT


def implementer_audits(policy: Policy) -> bool:
    """People are bound to the project, and the implementing unit audits the bindings [004]."""
    return policy.confirmer is Confirmer.IMPLEMENTER


def employs_directly(actor: Actor) -> bool:
    """Whether the company works on a site whose policy lets it register its people itself."""
    return works_under(actor, lets_register)


def _of_a_clerk(actor: Actor) -> list[Policy]:
    """A clerk (参建单位经办) keeps people and adds the first project before the company has a place on one [004]."""
    if actor.role is not Role.PARTICIPANT_CLERK:
        return []
    audited = [code for code, policy in policies.POLICIES.items() if implementer_audits(policy)]
    used = ProjectPolicy.objects.filter(base__in=audited, from_date__lte=timezone.localdate())
    return [policies.POLICIES[code] for code in used.values_list("base", flat=True).distinct()]


def _in_force(projects) -> list[Policy]:
    rows = ProjectPolicy.objects.filter(project__in=projects, from_date__lte=timezone.localdate())
    newest = rows.order_by("project", "-from_date").distinct("project")
    return [policies.POLICIES[base] for base in newest.values_list("base", flat=True)] or [policies.DEFAULT]
