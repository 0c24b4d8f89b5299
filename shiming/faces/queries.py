"""What can be asked: whom a manager may enrol, what waits for a human, what has to go."""

from datetime import timedelta

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.faces import rules
from shiming.faces.models import FaceAlert, FaceComparison, FaceConsent, FacePortrait, FaceTemplate, HandCheck
from shiming.people.models import Person
from shiming.people.queries import matching
from shiming.presence import rules as presence
from shiming.presence.models import Stay
from shiming.projects.queries import portrait_for

PROVED = Q(face_status=Person.Face.REGISTERED) | Q(hand_checked_at__isnull=False)
# Faces of one controller: the rules on face recognition ask for a filing at 100,000.
WARN_AT = (80_000, 100_000)


def consent_in_force(person: Person) -> FaceConsent | None:
    return FaceConsent.objects.filter(person=person, answer=FaceConsent.Answer.AGREED, withdrawn_at=None).first()


def portrait_purposes(person: Person) -> list[str]:
    """What the projects of this person keep a portrait for, today; empty when none asks for one."""
    rows = Assignment.objects.filter(person=person, status__in=rules.BOUND, participation__left_on=None)
    rows = rows.select_related("project").prefetch_related("project__policies")
    return sorted({purpose for row in rows if (purpose := portrait_for(row.project))})


def keeps_portrait(consent: FaceConsent) -> bool:
    """Whether a purpose that the person agreed to is still one of a project of theirs."""
    return bool(set(consent.portrait_for) & set(portrait_purposes(consent.person)))


def portraits_without_purpose() -> list[FacePortrait]:
    """Of people bound today, on projects that no longer keep a portrait. After the exit it goes with the template."""
    bound = Assignment.objects.filter(person=OuterRef("person"), status__in=rules.BOUND)
    rows = FacePortrait.objects.filter(Exists(bound)).select_related("consent__person").defer("sealed")
    return [row for row in rows if not keeps_portrait(row.consent)]


def portrait(person: Person) -> FacePortrait | None:
    return FacePortrait.objects.filter(person=person).first()


def to_enrol(actor: Actor, name: str = "") -> QuerySet[Person]:
    """The manager's own people on the projects that ask for faces: without a face first, then by name."""
    people = Person.objects.filter(rules.enrolled_by(actor)).exclude(pk=actor.person_id).distinct()
    if name.strip():
        people = people.filter(matching(name, actor))
    waiting = FaceComparison.objects.filter(person=OuterRef("pk"), status=FaceComparison.Status.WAITING)
    proved = Case(When(PROVED, then=1), default=0)
    return people.annotate(compares=Exists(waiting), proved=proved)


def registered_on_site(actor: Actor, engine: str, name: str = "") -> QuerySet[Person]:
    """The people on the actor's site with a template of this engine; without a consent there is none."""
    on_site = Stay.objects.filter(presence.visible_to(actor), project=actor.project_id, exited_on=None)
    people = Person.objects.filter(face_template__engine=engine, pk__in=on_site.values("person"))
    return people.filter(matching(name, actor)) if name.strip() else people


def compares(person: Person) -> bool:
    """Whether a human still has to compare the face with the card."""
    return FaceComparison.objects.filter(person=person, status=FaceComparison.Status.WAITING).exists()


def checks(actor: Actor, name: str = "", status: str = "") -> QuerySet[HandCheck]:
    rows = HandCheck.objects.filter(rules.checks_visible_to(actor)).select_related("person", "first", "second")
    if name.strip():
        rows = rows.filter(person__in=Person.objects.filter(matching(name, actor)))
    return rows.filter(status=status) if status else rows


def checks_waiting(actor: Actor) -> QuerySet[HandCheck]:
    """What this user can answer: another user has asked."""
    return checks(actor, status=HandCheck.Status.WAITING).exclude(first=actor.user_id)


def comparisons(actor: Actor, status: str = "") -> QuerySet[FaceComparison]:
    rows = FaceComparison.objects.filter(rules.comparisons_visible_to(actor))
    rows = rows.select_related("person", "enrolled_by", "decided_by").defer("sealed", "face", "card")
    return rows.filter(status=status) if status else rows


def comparisons_waiting(actor: Actor) -> QuerySet[FaceComparison]:
    return comparisons(actor, FaceComparison.Status.WAITING).exclude(enrolled_by=actor.user_id)


def alerts(*, open_only: bool = False) -> QuerySet[FaceAlert]:
    rows = FaceAlert.objects.select_related("first", "second", "settled_by")
    return rows.filter(settled_at=None) if open_only else rows


def kept_beyond_exit() -> QuerySet[Person]:
    """Faces of people who have been bound nowhere for the days that the setting allows."""
    since = timezone.now() - timedelta(days=environment().face_days)
    consents = FaceConsent.objects.filter(answer=FaceConsent.Answer.AGREED, withdrawn_at=None, created_at__lt=since)
    bound = Assignment.objects.filter(person=OuterRef("pk"), status__in=rules.BOUND)
    lately = Assignment.objects.filter(person=OuterRef("pk"), ended_at__gt=since)
    return Person.objects.filter(~Exists(bound), ~Exists(lately), pk__in=consents.values("person"))


def kept_templates() -> tuple[int, int | None]:
    """How many faces are kept, and the limit that has been passed, if one."""
    count = FaceTemplate.objects.count()
    return count, max((limit for limit in WARN_AT if count >= limit), default=None)
