"""Inbox items are created and closed by events only; a user can only mark them read."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shiming.core import bulk, prepared_statements
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.inbox import rules
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import CLOSES, NOTICES, Notice, To
from shiming.people.models import Person
from shiming.projects.models import ContractFiling

TITLE, BODY = 120, 300


class _Words(dict):
    def __missing__(self, key):
        return ""


def deliver(subject, *, by: Actor, entry: AuditEntry) -> list[InboxItem]:
    """Store the notices of this event, in its transaction: one or two rows, seldom more."""
    folding = {notice.kind or entry.event for notice in NOTICES[Event(entry.event)] if notice.folds}
    items = _items(_worded(Event(entry.event)), subject, by, entry)
    for item in items:
        if item.kind not in folding or not _folded(item):
            prepared_statements.insert(item)
    return items


def deliver_many(happened, *, by: Actor) -> None:
    """As `deliver`, for many events of one kind with one INSERT."""
    if happened:
        worded = _worded(Event(happened[0][1].event))
        bulk.insert([item for subject, entry in happened for item in _items(worded, subject, by, entry)])


def close(subject, *, by: Actor, entry: AuditEntry) -> None:
    """Close the question about this object that the event answers."""
    close_many([(subject, entry)], by=by)


def close_many(happened, *, by: Actor) -> None:
    """Close the questions about these objects; all events are of one kind."""
    if not happened:
        return
    kind, answer = CLOSES[Event(happened[0][1].event)]
    waiting = InboxItem.objects.filter(subject_id__in=[subject.pk for subject, _ in happened])
    waiting = waiting.filter(kind=kind, asks=True, answered_at=None)
    waiting.update(answered_at=timezone.now(), answer=str(answer))


@transaction.atomic
def read(item: InboxItem, *, by: Actor) -> None:
    """Mark the item read; a question stays open."""
    require(rules.may_read, by, item)
    InboxItem.objects.filter(pk=item.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def read_all(*, by: Actor) -> int:
    """Mark all notices read, not the questions; return their number."""
    unread = InboxItem.objects.filter(rules.visible_to(by), asks=False, read_at=None)
    return unread.update(read_at=timezone.now())


def _folded(item: InboxItem) -> bool:
    """Count the notice on an unread one of the same kind, title and day, which then shows the newest body."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    address = {name: getattr(item, name) for name in ("person_id", "company_id", "project_id")}
    same = InboxItem.objects.filter(**address, kind=item.kind, title=item.title, asks=False, read_at=None)
    newest = same.filter(created_at__gte=today).order_by("-created_at").values("pk")[:1]
    again = {"times": F("times") + 1, "again_at": timezone.now(), "body": item.body}
    return bool(InboxItem.objects.filter(pk__in=newest).update(**again))


def _worded(event: Event) -> list[tuple[Notice, str, str]]:
    """The notices of an event, title and body in the language of the actor."""
    return [(notice, str(notice.title), str(notice.body)) for notice in NOTICES[event]]


def _items(worded, subject, by: Actor, entry: AuditEntry) -> list[InboxItem]:
    words = _Words(entry.params, by=entry.by, reason=entry.reason)
    wanted = [each for each in worded if each[0].when(subject, by, entry)]
    return [item for notice, *text in wanted if (item := _item(notice, *text, subject, entry, words))]


def _item(notice: Notice, title: str, body: str, subject, entry: AuditEntry, words: dict) -> InboxItem | None:
    """The item, or None without an addressee: a stay has no company, an account no person."""
    address = ADDRESSES[notice.to](subject, entry)
    if address is None:
        return None
    place = {"participation_id": _place(subject)} if notice.to == To.PROJECT else {}
    return bulk.new(
        InboxItem,
        kind=notice.kind or entry.event,
        subject_type=entry.object_type,
        subject_id=subject.pk,
        title=title.format_map(words)[:TITLE],
        body=body.format_map(words)[:BODY],
        asks=notice.asks,
        due_on=_due(notice, subject),
        **{f"{notice.to}_id": address},
        **place,
    )


def _person(subject, entry):
    if isinstance(subject, Person):
        return subject.pk
    return subject.pm_id if isinstance(subject, ContractFiling) else entry.person_id


ADDRESSES = {
    To.PERSON: _person,
    To.COMPANY: lambda subject, entry: entry.company_id,
    To.PROJECT: lambda subject, entry: entry.project_id,
}


def _place(subject):
    """The place of an allocation in the chain; None concerns the whole site."""
    if hasattr(subject, "participation_id"):
        return subject.participation_id
    assignment = getattr(subject, "assignment", None)
    return assignment.participation_id if assignment else None


def _due(notice: Notice, subject):
    if not notice.asks:
        return None
    if not isinstance(subject, Employment):
        return getattr(subject, "due_on", None)
    return {Employment.Status.INVITED: subject.expires_on, Employment.Status.LEAVE_REQUESTED: subject.leave_due_on}.get(
        subject.status
    )
