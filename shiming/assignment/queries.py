"""Queries of allocations: places to fill, waiting people, answered people."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shiming.assignment import rules
from shiming.assignment.models import Assignment
from shiming.core.actor import COMPANY_ROLES, KEEPERS, Actor, Role
from shiming.core.errors import Invalid
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.people.sheet_columns import digest
from shiming.projects.flows import implementer_audits
from shiming.projects.models import ContractFiling, Participation, Project
from shiming.projects.queries import following

Status = Assignment.Status
RELATED = ("person", "employment", "participation__company", "project", "team")


def assignments(actor: Actor) -> QuerySet[Assignment]:
    """Every allocation this actor may see, with the related rows a list prints."""
    return Assignment.objects.filter(rules.visible_to(actor)).select_related(*RELATED)


def waiting(actor: Actor) -> QuerySet[Assignment]:
    """The pending allocations this site user is asked to answer."""
    return assignments(actor).filter(rules.asked_of(actor), status=Status.PENDING)


def answered(actor: Actor) -> QuerySet[Assignment]:
    """The answered allocations among those this site user was asked about."""
    answers = (Status.ACCEPTED, Status.REJECTED, Status.ENDED)
    return assignments(actor).filter(rules.asked_of(actor), status__in=answers)


def ever_asked(actor: Actor) -> QuerySet[Assignment]:
    """Everything this actor was ever asked: a row removed while it was ticked is refused by name (R-43). The policy of
    the site is read once for all rows."""
    rows = Assignment.objects.filter(rules.asked_of(actor)).select_related(*RELATED)
    return rows.prefetch_related("project__policies")


def rejected(actor: Actor) -> QuerySet[Assignment]:
    """Rejected allocations of this company's own people."""
    return Assignment.objects.filter(participation__company=actor.company_id, status=Status.REJECTED)


def places(actor: Actor) -> QuerySet[Participation]:
    """Places on projects this actor may fill: those of the company, or the one of the site user. Where an
    implementing unit audits, people are bound in 项目人员绑定 instead."""
    rows = Participation.objects.filter(left_on=None).exclude(project__status=Project.Status.FINISHED)
    rows = rows.exclude(project__in=following(implementer_audits))
    if actor.role is Role.PM:
        rows = rows.filter(pk=actor.participation_id)
    elif actor.role in COMPANY_ROLES:
        rows = rows.filter(company=actor.company_id)
    else:
        rows = rows.none()
    return rows.select_related("project", "company").annotate(**_counts()).order_by("project__filing_code", "pk")


def filed(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """Only places whose contract is filed (R-17)."""
    return rows.filter(is_filed=True)


def employees(actor: Actor) -> QuerySet[Employment]:
    """People of this company who may be allocated: 在职 and completed."""
    rows = everybody(actor).filter(status=Employment.Status.ACTIVE, profile_completed=True)
    return rows.order_by("team__name", "person__name_initials", "pk")


def everybody(actor: Actor) -> QuerySet[Employment]:
    """All present and former people of this company: a person who left after being ticked is refused by name (R-19)."""
    return Employment.objects.filter(company=actor.company_id).select_related("person", "team")


def unallocated(actor: Actor) -> QuerySet[Employment]:
    """待分配人员: people without an open allocation on any project."""
    return employees(actor).filter(~Exists(_open_of(OuterRef("person_id"))))


def free_for(place: Participation, actor: Actor) -> QuerySet[Employment]:
    """People without an open allocation on this project; other projects do not count."""
    on_project = _open_of(OuterRef("person_id")).filter(project=place.project_id)
    return employees(actor).filter(~Exists(on_project))


def recordable(actor: Actor, numbers: Iterable[str]) -> dict[str, Employment]:
    """The present employees by ID number whose records this user may keep: of the own company, or with an open
    allocation to the current site."""
    digests = {digest(number): number for number in numbers}
    rows = Employment.objects.filter(person__id_digest__in=digests, status__in=Employment.EMPLOYED)
    if actor.role in KEEPERS:
        rows = rows.filter(company=actor.company_id)
    else:
        rows = rows.filter(pk__in=rules.here(actor).values("employment"))
    return {digests[row.person.id_digest]: row for row in rows.select_related("person", "company")}


def not_recordable() -> Invalid:
    """The refusal for a number that `recordable` does not find."""
    return Invalid("没有这名在职人员", next_step="核对身份证号，先办理聘用与分配", field="number")


def called(rows: QuerySet, text: str, actor: Actor) -> QuerySet:
    """Rows whose person matches by name, initials, or a part of the ID number (domain.md §7.5)."""
    return rows.filter(person__in=Person.objects.filter(matching(text, actor))) if text and text.strip() else rows


def _open_of(person) -> QuerySet[Assignment]:
    return Assignment.objects.filter(person=person, status__in=Assignment.OPEN)


def _counts() -> dict:
    filings = ContractFiling.objects.filter(participation=OuterRef("pk"), status=ContractFiling.Status.FILED)
    return {
        "is_filed": Exists(filings),
        "accepted": Count("assignments", filter=Q(assignments__status=Status.ACCEPTED)),
        "pending": Count("assignments", filter=Q(assignments__status=Status.PENDING)),
        "rejected": Count("assignments", filter=Q(assignments__status=Status.REJECTED)),
    }
