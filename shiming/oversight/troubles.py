"""Projects with troubles. Each kind of trouble is one registered row; its threshold in days is data.

    register(Kind("late", "逾期未确认", "分配后 {days} 天仍待确认", 3, columns=LATE, cases=_late))

`cases(days, now)` selects the rows of every site; `project` and `each` say which column holds the site and what is
counted once. So a number is always that of the rows it opens. The counts per site are stored by jobs.py, because
searching the last punch of a quarter of a million people is too slow for each page; the rows of one site are queried
live. A later module registers its own kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Actor
from shiming.oversight import rules
from shiming.oversight.columns import EXPIRED, FORGOTTEN, LATE, NO_CONTRACT, TWICE, UNSTAYED, UNVERIFIED
from shiming.oversight.models import Threshold, TroubleCount
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import Grant, Project

MOST_DAYS = 365


@dataclass(frozen=True)
class Kind:
    """One kind of trouble. `slow` kinds are counted every hour, the others every five minutes."""

    code: str
    label: str
    says: str
    days: int
    columns: list
    cases: Callable[[int, datetime], QuerySet]
    here: Callable[[QuerySet, UUID], QuerySet]
    project: str = "project"
    each: str = "pk"
    slow: bool = False
    at_once: str = ""  # instead of `says` for 0 days

    def sentence(self, days: int | str) -> str:
        return self.at_once if days == 0 and self.at_once else self.says.format(days=days)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    KINDS[kind.code] = kind
    return kind


def thresholds() -> dict[str, int]:
    """The days of every kind: those set, else those registered."""
    stored = dict(Threshold.objects.values_list("kind", "days"))
    return {code: stored.get(code, kind.days) for code, kind in KINDS.items()}


def projects(actor: Actor) -> QuerySet[Project]:
    """Open projects of the station with troubles; `troubles` is the sum of the latest count."""
    rows = Project.objects.filter(rules.visible_to(actor), status=Project.Status.OPEN)
    counted = TroubleCount.objects.filter(project=OuterRef("pk"), kind__in=list(KINDS), number__gt=0)
    total = counted.order_by().values("project").annotate(sum=Sum("number")).values("sum")
    rows = rows.annotate(troubles=Coalesce(Subquery(total, output_field=IntegerField()), 0))
    return rows.filter(Exists(counted)).select_related("station")


def with_counts(rows: list[Project]) -> list[Project]:
    """Each site with what is wrong there, in the order of registration."""
    rows = list(rows)
    found = TroubleCount.objects.filter(project__in=[row.pk for row in rows], number__gt=0)
    by_site = {(each.project_id, each.kind): each.number for each in found}
    for row in rows:
        row.wrong = "，".join(
            f"{kind.label} {by_site[row.pk, code]}" for code, kind in KINDS.items() if (row.pk, code) in by_site
        )
    return rows


def counted_at(actor: Actor) -> datetime | None:
    rows = TroubleCount.objects.filter(project__in=Project.objects.filter(rules.visible_to(actor)))
    return rows.aggregate(at=Max("counted_at"))["at"]


def count(kind: Kind, days: int) -> dict[UUID, int]:
    """How many there are now at each open site that has any."""
    opened = set(Project.objects.filter(status=Project.Status.OPEN).values_list("pk", flat=True))
    rows = kind.cases(days, timezone.now()).order_by().values(kind.project)
    found = rows.annotate(number=Count(kind.each, distinct=True)).values_list(kind.project, "number")
    return {project: number for project, number in found if project in opened}


def rows_of(kind: Kind, project: Project, days: int) -> QuerySet:
    return kind.here(kind.cases(days, timezone.now()), project.pk)


def _on(project: str, *related: str, order: tuple[str, ...]) -> Callable:
    """The rows of one site, in order."""

    def here(cases: QuerySet, pk: UUID) -> QuerySet:
        return cases.filter(**{project: pk}).select_related(*related).order_by(*order, "pk")

    return here


def _late(days: int, now: datetime) -> QuerySet[Assignment]:
    since = timezone.localdate(now) - timedelta(days=days)
    return Assignment.objects.filter(status=Assignment.Status.PENDING, allocated_on__lt=since)


def _expired(days: int, now: datetime) -> QuerySet[Grant]:
    """Expired grants, neither renewed nor revoked, of a place that has not left the site."""
    since = timezone.localdate(now) - timedelta(days=days)
    return Grant.objects.filter(ends_on__lt=since, revoked_at=None, participation__left_on=None)


def _forgotten(days: int, now: datetime) -> QuerySet[Stay]:
    since = now - timedelta(days=days)
    punches = _punches(OuterRef("project_id"), OuterRef("person_id"))
    last = Subquery(punches.order_by("-occurred_at").values("occurred_at")[:1])
    rows = Stay.objects.filter(~Exists(punches.filter(occurred_at__gte=since)), exited_on=None, entered_at__lt=since)
    return rows.annotate(last_punch=last)


def _unstayed(days: int, now: datetime) -> QuerySet[AttendanceEvent]:
    """Punches of these days without a stay that covers them."""
    covering = Stay.objects.filter(
        Q(exited_at=None) | Q(exited_at__gte=OuterRef("occurred_at")),
        project=OuterRef("project_id"),
        person=OuterRef("person_id"),
        entered_at__lte=OuterRef("occurred_at"),
    )
    return AttendanceEvent.objects.filter(~Exists(covering), occurred_at__gte=now - timedelta(days=days))


def _their_people(cases: QuerySet[AttendanceEvent], pk: UUID) -> QuerySet[Person]:
    here = cases.filter(project_id=pk)
    own = here.filter(person_id=OuterRef("pk")).order_by().values("person_id")
    people = Person.objects.filter(pk__in=here.order_by().values("person_id"))
    return people.annotate(
        punches=Subquery(own.annotate(n=Count("event_id")).values("n"), output_field=IntegerField()),
        last_punch=Subquery(own.annotate(last=Max("occurred_at")).values("last")),
    ).order_by("name", "pk")


def _twice(days: int, now: datetime) -> QuerySet[Stay]:
    """People whose stay here and one on another site have both been open for these days."""
    since = timezone.localdate(now) - timedelta(days=days)
    open_stays = Stay.objects.filter(exited_on=None, entered_on__lte=since)
    other = open_stays.filter(~Q(project=OuterRef("project")), person=OuterRef("person"))
    return open_stays.filter(Exists(other))


def _no_contract(days: int, now: datetime) -> QuerySet[Stay]:
    since = timezone.localdate(now) - timedelta(days=days)
    return Stay.objects.filter(exited_on=None, entered_on__lt=since, assignment__employment__contract_start=None)


def _unverified(days: int, now: datetime) -> QuerySet[Stay]:
    since = timezone.localdate(now) - timedelta(days=days)
    rows = Stay.objects.filter(exited_on=None, entered_on__lt=since)
    return rows.exclude(person__identity_status=Person.Status.VERIFIED)


def _punches(project, person) -> QuerySet[AttendanceEvent]:
    return AttendanceEvent.objects.filter(project_id=project, person_id=person)


_stays = partial(_on, "project", "person", "company", order=("entered_on",))

register(
    Kind(
        *("late", "逾期未确认", "分配后 {days} 天仍待确认", 3, LATE, _late),
        here=_on("project", "person", "participation__company", order=("allocated_on",)),
    )
)
register(
    Kind(
        *("expired", "授权过期", "现场操作授权过期超过 {days} 天未处理", 0, EXPIRED, _expired),
        here=_on("participation__project", "person", "participation__company", order=("ends_on",)),
        project="participation__project",
        at_once="现场操作授权过期未处理",
    )
)
register(
    Kind("forgotten", "在场无考勤", "在场 {days} 天没有考勤，疑似漏办退场", 7, FORGOTTEN, _forgotten, here=_stays())
)
register(
    Kind(
        *("unstayed", "有考勤未进场", "近 {days} 天有考勤，当时却不在场", 3, UNSTAYED, _unstayed),
        here=_their_people,
        project="project_id",
        each="person_id",
        slow=True,
    )
)
register(
    Kind("twice", "同时在两个工地", "在另一工地也在场，已满 {days} 天", 1, TWICE, _twice, here=_stays(), slow=True)
)
register(
    Kind(
        *("no_contract", "未签劳动合同", "在场超过 {days} 天没有劳动合同", 30, NO_CONTRACT, _no_contract),
        here=_stays(),
        slow=True,
    )
)
register(
    Kind(
        *("unverified", "未实名", "在场超过 {days} 天仍未实名", 15, UNVERIFIED, _unverified),
        here=_stays(),
        slow=True,
    )
)
