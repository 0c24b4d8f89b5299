"""Queries about people: lists, the trail of a person, pending identity checks."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shiming.core.actor import Actor, Role
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.idcard import names
from shiming.people import rules, sight
from shiming.people.models import IdentityBatch, Person, search_token
from shiming.web.trail import MOST, Line, lines

# Identity events are shown to all who see the person; registrations, changes and reveals only to the acting company
# and the person.
IDENTITY_EVENTS = (Event.PERSON_SUBMITTED, Event.PERSON_VERIFIED, Event.PERSON_FAILED)
LOOKED = (
    Event.PERSON_REVEALED,
    Event.PERSON_REVIEWED,
    Event.PERSON_LOOKED_UP,
    Event.PERSON_CHECKED,
    Event.ATTACHMENT_OPENED,
)
PAPERS = (Event.ATTACHMENT_ADDED, Event.ATTACHMENT_REMOVED, Event.ATTACHMENT_RESTORED)
OWN_FIRMS = (*LOOKED, *PAPERS, Event.PERSON_REGISTERED, Event.PERSON_CHANGED)
EVERYTHING = (Role.SYS_ADMIN, Role.SYSTEM, Role.PERSON)


def matching(text: str, actor: Actor) -> Q:
    """Match part of a name, pinyin initials, a whole number or the digits that lists print (domain.md §7.5).

    First six digits, date of birth and last four to six count together with a name, or alone for roles that may
    reveal numbers. An ambiguous text matches any reading.
    """
    return tokens_match(text, actor, "search_tokens")


def tokens_match(text: str, actor: Actor, path: str) -> Q:
    """`matching` for rows that reach the person's tokens by this path."""
    found = Q()
    readings = names.query_tokens(text, search_token, parts=rules.may_search_by_parts(actor))
    for tokens in readings:
        found |= Q(**{f"{path}__contains": tokens})
    return found if readings else Q(pk__in=[])


def people(actor: Actor, text: str = "", status: str = "", scope: str = "") -> QuerySet[Person]:
    """The people this actor may see, newest first (the id is ordered by time)."""
    rows = Person.objects.filter(_within(actor, scope))
    if text.strip():
        rows = rows.filter(matching(text, actor))
    if status:
        rows = rows.filter(identity_status=status)
    return rows


def just_read(actor: Actor, asked: str) -> Person | None:
    """The person whose card this user has read today, else None."""
    try:
        wanted = UUID(asked)
    except ValueError:
        return None
    readings = AuditEntry.objects.filter(event=Event.PERSON_CARD_READ, user_id=actor.user_id, person_id=wanted)
    if not readings.filter(at__date=timezone.localdate()).exists():
        return None
    return Person.objects.select_related("portrait", "card_portrait").get(pk=wanted)


def _within(actor: Actor, scope: str) -> Q:
    """People of the firm or people below it, not both: over a million rows one OR could use neither index."""
    match scope:
        case "own":
            return sight.people_of("employments", actor)
        case "below":
            return sight.people_of("assignments", actor)
        case _:
            return rules.visible_to(actor)


def pending(actor: Actor, text: str = "", only_unclear: bool = False) -> QuerySet[Person]:
    """People in 待核验; `only_unclear` keeps those left to the administrator."""
    rows = Person.objects.filter(identity_status=Person.Status.PENDING)
    if text.strip():
        rows = rows.filter(matching(text, actor))
    if only_unclear:
        rows = rows.exclude(review_note="")
    return rows


def waiting_counts() -> dict[str, int]:
    """Numbers of waiting people and of those left to the administrator."""
    rows = Person.objects.filter(identity_status=Person.Status.PENDING)
    return rows.aggregate(waiting=Count("pk"), unclear=Count("pk", filter=~Q(review_note="")))


def batches() -> QuerySet[IdentityBatch]:
    return IdentityBatch.objects.order_by("-created_at")


def story(person: Person, actor: Actor, *, most: int = MOST) -> list[Line]:
    """The trail of one person from registration to the last exit, as far as this actor may see it."""
    return lines(entries_seen(person, actor).order_by("-id")[:most], actor)


def entries_seen(person: Person, actor: Actor) -> QuerySet[AuditEntry]:
    """Entries of the own firm or site and the steps of the identity check. Entries of another employer are left out,
    so that no sentence can name it."""
    entries = AuditEntry.objects.filter(person_id=person.pk)
    if actor.role in EVERYTHING:
        return entries
    seen = Q(event__in=IDENTITY_EVENTS) | Q(object_id__in=sight.objects_of(person, actor))
    if actor.project_id:
        seen |= Q(project_id=actor.project_id, event=Event.ENTRY_REFUSED)
    if actor.company_id:
        seen |= Q(company_id=actor.company_id, event__in=OWN_FIRMS)
    return entries.filter(seen)


def looks(person: Person) -> QuerySet[AuditEntry]:
    """Entries of each look at this person's numbers and photos, newest first."""
    return AuditEntry.objects.filter(person_id=person.pk, event__in=LOOKED).order_by("-id")
