"""工作经历 [004] 4-12: the projects on which a person was, from stays (domain.md §11.11)."""

from shiming.assignment.models import Assignment
from shiming.core.actor import KEEPERS, Actor
from shiming.dictionaries import queries as dictionaries
from shiming.people.models import Person
from shiming.people.rules import may_see_employer
from shiming.people.work_history import OTHERS, WorkHistoryRow, gives_history
from shiming.presence.models import Stay
from shiming.projects.flows import implementer_audits, works_under
from shiming.projects.models import ContractFiling


@gives_history
def history(person: Person, actor: Actor) -> list[WorkHistoryRow]:
    """One row for each project, company and position; for a company under the flow of [004] only, since it lists the
    projects of other companies. Two queries, however many stays."""
    if actor.role in KEEPERS and not works_under(actor, implementer_audits):
        return []
    stays = Stay.objects.filter(person=person).select_related("project", "company", "assignment").order_by("entered_at")
    found: dict[tuple, list[Stay]] = {}
    for stay in stays:
        found.setdefault((stay.project_id, stay.company_id, _position(stay)), []).append(stay)
    prices = _prices(stays)
    return [_row(person, theirs, actor, prices) for theirs in found.values()]


def _row(person: Person, stays: list[Stay], actor: Actor, prices: dict) -> WorkHistoryRow:
    stay, project = stays[0], stays[0].project
    named = may_see_employer(actor, person, stay.company_id)
    price = prices.get((stay.project_id, stay.company_id)) if named else None
    return WorkHistoryRow(
        project_id=stay.project_id,
        project_code=project.filing_code,
        project=project.name,
        company=stay.company.name if named else OTHERS,
        position=_position(stay),
        price=project.investment if price is None else price,
        area=project.area,
        started_on=project.started_on,
        finished_on=project.finished_on,
        periods=[(each.entered_on, each.exited_on) for each in stays],
    )


def _position(stay: Stay) -> str:
    role = stay.assignment.role
    return dictionaries.label("trade", stay.trade) if role == Assignment.WORKER else role


def _prices(stays) -> dict:
    """中标价 of the newest contract of each company on each project."""
    filings = ContractFiling.objects.filter(
        participation__project__in={stay.project_id for stay in stays}, award_price__isnull=False
    ).order_by("filed_on")
    return {
        (project, company): price
        for project, company, price in filings.values_list(
            "participation__project", "participation__company", "award_price"
        )
    }
