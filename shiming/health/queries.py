"""Queries about health records: the lists of a site, one person's history, and figures for later modules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.admission.models import ProjectCheck
from shiming.admission.queries import chosen as chosen_checks
from shiming.admission.queries import in_force_or_next
from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.desk.queries import places
from shiming.health import rules
from shiming.health.check import CODE, HealthCheckForm
from shiming.health.declarations import Declared
from shiming.health.models import (
    DailyHealth,
    DeclarationOnFile,
    Disposition,
    FamilyMember,
    HealthFile,
    PreRegistration,
    SiteInfo,
    Status,
)
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.presence import queries as presence
from shiming.presence.models import Stay
from shiming.projects.models import ContractFiling, Participation


@dataclass(frozen=True)
class Subject:
    """A person on a site, by pre-registration or stay; `open` while one of them is, `since` the earlier of both."""

    person: Person
    project_id: UUID
    place: Participation
    open: bool
    since: date


def is_chosen(actor: Actor) -> bool:
    """Whether the current site has, will have or had the check: its pages stand in the menu."""
    return actor.project_id is not None and CODE in chosen_checks(actor)


def is_kept(project_id: UUID) -> bool:
    """Whether records are written: the check is in force, or begins later."""
    return in_force_or_next(project_id, CODE) is not None


def declaration_days(project_id: UUID) -> int:
    """How old a declaration may be without a warning."""
    default = HealthCheckForm.base_fields["declaration_days"].initial
    row = in_force_or_next(project_id, CODE)
    return row.settings.get("declaration_days", default) if row else default


def kept_anywhere() -> bool:
    """Whether any site writes records now or will."""
    rows = ProjectCheck.objects.filter(code=CODE, from_date__isnull=False)
    return any(row.in_force_or_later for row in rows)


def stopped_sites() -> list[tuple[UUID, date, int]]:
    """(project, last end, days of retention) of the sites where the check has ended."""
    default = HealthCheckForm.base_fields["retention_days"].initial
    found: dict[UUID, tuple[date, int]] = {}
    for row in ProjectCheck.objects.filter(code=CODE, until__isnull=False).order_by("until"):
        found[row.project_id] = row.until, row.settings.get("retention_days", default)
    return [(project_id, *kept) for project_id, kept in found.items()]


def certificate(project_id: UUID) -> AuditEntry | None:
    """The newest deletion of this site's records, as the trail tells it."""
    rows = AuditEntry.objects.filter(event=Event.HEALTH_DATA_DELETED, project_id=project_id)
    return rows.order_by("-id").first()


def site_info(project_id: UUID) -> SiteInfo | None:
    return site_history(project_id).first()


def site_history(project_id: UUID) -> QuerySet[SiteInfo]:
    """The saved versions, the newest first."""
    return SiteInfo.objects.filter(project=project_id).select_related("saved_by").order_by("-id")


def files_of(project_id: UUID, disposition: Disposition | None = None) -> QuerySet[HealthFile]:
    rows = HealthFile.objects.filter(project=project_id, disposition=disposition)
    return rows.select_related("uploaded_by", "removed_by").order_by("-id")


def preregistrations(actor: Actor, *, who: str = "", company: str = "", ended: bool = False) -> QuerySet:
    """进场预登记 of the current site with the status of each person."""
    rows = PreRegistration.objects.filter(rules.visible_to(actor), project=actor.project_id)
    rows = rows.filter(ended_at__isnull=not ended)
    if company:
        rows = rows.filter(participation__company__name__contains=company)
    if who.strip():
        rows = rows.filter(person__in=Person.objects.filter(matching(who, actor)).values("pk"))
    return _with_status(rows.select_related("person", "participation__company", "filing", "project"))


def on_site(actor: Actor, *, who: str = "", without: bool = False) -> QuerySet[Stay]:
    """People on the current site; `registered_on` is None for 尚未预登记."""
    opened = PreRegistration.objects.filter(person=OuterRef("person_id"), project=OuterRef("project_id"), ended_at=None)
    rows = presence.on_site(actor).annotate(registered_on=Subquery(opened.values("registered_on")[:1]))
    if without:
        rows = rows.filter(~Exists(opened))
    if who.strip():
        rows = rows.filter(person__in=Person.objects.filter(matching(who, actor)).values("pk"))
    return _with_status(rows)


def with_words(rows: list) -> list:
    """The annotated status as a value that knows its label."""
    for row in rows:
        row.health = Status(row.health)
    return rows


def family(row: PreRegistration) -> QuerySet[FamilyMember]:
    return row.family.select_related("person", "preregistration__person").order_by("id")


def family_seen(actor: Actor) -> QuerySet[FamilyMember]:
    seen = PreRegistration.objects.filter(rules.visible_to(actor))
    rows = FamilyMember.objects.filter(preregistration__in=seen.values("pk"))
    return rows.select_related("person", "preregistration__person")


def subject(actor: Actor, person_id: UUID) -> Subject | None:
    """The person on the current site as the actor sees them; the open row decides the employer."""
    rows = PreRegistration.objects.filter(rules.visible_to(actor), project=actor.project_id, person=person_id)
    row = rows.select_related("person", "participation__company").order_by("-ended_at", "-id").first()
    stay = presence.stays(actor).filter(project=actor.project_id, person=person_id).order_by("-entered_at").first()
    since = min(_days(row, stay), default=None)
    if row and (row.open or not (stay and stay.on_site)):
        return Subject(row.person, row.project_id, row.participation, row.open, since)
    if stay:
        place = Participation.objects.select_related("company").get(pk=stay.assignment.participation_id)
        return Subject(stay.person, stay.project_id, place, stay.on_site, since)
    return None


