"""Query of workers at any past moment: projects, employers, people, one person. Source: manual [002].

Nothing is stored for it: the stays hold who was on site at a moment (moments.py). `total` counts the people with a stay
up to that moment, `on_site` those whose stay was open at it, each person once (domain.md §12.8).
"""

from collections.abc import Iterable

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from shiming.assignment import rules as assignment_rules
from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.employment import rules as employment_rules
from shiming.employment.models import Employment
from shiming.health.announced import announced
from shiming.health.queries import preregistered
from shiming.oversight import rules
from shiming.oversight.moments import Moment, ever, present
from shiming.people import queries as people_queries
from shiming.people.models import Person
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay
from shiming.projects.models import ContractFiling, Participation, Project, Station
from shiming.web.trail import Line, lines

STATES = {"on_site": "在场", "off_site": "退场"}
KINDS = {"worker": "建筑工人", "manager": "管理人员"}
IDENTITY = {
    Event.PERSON_SUBMITTED: Person.Status.PENDING,
    Event.PERSON_FAILED: Person.Status.FAILED,
    Event.PERSON_VERIFIED: Person.Status.VERIFIED,
}
TRAIL_SHOWN = 50


def sites(
    actor: Actor, when: Moment, *, number: str = "", project: str = "", contractor: str = "", station: str = ""
) -> QuerySet[Project]:
    """The projects of the station with their employers and people on site."""
    rows = Project.objects.filter(rules.visible_to(actor))
    if number.strip():
        rows = rows.filter(Exists(_filings(OuterRef("pk")).filter(number__icontains=number.strip())))
    if project.strip():
        rows = rows.filter(Q(name__icontains=project.strip()) | Q(filing_code__icontains=project.strip()))
    if contractor.strip():
        rows = rows.filter(Exists(_general(OuterRef("pk")).filter(company__name__icontains=contractor.strip())))
    if station:
        rows = rows.filter(station=station)
    return rows.select_related("station").annotate(**_of_contractor(), **_figures(when))


def with_preregistered(rows: list[Project], when: Moment) -> list[Project]:
    """Rows of a page with 预登记人: workers, managers and families, each person once (domain.md §12.8)."""
    counted = preregistered([row.pk for row in rows], when.at)
    for row in rows:
        row.preregistered = counted[row.pk]
    return rows


def announced_people(
    project: Project, when: Moment, actor: Actor, *, text: str = "", kind: str = ""
) -> QuerySet[Person]:
    """预登记人 of a project: as many as its row in the list says."""
    rows = announced(project.pk, when.at)
    if text.strip():
        rows = rows.filter(people_queries.matching(text, actor))
    return rows.filter(kind=kind) if kind else rows


def figures_of(project: Project, when: Moment) -> Project:
    """One project with the figures of its row in the list."""
    return Project.objects.filter(pk=project.pk).annotate(**_figures(when)).get()


def places(actor: Actor, project: Project, when: Moment) -> QuerySet[Participation]:
    """Participations that had not left at the moment, and those with a stay up to it."""
    rows = Participation.objects.filter(project=project, project__in=Project.objects.filter(rules.visible_to(actor)))
    there = Q(left_on=None) | Q(left_on__gt=when.day)
    with_people = Exists(_stays(when).filter(project=project, assignment__participation=OuterRef("pk")))
    return rows.filter(there | with_people).select_related("company", "parent__company")


def with_people(rows: Iterable[Participation], project: Project, when: Moment) -> list[Participation]:
    """Each place with its figures, workers and managers apart: a person is what their latest stay there says."""
    manages = ~Q(assignment__role=Assignment.WORKER)
    found = _latest(when, project=project).values("assignment__participation")
    found = found.annotate(
        total=Count("pk"),
        on_site=Count("pk", filter=present(when)),
        managers=Count("pk", filter=manages),
        managers_on=Count("pk", filter=manages & present(when)),
    )
    by_place = {row.pop("assignment__participation"): row for row in found}
    zero = {"total": 0, "on_site": 0, "managers": 0, "managers_on": 0}
    rows = list(rows)
    for row in rows:
        vars(row).update(by_place.get(row.pk, zero))
        row.workers, row.workers_on = row.total - row.managers, row.on_site - row.managers_on
    return rows


def people(
    actor: Actor, place: Participation, when: Moment, *, text: str = "", state: str = "", kind: str = ""
) -> QuerySet[Stay]:
    """The people of one place, one row each: their latest stay up to the moment."""
    rows = _latest(when, project=place.project_id, assignment__participation=place)
    rows = rows.filter(presence_rules.visible_to(actor)).annotate(**_whereabouts(when))
    if text.strip():
        rows = rows.filter(person__in=Person.objects.filter(people_queries.matching(text, actor)))
    if state in STATES:
        rows = rows.filter(state=state)
    if kind in KINDS:
        worker = Q(assignment__role=Assignment.WORKER)
        rows = rows.filter(worker if kind == "worker" else ~worker)
    return rows.select_related("person", "team", "company", "assignment")


