"""The policies that concern an actor: that of the current site, or of each site the company works on."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from shiming.core.actor import Actor, Door, Role
from shiming.core.per_request import per_request
from shiming.projects import policies
from shiming.projects.models import Participation, Project, ProjectPolicy
from shiming.projects.policies import Confirmer, EmploymentMode, EntryTrigger, Policy
from shiming.projects.queries import flow_in_force
from shiming.web import menu


@menu.ask_policies
@per_request
def policies_for(actor: Actor) -> tuple[Policy, ...]:
    """The policies in force today. A site without a policy row follows the default policy."""
    if actor.project_id:
        return tuple(_in_force([actor.project_id]))
    if actor.door != Door.COMPANY:
        return tuple(policies.POLICIES.values())
    return tuple({*policies_of(actor.company_id), *_of_a_clerk(actor)})


def policies_of(company_id: UUID) -> tuple[Policy, ...]:
    """The policies in force on the sites of a company, and the default one."""
    places = Participation.objects.filter(company=company_id, left_on=None)
    return tuple({*_in_force(places.values("project")), policies.DEFAULT})


def policy_here(actor: Actor) -> Policy:
    """The policy of the current site."""
    return policies_for(actor)[0]


def works_under(actor: Actor, trait: Callable[[Policy], bool]) -> bool:
    """Whether any policy of the actor has this trait."""
    return any(map(trait, policies_for(actor)))


def enters_by_scan(policy: Policy) -> bool:
    """An accepted worker shows a code at the gate; elsewhere the form or the acceptance is the entry."""
    return policy.entry_trigger is EntryTrigger.SCAN


def enters_by_form(policy: Policy) -> bool:
    """The site registers the entry at its desk."""
    return policy.entry_trigger is EntryTrigger.FORM


def lets_register(policy: Policy) -> bool:
    """The policy lets a company register its workers without their prior consent."""
    return policy.employment_mode is EmploymentMode.DIRECT


def asks_social_proof(policy: Policy) -> bool:
    """A manager is bound with a recent 社保缴费证明, and the company keeps the manager's papers."""
    return policy.social_proof_days > 0


def registers_in_tiers(policy: Policy) -> bool:
    """Companies register their people and allocate them to the company above, which accepts them [000]."""
    return lets_register(policy) and policy.confirmer is Confirmer.PARENT


def implementer_audits(policy: Policy) -> bool:
    """The 实施单位 answers the bindings that the companies on the site submit."""
    return policy.confirmer is Confirmer.IMPLEMENTER


def employs_directly(actor: Actor) -> bool:
    """Whether the company has a site with direct registration."""
    return works_under(actor, lets_register)


def _of_a_clerk(actor: Actor) -> list[Policy]:
    """A clerk (参建单位经办) keeps people and adds the first project before the company has a place on one [004]."""
    if actor.role is not Role.PARTICIPANT_CLERK:
        return []
    audited = [code for code, policy in policies.POLICIES.items() if implementer_audits(policy)]
    used = ProjectPolicy.objects.filter(base__in=audited, from_date__lte=timezone.localdate())
    return [policies.POLICIES[code] for code in used.values_list("base", flat=True).distinct()]


def _in_force(projects) -> list[Policy]:
    """`projects` is a list or subquery of ids."""
    codes = Project.objects.filter(pk__in=projects).values_list(flow_in_force(), flat=True).distinct()
    return [policies.POLICIES[code] for code in codes] or [policies.DEFAULT]
