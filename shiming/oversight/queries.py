"""实名制作业人员信息查询 [002]：项目 → 用人单位 → 人员，任何一天，不必问工地。

Nothing is stored for it: stays and allocations hold who was on site on a day. 总数 counts all people ever confirmed up to
the end of that day, 在场数 those whose stay was open then.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Case, CharField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.oversight import rules
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.presence.models import Stay
from shiming.projects.models import ContractFiling, Participation, Project, Station

STATES = {"not_entered": "未进场", "on_site": "在场", "off_site": "退场"}


def sites(
    actor: Actor, on: date, *, number: str = "", project: str = "", contractor: str = "", station: str = ""
) -> QuerySet[Project]:
    """本站项目，各有多少用人单位、多少人在场。没有准入核验的项目，预登记人为 0。"""
    rows = Project.objects.filter(rules.visible_to(actor))
    if number.strip():
        rows = rows.filter(Exists(_filings(OuterRef("pk")).filter(number__icontains=number.strip())))
    if project.strip():
        rows = rows.filter(Q(name__icontains=project.strip()) | Q(filing_code__icontains=project.strip()))
    if contractor.strip():
        rows = rows.filter(Exists(_general(OuterRef("pk")).filter(company__name__icontains=contractor.strip())))
    if station:
        rows = rows.filter(station=station)
    return rows.select_related("station").annotate(**_of_contractor(), **_counts(on))


def places(actor: Actor, project: Project, on: date) -> QuerySet[Participation]:
    """本项目的参建单位，各有多少人。"""
    rows = Participation.objects.filter(project=project, project__in=Project.objects.filter(rules.visible_to(actor)))
    rows = rows.filter(Q(left_on=None) | Q(left_on__gt=on)).select_related("company", "parent__company")
    confirmed = _confirmed(on).filter(participation=OuterRef("pk"))
    on_site = _on_site(on).filter(assignment__participation=OuterRef("pk"))
    return rows.annotate(
        total=_number(confirmed, "participation", "person"),
        on_site=_number(on_site, "assignment__participation", "person"),
    )


def people(actor: Actor, place: Participation, on: date, *, text: str = "", state: str = "") -> QuerySet[Assignment]:
    """一家单位在本项目的人，每人一行，取那天为止最近的一次分配。"""
    later = _confirmed(on).filter(
        participation=place, person=OuterRef("person"), confirmed_at__gt=OuterRef("confirmed_at")
    )
    rows = _confirmed(on).filter(participation=place, project__in=Project.objects.filter(rules.visible_to(actor)))
    rows = rows.filter(~Exists(later)).annotate(**_whereabouts(on))
    if text.strip():
        rows = rows.filter(person__in=Person.objects.filter(matching(text)))
    if state in STATES:
        rows = rows.filter(state=state)
    return rows.select_related("person", "team", "participation__company")


def stations(actor: Actor) -> list[Station]:
    """所在监督站：监督人员只有自己的一站。"""
    return list(Station.objects.filter(pk=actor.station_id))


def figures(actor: Actor, on: date) -> dict[str, int]:
    """The figures of the start page: open sites, people on site now, entries and exits today."""
    seen = Project.objects.filter(rules.visible_to(actor))
    stays = Stay.objects.filter(project__in=list(seen.values_list("pk", flat=True)))
    return {
        "sites": seen.filter(status=Project.Status.OPEN).count(),
        "on_site": stays.filter(exited_on=None).count(),
        "entered": stays.filter(entered_on=on).count(),
        "left": stays.filter(exited_on=on).count(),
    }


def _confirmed(on: date) -> QuerySet[Assignment]:
    return Assignment.objects.filter(confirmed_at__lt=_end_of(on))


def _on_site(on: date) -> QuerySet[Stay]:
    """Stays that were open at the end of the day; for today and later, stays without an exit."""
    since = Q(exited_on=None) if on >= timezone.localdate() else Q(exited_on=None) | Q(exited_on__gt=on)
    return Stay.objects.filter(since, entered_on__lte=on)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _counts(on: date) -> dict:
    employing = Participation.objects.filter(Exists(_confirmed(on).filter(participation=OuterRef("pk"))))
    return {
        "employers": _number(employing.filter(project=OuterRef("pk")), "project", "company"),
        "total": _number(_confirmed(on).filter(project=OuterRef("pk")), "project", "person"),
        "on_site": _number(_on_site(on).filter(project=OuterRef("pk")), "project", "person"),
        "preregistered": Value(0),
    }


def _of_contractor() -> dict:
    general = _general(OuterRef("pk"))
    filed = _filings(OuterRef("pk")).filter(participation__kind=Company.Kind.GENERAL)
    return {
        "contractor": Subquery(general.values("company__name")[:1]),
        "contractor_kind": Subquery(general.values("company__kind")[:1]),
        "contract": Subquery(filed.order_by("-filed_on", "number").values("number")[:1]),
    }


def _whereabouts(on: date) -> dict:
    stays = Stay.objects.filter(assignment=OuterRef("pk"), entered_on__lte=on).order_by("-entered_at")
    left = Subquery(stays.values("exited_on")[:1])
    state = Case(
        When(~Exists(stays), then=Value("not_entered")),
        When(Exists(stays.filter(Q(exited_on=None) | Q(exited_on__gt=on))), then=Value("on_site")),
        default=Value("off_site"),
        output_field=CharField(),
    )
    gone = Case(When(Exists(stays.filter(exited_on__lte=on)), then=left), default=None)
    return {"state": state, "entered_on": Subquery(stays.values("entered_on")[:1]), "exited_on": gone}


def _general(project) -> QuerySet[Participation]:
    return Participation.objects.filter(project=project, kind=Company.Kind.GENERAL).order_by("left_on")


def _filings(project) -> QuerySet[ContractFiling]:
    return ContractFiling.objects.filter(participation__project=project)


def _number(rows: QuerySet, group: str, what: str):
    """The number of distinct values of `what` per row of the list."""
    counted = rows.order_by().values(group).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