def identity_at(person: Person, when: Moment) -> str:
    """The identity status at the moment, from the trail; people of an old system have none there."""
    entries = AuditEntry.objects.filter(person_id=person.pk, event__in=IDENTITY, at__lt=when.at)
    last = entries.order_by("-id").values_list("event", flat=True).first()
    if last is not None:
        return IDENTITY[Event(last)]
    known = person.verified_at is not None and person.verified_at < when.at
    return Person.Status.VERIFIED if known else Person.Status.UNVERIFIED


def employments_at(actor: Actor, person: Person, when: Moment) -> QuerySet[Employment]:
    """Where the person was employed at the moment."""
    rows = Employment.objects.filter(employment_rules.visible_to(actor), person=person, started_at__lt=when.at)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=when.at)).select_related("company", "team")
    return rows.order_by("-started_at", "-pk")


def assignments_at(actor: Actor, person: Person, when: Moment) -> QuerySet[Assignment]:
    """The allocations that were confirmed and had not ended."""
    rows = Assignment.objects.filter(assignment_rules.visible_to(actor), person=person, confirmed_at__lt=when.at)
    rows = rows.filter(Q(ended_at=None) | Q(ended_at__gte=when.at))
    return rows.select_related("project", "participation__company", "team").order_by("-confirmed_at", "-pk")


def stays_at(actor: Actor, person: Person, when: Moment) -> QuerySet[Stay]:
    """Every stay up to the moment; an exit after it is not shown."""
    rows = _stays(when).filter(presence_rules.visible_to(actor), person=person).annotate(**_whereabouts(when))
    return rows.select_related("project", "company", "team").order_by("-entered_at", "-pk")


def story_at(actor: Actor, person: Person, when: Moment) -> list[Line]:
    entries = people_queries.entries_seen(person, actor).filter(at__lt=when.at)
    return lines(entries.order_by("-id")[:TRAIL_SHOWN], actor)


def stations(actor: Actor) -> list[Station]:
    """The stations of the actor: an inspector has exactly one."""
    return list(Station.objects.filter(pk=actor.station_id))


def _stays(when: Moment) -> QuerySet[Stay]:
    return Stay.objects.filter(ever(when))


def _latest(when: Moment, **where) -> QuerySet[Stay]:
    """One stay for each person and place: the open one, else the last. Two stays may name the same day, so the open
    one need not be the later one."""
    gone = Case(When(present(when), then=Value(0)), default=Value(1), output_field=IntegerField())
    each = ("assignment__participation", "person")
    chosen = _stays(when).filter(**where).annotate(gone=gone)
    chosen = chosen.order_by(*each, "gone", "-entered_at", "-pk").distinct(*each)
    return Stay.objects.filter(pk__in=chosen.values("pk"))


def _figures(when: Moment) -> dict:
    here = _stays(when).filter(project=OuterRef("pk"))
    return {
        "employers": _number(here, "project", "company"),
        "total": _number(here, "project", "person"),
        # Now, one open stay per person and project is a constraint; without DISTINCT nothing is sorted.
        "on_site": _number(here.filter(present(when)), "project", "person", distinct=not when.live),
    }


def _of_contractor() -> dict:
    general = _general(OuterRef("pk"))
    filed = _filings(OuterRef("pk")).filter(participation__kind=Company.Kind.GENERAL)
    return {
        "contractor": Subquery(general.values("company__name")[:1]),
        "contractor_kind": Subquery(general.values("company__kind")[:1]),
        "contract": Subquery(filed.order_by("-filed_on", "number").values("number")[:1]),
    }


def _whereabouts(when: Moment) -> dict:
    there = present(when)
    return {
        "state": Case(When(there, then=Value("on_site")), default=Value("off_site"), output_field=CharField()),
        "left_on": Case(When(there, then=None), default=F("exited_on")),
        "left_at": Case(When(there, then=None), default=F("exited_at")),
    }


def _general(project) -> QuerySet[Participation]:
    return Participation.objects.filter(project=project, kind=Company.Kind.GENERAL).order_by("left_on")


def _filings(project) -> QuerySet[ContractFiling]:
    return ContractFiling.objects.filter(participation__project=project)


def _number(rows: QuerySet, group: str, what: str, *, distinct: bool = True):
    """The number of values of `what` per row of the list."""
    counted = rows.order_by().values(group).annotate(n=Count(what, distinct=distinct)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