def _days(row: PreRegistration | None, stay: Stay | None) -> list[date]:
    """The first day of each, of those that are open as far as one is."""
    found = [(row.registered_on, row.open)] if row else []
    found += [(stay.entered_on, stay.on_site)] if stay else []
    return [day for day, going in found if going] or [day for day, _ in found]


def subjects(actor: Actor, digests: set[str]) -> dict[str, Subject]:
    """People on the current site who are pre-registered or on it, by the fingerprint of their number."""
    found: dict[str, Subject] = {}
    rows = PreRegistration.objects.filter(rules.visible_to(actor), project=actor.project_id, ended_at=None)
    rows = rows.filter(person__id_digest__in=digests).select_related("person", "participation")
    stays = presence.on_site(actor).filter(project=actor.project_id, person__id_digest__in=digests)
    for stay in stays.select_related("assignment__participation"):
        place = stay.assignment.participation
        found[stay.person.id_digest] = Subject(stay.person, stay.project_id, place, True, stay.entered_on)
    for row in rows:
        known = found.get(row.person.id_digest)
        since = min(known.since, row.registered_on) if known else row.registered_on
        found[row.person.id_digest] = Subject(row.person, row.project_id, row.participation, True, since)
    return found


def times_of(project_id: UUID, people: list[UUID]) -> set[tuple[UUID, datetime]]:
    """(person, time) of the readings there are, so that a repeated file adds nothing."""
    rows = DailyHealth.objects.filter(project=project_id, person__in=people)
    return set(rows.values_list("person", "at"))


def phone_of(found: Subject):
    """The phone of the newest pre-registration on this site, else the person's own."""
    rows = PreRegistration.objects.filter(person=found.person, project=found.project_id).order_by("-id")
    row = rows.first()
    return (row.phone if row else None) or found.person.phone


def daily(found: Subject) -> QuerySet[DailyHealth]:
    return DailyHealth.objects.filter(person=found.person, project=found.project_id).select_related("recorded_by")


def disposition_of(person_id: UUID) -> Disposition | None:
    return Disposition.objects.filter(person=person_id).order_by("-id").first()


def dispositions(found: Subject) -> QuerySet[Disposition]:
    """The decisions about the person on this site, the newest first."""
    rows = Disposition.objects.filter(person=found.person, project=found.project_id)
    return rows.select_related("decided_by").prefetch_related("files").order_by("-id")


def status_of(person_id: UUID) -> Status:
    row = disposition_of(person_id)
    return Status(row.status) if row else Status.CLEAR


def blocking() -> QuerySet[Disposition]:
    """The newest disposition of each person who may not enter."""
    newest = Disposition.objects.filter(person=OuterRef("person_id")).order_by("-id").values("pk")[:1]
    rows = Disposition.objects.exclude(status=Status.CLEAR).filter(pk=Subquery(newest))
    return rows.select_related("person").order_by("id")


def declares_here() -> bool:
    """Whether people declare in this installation: the provider is `local`, and a site has chosen the check."""
    if environment().health_declarations != "local":
        return False
    return ProjectCheck.objects.filter(code=CODE, from_date__isnull=False, until=None).exists()


def declaration_on_file(person_id: UUID) -> Declared | None:
    digest = Person.objects.filter(pk=person_id).values("id_digest")
    row = DeclarationOnFile.objects.filter(id_digest__in=digest).first()
    return Declared.from_dict(row.values) if row else None


def employers(actor: Actor) -> list[tuple[Participation, list[ContractFiling]]]:
    """The firms a pre-registration may name, each with its filed contracts; none is R-36 when chosen."""
    found = list(places(actor))
    filed: dict[UUID, list[ContractFiling]] = {place.pk: [] for place in found}
    rows = ContractFiling.objects.filter(participation__in=found, status=ContractFiling.Status.FILED)
    for filing in rows.order_by("number"):
        filed[filing.participation_id].append(filing)
    return [(place, filed[place.pk]) for place in found]


def preregistered(project_ids: Iterable[UUID], moment: datetime | None = None) -> dict[UUID, int]:
    """预登记人 of each project at a moment: workers, managers and families, each person once."""
    moment = moment or timezone.now()
    people: dict[UUID, set[UUID]] = {pk: set() for pk in project_ids}
    rows = PreRegistration.objects.filter(project__in=people, created_at__lte=moment)
    for project_id, person_id in rows.filter(open_at(moment)).values_list("project", "person"):
        people[project_id].add(person_id)
    rows = FamilyMember.objects.filter(preregistration__project__in=people, created_at__lte=moment)
    at = "preregistration__"
    for project_id, person_id in rows.filter(open_at(moment, at)).values_list(f"{at}project", "person"):
        people[project_id].add(person_id)
    return {pk: len(found) for pk, found in people.items()}


def open_at(moment: datetime, at: str = "") -> Q:
    """Pre-registrations that had not ended at the moment; `at` is the path to them."""
    return Q(**{f"{at}ended_at": None}) | Q(**{f"{at}ended_at__gt": moment})


def _with_status(rows: QuerySet) -> QuerySet:
    newest = Disposition.objects.filter(person=OuterRef("person_id")).order_by("-id").values("status")[:1]
    return rows.annotate(health=Coalesce(Subquery(newest), Value(Status.CLEAR.value)))
