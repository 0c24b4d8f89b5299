"""The certificates an actor sees, and those that expire."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from shiming.admission.models import ProjectCheck
from shiming.admission.queries import chosen as chosen_checks
from shiming.admission.queries import stopped, would_stop
from shiming.assignment.models import Assignment
from shiming.assignment.queries import called
from shiming.core.actor import KEEPERS, Actor
from shiming.core.refusals import Refusal
from shiming.credentials import rules
from shiming.credentials.check import CODE
from shiming.credentials.models import CredentialReminder
from shiming.employment.models import Employment
from shiming.people.models import Credential
from shiming.projects.models import Participation

WITHIN = 90  # days


def credentials(actor: Actor, *, who: str = "", name: str = "", state: str = "") -> QuerySet[Credential]:
    """Rows of people the actor sees; each has the `employment` whose papers the actor keeps, or None."""
    rows = called(Credential.objects.filter(rules.visible_to(actor)), who, actor)
    if name:
        rows = rows.filter(name=name)
    company = actor.company_id if actor.role in KEEPERS else None
    own = Employment.objects.filter(person=OuterRef("person"), company=company, status__in=Employment.EMPLOYED)
    return rows.filter(_in_state(state)).annotate(employment=Subquery(own.values("pk")[:1])).select_related("person")


def _in_state(asked: str) -> Q:
    today = timezone.localdate()
    if asked == "expired":
        return Q(valid_until__lt=today)
    if asked in ("90", "30", "7"):
        return Q(valid_until__range=(today, today + timedelta(days=int(asked))))
    if asked == "due":
        return Q(valid_until__lte=today + timedelta(days=WITHIN))
    return Q()


def lacking(actor: Actor) -> dict[UUID, list[Refusal]]:
    """What the people of the own company, or on the current site, lack on sites that ask for certificates or will: the
    refusals by allocation, of today or of the first day. One statement a site."""
    sites = Participation.objects.filter(company=actor.company_id, left_on=None).values("project")
    here = Q(project=actor.project_id) if actor.project_id else Q(project__in=sites)
    today = timezone.localdate()
    open_end = Q(until=None) | Q(until__gt=today) & Q(until__gt=F("from_date"))
    checks = ProjectCheck.objects.filter(here, open_end, code=CODE, from_date__isnull=False).select_related("project")
    found: dict[UUID, list[Refusal]] = {}
    for row in checks.order_by("-from_date"):
        found |= would_stop(row.project, CODE, row.settings, max(today, row.from_date))
    return found


def people_lacking(actor: Actor, found: dict[UUID, list[Refusal]]) -> QuerySet[Assignment]:
    rows = stopped(actor, found).select_related("project", "employment")
    return rows if actor.project_id else rows.filter(participation__company=actor.company_id)


class Validity(NamedTuple):
    """A state of web/states.py, and the days left or since in words."""

    state: str
    words: str


def validity(row: Credential) -> Validity:
    if row.valid_until is None:
        return Validity("active", "长期")
    days = (row.valid_until - timezone.localdate()).days
    if days < 0:
        return Validity("stopped", f"已过期 {-days} 天")
    words = f"还有 {days} 天" if days else "今天到期"
    return Validity("expiring" if days <= WITHIN else "active", words)


def is_asked(actor: Actor) -> bool:
    """Whether a site of the actor asks for certificates, or will, or did."""
    return CODE in chosen_checks(actor)


def unreminded(first: date, last: date, days: int) -> QuerySet[Credential]:
    """Certificates that run out between two days and have no reminder of this step, each with its `employer`."""
    reminders = CredentialReminder.objects.filter(
        person=OuterRef("person"),
        number=OuterRef("number"),
        name=OuterRef("name"),
        valid_until=OuterRef("valid_until"),
        days=days,
    )
    jobs = Employment.objects.filter(person=OuterRef("person"), status__in=Employment.EMPLOYED)
    employer = jobs.order_by(Case(When(mode="implicit", then=1), default=0), "-started_at").values("company")[:1]
    rows = Credential.objects.filter(~Exists(reminders), valid_until__range=(first, last))
    return rows.select_related("person").annotate(employer=Subquery(employer)).order_by("pk")
