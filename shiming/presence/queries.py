"""Queries of presence: confirmed people, people on site, today's events at the gate."""

from datetime import datetime, time, timedelta

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from shiming.assignment import queries as assignment_queries
from shiming.assignment.models import Assignment
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.presence import rules
from shiming.presence.models import Stay
from shiming.projects.chain import is_general
from shiming.projects.models import Grant, Participation, Project

Status = Assignment.Status
STATES = {"not_entered": "未进场", "on_site": "在场", "off_site": "退场"}
TOLD = ("person", "project", "company", "team", "assignment")
SOON = timedelta(days=7)


def confirmed(actor: Actor) -> QuerySet[Assignment]:
    """Confirmed people with their state, 未进场, 在场 or 退场, and its date."""
    stays = Stay.objects.filter(assignment=OuterRef("pk")).order_by("-entered_at")
    state = Case(
        When(Exists(stays.filter(exited_on=None)), then=Value("on_site")),
        When(Exists(stays), then=Value("off_site")),
        default=Value("not_entered"),
    )
    rows = assignment_queries.assignments(actor).filter(Q(status=Status.ACCEPTED) | Q(Exists(stays)))
    return rows.annotate(
        state=state,
        entered_on=Subquery(stays.values("entered_on")[:1]),
        exited_on=Subquery(stays.values("exited_on")[:1]),
        stay_id=Subquery(stays.values("pk")[:1]),
        auto=Subquery(stays.values("auto")[:1]),
    )


def to_enter(actor: Actor) -> QuerySet[Assignment]:
    """Confirmed and not on site; managers enter on their own list."""
    return _not_on_site(actor).filter(role=Assignment.WORKER)


def managers(actor: Actor) -> QuerySet[Assignment]:
    return confirmed(actor).exclude(role=Assignment.WORKER)


def stays(actor: Actor) -> QuerySet[Stay]:
    return Stay.objects.filter(rules.visible_to(actor)).select_related(*TOLD)


def on_site(actor: Actor) -> QuerySet[Stay]:
    return stays(actor).filter(exited_on=None)


def findable(actor: Actor, text: str) -> QuerySet[Assignment]:
    """Confirmed people by name or the end of the ID number, for a code that cannot be read."""
    return assignment_queries.called(confirmed(actor).filter(status=Status.ACCEPTED), text, actor).order_by(
        "person__name", "pk"
    )


def today(actor: Actor) -> dict:
    """The figures of a site's start page, within what this actor may see."""
    day = timezone.localdate()
    seen = Stay.objects.filter(rules.visible_to(actor))
    figures = seen.aggregate(
        on_site=Count("pk", filter=Q(exited_on=None)),
        entered=Count("pk", filter=Q(entered_on=day)),
        left=Count("pk", filter=Q(exited_on=day)),
    )
    return figures | {
        "waiting": assignment_queries.waiting(actor).count(),
        "refused": _refused(actor).count(),
        "to_enter": _not_on_site(actor).count(),
        "expiring": expiring_grants(actor).count(),
    }


def by_company(actor: Actor) -> list[dict]:
    """People on site now, per firm."""
    rows = Stay.objects.filter(rules.visible_to(actor), exited_on=None)
    firm = "company__name"
    counted = rows.values(firm, "assignment__participation__kind").annotate(count=Count("pk"))
    return [
        {"company": row[firm], "kind": KINDS.get(row["assignment__participation__kind"], ""), "count": row["count"]}
        for row in counted.order_by("-count")
    ]


def refusals_today(actor: Actor, most: int = 8) -> list[AuditEntry]:
    return list(_refused(actor).order_by("-id")[:most])


def expiring_grants(actor: Actor) -> QuerySet[Grant]:
    """Operators of this site whose authorisation ends within a week."""
    day = timezone.localdate()
    rows = Grant.objects.filter(participation=actor.participation_id, revoked_at=None)
    return rows.filter(ends_on__gte=day, ends_on__lte=day + SOON)


def projects_of(person_id) -> QuerySet[Project]:
    """The projects a person may ask about: those with an allocation of theirs, and those of their employer."""
    employer = Employment.objects.filter(person=person_id, status__in=Employment.EMPLOYED).values("company")
    places = Participation.objects.filter(company__in=employer, left_on=None)
    allocated = Assignment.objects.filter(person=person_id)
    wanted = Q(Exists(allocated.filter(project=OuterRef("pk")))) | Q(Exists(places.filter(project=OuterRef("pk"))))
    return Project.objects.filter(wanted).exclude(status=Project.Status.FINISHED).order_by("name", "pk")


def _not_on_site(actor: Actor) -> QuerySet[Assignment]:
    here = Stay.objects.filter(person=OuterRef("person_id"), project=OuterRef("project_id"), exited_on=None)
    return assignment_queries.assignments(actor).filter(~Exists(here), status=Status.ACCEPTED)


def _refused(actor: Actor) -> QuerySet[AuditEntry]:
    """Entries refused today: all of the project for the general contractor, else those by the actor's own firm."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    rows = AuditEntry.objects.filter(event=Event.ENTRY_REFUSED, project_id=actor.project_id, at__gte=midnight)
    return rows if is_general(actor) else rows.filter(company_id=actor.company_id)


KINDS = dict(Participation._meta.get_field("kind").choices)
