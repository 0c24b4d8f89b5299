"""Queries about projects, their policies, and the chain of firms on them."""

from collections.abc import Callable
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.companies.models import Company
from shiming.companies.rules import visible_to as companies_visible_to
from shiming.core.actor import Actor
from shiming.idcard.names import normalise
from shiming.people.models import EMPLOYED_STATES, Person
from shiming.people.queries import matching
from shiming.projects import chain, policies, rules
from shiming.projects.models import ContractFiling, FiledPerson, Grant, Participation, Project, ProjectPolicy, Team

MOST_FOUND = 8


def policy_of(project: Project, on: date | None = None) -> policies.Policy:
    """The policy in force on a day; without a policy row, the default."""
    row = policy_row(project, on)
    return row.rules if row else policies.DEFAULT


def policy_row(project: Project, on: date | None = None) -> ProjectPolicy | None:
    """The policy row in force on a day; uses `prefetch_related("policies")` if present."""
    on = on or timezone.localdate()
    rows = [row for row in project.policies.all() if row.from_date <= on]
    return max(rows, key=lambda row: row.from_date, default=None)


def portrait_for(project: Project) -> str:
    """What a portrait is kept for when a face is registered for this project today; "" when none is kept."""
    row = policy_row(project)
    return row.portrait_for if row else ""


def flow_in_force(on: date | None = None) -> Coalesce:
    """Of a project, in a query: the code of its flow in force on a day; without a policy row, the default."""
    rows = ProjectPolicy.objects.filter(project=OuterRef("pk"), from_date__lte=on or timezone.localdate())
    return Coalesce(Subquery(rows.order_by("-from_date").values("base")[:1]), Value(policies.DEFAULT.code))


def following(trait: Callable[[policies.Policy], bool], on: date | None = None) -> QuerySet[Project]:
    """The projects whose flow in force on a day has this trait."""
    codes = [policy.code for policy in policies.POLICIES.values() if trait(policy)]
    return Project.objects.alias(flow=flow_in_force(on)).filter(flow__in=codes)


def current_people(on: date | None = None) -> QuerySet[FiledPerson]:
    """报送人员 who are filed on a day: not withdrawn, and their term has not passed (domain.md §7.2)."""
    term = Q(until=None) | Q(until__gte=on or timezone.localdate())
    return FiledPerson.objects.filter(term, withdrawn_at=None)


def projects(actor: Actor, name: str = "", code: str = "", status: str = "", station: str = "") -> QuerySet[Project]:
    """The sites this actor may see, with general contractor and number of workers on site."""
    rows = Project.objects.filter(rules.visible_to(actor))
    if name:
        rows = rows.filter(name__icontains=name)
    if code:
        rows = rows.filter(filing_code__icontains=code.strip())
    if status:
        rows = rows.filter(status=status)
    if station:
        rows = rows.filter(station=station)
    builders = Participation.objects.filter(project=OuterRef("pk"), kind="general", left_on=None)
    return rows.select_related("station").annotate(
        builder=Subquery(builders.values("company__name")[:1]), on_site=_on_site("project")
    )


def head_count(project: Project) -> dict[str, int]:
    """Workers of a site: on site, confirmed, waiting for confirmation."""
    counts = project.assignments.aggregate(
        confirmed=Count("pk", filter=Q(status="accepted")), waiting=Count("pk", filter=Q(status="pending"))
    )
    return counts | {"on_site": project.stays.filter(exited_on=None).count()}


def places(project: Project) -> list[Participation]:
    """The places of a site with firm, filed contracts and number of workers on site."""
    rows = project.participations.select_related("company", "parent__company")
    rows = rows.prefetch_related(Prefetch("filings", ContractFiling.objects.select_related("pm").order_by("number")))
    return list(rows.annotate(on_site=_on_site("assignment__participation")).order_by("left_on", "created_at"))


def chain_of(actor: Actor, found: list[Participation]) -> list[dict]:
    """The chain for the tree component; a company is a link if the actor may open its page."""
    companies = Company.objects.filter(companies_visible_to(actor), pk__in=[place.company_id for place in found])
    linked = set(companies.values_list("pk", flat=True))
    return chain.tree([place for place in found if not place.left_on], lambda place: _node(place, linked))


def filings(actor: Actor, number: str = "", project: str = "", company: str = "", status: str = "") -> QuerySet:
    rows = ContractFiling.objects.filter(rules.filings_visible_to(actor))
    if number:
        rows = rows.filter(number__icontains=number.strip())
    if project:
        rows = rows.filter(
            Q(participation__project__name__icontains=project) | Q(participation__project__filing_code=project)
        )
    if company:
        rows = rows.filter(participation__company__name__icontains=company)
    if status:
        rows = rows.filter(status=status)
    return rows.select_related("participation__project", "participation__company", "pm")


def teams(actor: Actor, name: str = "", trade: str = "") -> QuerySet[Team]:
    """Open teams with the number of employed members."""
    rows = Team.objects.filter(rules.teams_visible_to(actor), closed_on=None)
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(leader__name__icontains=normalise(name)))
    if trade:
        rows = rows.filter(trade=trade)
    employed = Q(members__status__in=EMPLOYED_STATES)
    return rows.select_related("leader").annotate(people=Count("members", filter=employed))


def leaders_of(company: Company) -> QuerySet[Person]:
    """The people who may lead a team of this firm: its employed workers and its present leaders."""
    employed = Q(employments__company=company, employments__status__in=EMPLOYED_STATES)
    return Person.objects.filter(pk__in=Person.objects.filter(employed | Q(led_teams__company=company)).values("pk"))


def called(people: QuerySet[Person], text: str, actor: Actor) -> list[Person]:
    """Matches by name or number, at most MOST_FOUND."""
    return list(people.filter(matching(text, actor)).order_by("name", "pk")[:MOST_FOUND]) if text.strip() else []


def grants(actor: Actor) -> QuerySet[Grant]:
    """The grants the actor may see, with person, giver and place."""
    rows = Grant.objects.filter(rules.grants_visible_to(actor))
    return rows.select_related("person", "given_by", "participation__project", "participation__company")


def _on_site(path: str):
    """Number of workers on site, counted along the partial index of open stays."""
    stays = Project._meta.get_field("stays").related_model._default_manager
    counted = stays.filter(**{path: OuterRef("pk")}, exited_on=None).order_by().values(path).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def _node(place, linked) -> dict:
    filed = [filing for filing in place.filings.all() if filing.status == ContractFiling.Status.FILED]
    leader = f"项目负责人 {filed[0].pm.name}" if filed else "合同未报送"
    href = f"/companies/{place.company_id}/" if place.company_id in linked else ""
    kind = place.get_kind_display()
    return {"label": place.company.name, "kind": kind, "href": href, "note": leader, "count": place.on_site}
