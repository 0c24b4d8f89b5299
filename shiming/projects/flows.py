"""Which of the five flows concern somebody: the site he works on, or every site his firm works on."""

from django.utils import timezone

from shiming.core.actor import Actor, Door
from shiming.core.per_request import per_request
from shiming.projects import policies
from shiming.projects.models import Participation, ProjectPolicy
from shiming.projects.policies import EmploymentMode
from shiming.web import menu


@menu.ask_flows
@per_request
def flows_of(actor: Actor) -> frozenset[str]:
    """The codes of the policies in force today. A site without a row of its own follows the flow of today."""
    if actor.project_id:
        return frozenset(_in_force([actor.project_id]).values())
    if actor.door != Door.COMPANY:
        return frozenset(policies.POLICIES)
    places = Participation.objects.filter(company=actor.company_id, left_on=None)
    return frozenset([*_in_force(places.values("project")).values(), policies.DEFAULT.code])


def employs_directly(actor: Actor) -> bool:
    """Whether the firm works on a site whose flow lets it register its people itself."""
    direct = {code for code, policy in policies.POLICIES.items() if policy.employment_mode == EmploymentMode.DIRECT}
    return bool(direct & flows_of(actor))


def _in_force(projects) -> dict:
    rows = ProjectPolicy.objects.filter(project__in=projects, from_date__lte=timezone.localdate())
    newest = rows.order_by("project", "-from_date").distinct("project")
    return dict(newest.values_list("project", "base")) or {None: policies.DEFAULT.code}
