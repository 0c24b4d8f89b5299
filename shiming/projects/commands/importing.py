"""Commands for one imported row: update the row with the same number, or create it.

Each returns "created", "changed" or "same"; a second import of the same file changes nothing.
"""

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.errors import Refused
from shiming.people.models import Person
from shiming.projects import policies
from shiming.projects.commands.contracts import change_contract, file_contract, save_draft_contract
from shiming.projects.commands.participations import add_participation
from shiming.projects.commands.registering import change_project, register_project, set_policy, set_status
from shiming.projects.commands.teams import change_team, create_team
from shiming.projects.models import ContractFiling, Participation, Project, Station, Team
from shiming.projects.queries import policy_of


@transaction.atomic
def take_over_project(values: dict, *, by: Actor) -> str:
    """A project, identified by its 报建编号."""
    given = _given(values)
    status, policy = given.pop("status", ""), given.pop("policy", "")
    given["station"] = Station.objects.get(name=given["station"])
    known = Project.objects.filter(filing_code=given["filing_code"]).first()
    if known is None:
        project = register_project(by=by, policy=policy or policies.DEFAULT.code, **given)
        if status and status != project.status:
            set_status(project, status, by=by, on=given.get("finished_on"))
        return "created"
    before = known.version
    project = change_project(known, by=by, **given)
    if status and status != project.status:
        project = set_status(project, status, by=by, on=given.get("finished_on"))
    if policy and policy != policy_of(project).code:
        set_policy(project, policy, from_date=timezone.localdate(), by=by)
        return "changed"
    return "changed" if project.version != before else "same"


@transaction.atomic
def take_over_participation(values: dict, *, by: Actor) -> str:
    """A company's only place on a project; an existing one is not moved."""
    project, company = _project(values), _company(values["credit_code"])
    if project.participations.filter(company=company, left_on=None).exists():
        return "same"
    parent = _place(project, values["parent_code"]) if values["parent_code"] else None
    add_participation(project, company, values["kind"], parent=parent, by=by)
    return "created"


@transaction.atomic
def take_over_contract(values: dict, *, by: Actor) -> str:
    """A contract, identified by its 合同信息报送编号; R-70 when another place holds the number."""
    given = _given(values)
    filed = given.pop("status", ContractFiling.Status.FILED) == ContractFiling.Status.FILED
    place = _place(_project(given), given.pop("credit_code"))
    del given["filing_code"]
    known = ContractFiling.objects.filter(number=given["number"]).first()
    if known is None:
        (file_contract if filed else save_draft_contract)(place, by=by, **given)
        return "created"
    if known.participation_id != place.pk:
        raise Refused("R-70", field="number", number=known.number)
    given.pop("number"), given.pop("filed_on", None)
    changed = change_contract(known, by=by, file=filed, **given)
    return "changed" if changed.version != known.version else "same"


@transaction.atomic
def take_over_team(values: dict, *, by: Actor) -> str:
    """A team, identified by its name within the company; empty cells keep the present value."""
    company = Company.objects.get(pk=by.company_id)
    leader = Person.by_id_number(values["leader_number"]) if values["leader_number"] else None
    known = Team.objects.filter(company=company, name=values["name"], closed_on=None).select_related("leader").first()
    given = {"name": values["name"], "trade": values["trade"], "leader": leader, "off_site_leader": values["off_site"]}
    if known is None:
        create_team(company, by=by, **given)
        return "created"
    given |= {"trade": values["trade"] or known.trade, "leader": leader or known.leader}
    given["off_site_leader"] = values["off_site"] or known.off_site_leader
    if all(getattr(known, name) == value for name, value in given.items()):
        return "same"
    change_team(known, by=by, **given)
    return "changed"


def _given(values: dict) -> dict:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _project(values) -> Project:
    project = Project.objects.filter(filing_code=values["filing_code"]).first()
    if project is None:
        raise Refused("R-29")
    return project


def _company(code: str) -> Company:
    return Company.objects.get(credit_code=code)


def _place(project, code: str) -> Participation:
    place = project.participations.filter(company__credit_code=code, left_on=None).first()
    if place is None:
        raise Refused("R-69", subject=code, project=project.name)
    return place
