"""Entries an actor sees, companies that may agree, sites with the check, and entries whose retention has passed."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from shiming.admission.models import ProjectCheck
from shiming.admission.queries import chosen as chosen_checks
from shiming.admission.queries import in_force_or_next
from shiming.assignment.queries import called
from shiming.core.actor import Actor, Role
from shiming.core.models import AuditEntry
from shiming.core.per_request import per_request
from shiming.people.models import Person
from shiming.people.sheet_columns import digest
from shiming.projects.models import Participation, Project
from shiming.restrictions import rules
from shiming.restrictions.check import CODE
from shiming.restrictions.models import ALONE, Line, Opinion, Paper, Restriction

KEPT = timedelta(days=2 * 365 + 1)  # as long as the law keeps the papers of an ended employment (劳动合同法第五十条)
Status = Restriction.Status


def seen(actor: Actor) -> QuerySet[Restriction]:
    agreed = Opinion.objects.filter(restriction=OuterRef("pk"), status=Opinion.Status.AGREED)
    appeals = Line.objects.filter(restriction=OuterRef("pk"), step=Line.Step.APPEALED).order_by("-created_at")
    rows = Restriction.objects.filter(rules.visible_to(actor))
    rows = rows.annotate(agreements=Exists(agreed), appealed_at=Subquery(appeals.values("created_at")[:1]))
    return rows.select_related("person", "company", "station", "project")


def listed(actor: Actor, *, who: str = "", category: str = "", state: str = "") -> QuerySet[Restriction]:
    rows = called(seen(actor), who, actor)
    if category:
        rows = rows.filter(category=category)
    return rows.filter(_in_state(state))


def _in_state(state: str) -> Q:
    today, standing = timezone.localdate(), ~Q(status=Status.LIFTED)
    current = standing & Q(from_date__lte=today, until__gte=today)
    counts = Q(alone_until__gte=today) | Q(agreements=True)
    return {
        "appealed": Q(status=Status.APPEALED),
        "scheduled": standing & Q(from_date__gt=today),
        "restricted": current & counts,
        "lapsed": current & ~counts,
        "expired": standing & Q(until__lt=today),
        "lifted": Q(status=Status.LIFTED),
    }.get(state, Q())


def to_decide(actor: Actor) -> QuerySet[Restriction]:
    """Appeals that wait for this actor, and entries that wait for its agreement: the badge of the menu."""
    rows = Restriction.objects.filter(rules.visible_to(actor))
    own = Q(station=actor.station_id) if actor.role is Role.REGULATOR else Q(company=actor.company_id)
    asked = Opinion.objects.filter(place=actor.participation_id, status=Opinion.Status.ASKED)
    waiting = own & Q(status=Status.APPEALED)
    return rows.filter(waiting | Q(pk__in=asked.values("restriction")) if actor.participation_id else waiting)


def of_person(person: Person) -> QuerySet[Restriction]:
    rows = Restriction.objects.filter(person=person).select_related("company", "station", "project")
    return rows.order_by("from_date", "pk")


@per_request
def has_any(actor: Actor) -> bool:
    return Restriction.objects.filter(rules.visible_to(actor)).exists()


def thread(row: Restriction) -> QuerySet[Line]:
    return row.lines.prefetch_related("papers").order_by("created_at", "pk")


def opinions(row: Restriction) -> QuerySet[Opinion]:
    return row.opinions.select_related("project", "firm").order_by("created_at", "pk")


def papers(actor: Actor) -> QuerySet[Paper]:
    visible = Restriction.objects.filter(rules.visible_to(actor))
    return Paper.objects.filter(line__restriction__in=visible).select_related("file", "line__restriction__person")


def trail(row: Restriction) -> QuerySet[AuditEntry]:
    ids = [str(row.pk), *(str(pk) for pk in row.opinions.values_list("pk", flat=True))]
    return AuditEntry.objects.filter(object_id__in=ids).order_by("-id")


def person_by_number(actor: Actor, number: str, project: Project | None) -> Person | None:
    """The person with this ID number among those the actor may restrict there."""
    return rules.people(actor, project).filter(id_digest=digest(number)).first()


def seconds(row: Restriction) -> QuerySet[Participation]:
    """The places of other companies on the sites of an entry that have no open or positive opinion yet."""
    if row.project_id:
        projects = Project.objects.filter(pk=row.project_id)
    else:
        own = Participation.objects.filter(company=row.company_id, left_on=None)
        projects = Project.objects.filter(pk__in=own.values("project"))
    answered = row.opinions.exclude(status=Opinion.Status.DECLINED)
    places = Participation.objects.filter(project__in=projects.values("pk"), left_on=None)
    places = places.exclude(company=row.issuer_key).exclude(project__in=answered.values("project"))
    return places.select_related("company", "project").order_by("project__name", "kind", "company__name")


def other_places(actor: Actor) -> QuerySet[Participation]:
    """The places of other companies on the sites that an actor may name."""
    places = Participation.objects.filter(project__in=rules.sites(actor).values("pk"), left_on=None)
    places = places.exclude(company=actor.company_id) if actor.company_id else places
    return places.select_related("company", "project").order_by("project__name", "kind", "company__name")


def is_checked(actor: Actor, project: Project | None) -> bool:
    """Whether the site asks for the check now or later; without one, whether any site of the company does."""
    if project is not None:
        return in_force_or_next(project.pk, CODE) is not None
    rows = ProjectCheck.objects.filter(code=CODE, from_date__isnull=False, project__in=rules.sites(actor).values("pk"))
    return any(row.in_force_or_later for row in rows)


def followed_by(row: Restriction) -> QuerySet[Restriction]:
    """Entries of the same issuer about the same person and site that ended less than thirty days before this one
    begins, lifted ones included."""
    rows = Restriction.objects.filter(person=row.person, issuer_key=row.issuer_key, from_date__lte=row.from_date)
    if row.project_id:
        rows = rows.filter(Q(project=row.project_id) | Q(project=None))
    return rows.filter(until__gt=row.from_date - timedelta(days=ALONE))


def follows_this(row: Restriction) -> bool:
    """Whether a later entry of the same issuer begins while this one lasts, or less than thirty days after it."""
    rows = Restriction.objects.filter(person=row.person, issuer_key=row.issuer_key, from_date__gt=row.from_date)
    if row.project_id:
        rows = rows.filter(Q(project=row.project_id) | Q(project=None))
    return rows.exclude(status=Status.LIFTED).filter(from_date__lt=row.until + timedelta(days=ALONE)).exists()


def is_asked(actor: Actor) -> bool:
    """Whether a site of the actor has, will have or had the check, or the actor sees an entry."""
    if actor.role is Role.REGULATOR:
        here = ProjectCheck.objects.filter(code=CODE, from_date__isnull=False, project__station=actor.station_id)
        return here.exists()
    return CODE in chosen_checks(actor) or has_any(actor)


def past_retention(today: date) -> QuerySet[Restriction]:
    """Entries that expired or were lifted long enough ago."""
    last = today - KEPT
    lifted = Q(status=Status.LIFTED, lifted_at__lt=timezone.make_aware(datetime.combine(last, time.min)))
    return Restriction.objects.filter(lifted | ~Q(status=Status.LIFTED) & Q(until__lt=last)).order_by("until", "pk")
