"""The trainings an actor sees, the people and sites to choose from, and trainings that expire."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from shiming.admission.queries import chosen as chosen_checks
from shiming.admission.queries import in_force
from shiming.assignment.queries import called
from shiming.core.actor import KEEPERS, Actor
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import Participation, Project
from shiming.safety import rules
from shiming.safety.check import CODE, MONTHS
from shiming.safety.models import Training, TrainingReminder

WITHIN = timedelta(days=30)


def trainings(actor: Actor, *, who: str = "", level: str = "", state: str = "") -> QuerySet[Training]:
    """Rows of people the actor sees, without the deleted ones unless `state` asks for them."""
    rows = Training.objects.filter(rules.visible_to(actor), removed_at__isnull=state != "removed")
    rows = called(rows, who, actor)
    if level:
        rows = rows.filter(level=level)
    return rows.filter(_in_state(state)).select_related("person", "company", "project")


def _in_state(state: str) -> Q:
    today = timezone.localdate()
    return {
        "expired": Q(valid_until__lt=today),
        "expiring": Q(valid_until__range=(today, today + WITHIN)),
        "failed": Q(passed=False),
    }.get(state, Q())


def projects(actor: Actor) -> QuerySet[Project]:
    """The sites a training may belong to: those of the own company, or the current one."""
    if actor.role not in KEEPERS:
        return Project.objects.filter(pk=actor.project_id)
    places = Participation.objects.filter(company=actor.company_id, left_on=None)
    return Project.objects.filter(pk__in=places.values("project")).order_by("name")


def months_valid(project: Project | None) -> int:
    row = in_force(project.pk, CODE) if project else None
    return row.settings["months"] if row else MONTHS


def is_asked(actor: Actor) -> bool:
    """Whether a site of the actor asks for training, or will, or did."""
    return CODE in chosen_checks(actor)


def unreminded(first: date, last: date, days: int) -> QuerySet[Training]:
    """Valid trainings that run out between two days, without a reminder of this step and without a later training."""
    reminders = TrainingReminder.objects.filter(training=OuterRef("pk"), days=days)
    same = Training.objects.filter(
        person=OuterRef("person"), company=OuterRef("company"), level=OuterRef("level"), passed=True, removed_at=None
    )
    later = same.filter(Q(project=OuterRef("project")) | Q(project=None), valid_until__gt=OuterRef("valid_until"))
    employed = Employment.objects.filter(
        person=OuterRef("person"), company=OuterRef("company"), status__in=Employment.EMPLOYED
    )
    rows = Training.objects.filter(~Exists(reminders), ~Exists(later), Exists(employed), passed=True, removed_at=None)
    return rows.filter(valid_until__range=(first, last)).select_related("person").order_by("pk")


def of_person(person: Person) -> QuerySet[Training]:
    return Training.objects.filter(person=person).select_related("company", "project").order_by(F("taken_on"), "pk")
