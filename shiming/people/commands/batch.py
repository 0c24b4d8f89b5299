"""Batches of identity checks, each person decided alone.

After a kill the decided ones stay decided and the next batch asks the others; parallel batches decide a person once.
"""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.people import rules
from shiming.people.authority import Answer, Outcome, authority
from shiming.people.commands.identity import fail, leave_to_administrator, verify
from shiming.people.models import IdentityBatch, Person

COLUMNS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.UNCLEAR: "left"}


def run_identity_batch(*, by: Actor) -> IdentityBatch:
    """Ask the authority about every pending person. Each person is decided in a transaction of its own."""
    require(rules.may_decide_identity, by)
    batch, asks = IdentityBatch.objects.create(), authority()
    waiting = Person.objects.filter(identity_status=Person.Status.PENDING, review_note="")
    counts = Counter()
    for pk in list(waiting.order_by("submitted_on", "pk").values_list("pk", flat=True)):
        if outcome := _decide(pk, asks, by):
            counts[outcome] += 1
            _note(batch, counts)
    return _close(batch, by)


def _decide(pk, asks, by: Actor) -> Outcome | None:
    """Ask outside any transaction; the answer is dropped if the person changed meanwhile."""
    person = Person.objects.select_related("id_front", "id_back").filter(pk=pk).first()
    if person is None or person.identity_status != Person.Status.PENDING or person.review_note:
        return None
    answer = asks.check(person)
    try:
        _conclude(person, answer, by)
    except Conflict:
        return None
    return answer.outcome


def _conclude(person: Person, answer: Answer, by: Actor) -> None:
    seen = person.version
    match answer.outcome:
        case Outcome.PASSED:
            verify(person, by=by, seen=seen)
        case Outcome.FAILED:
            fail(person, reason=answer.reason, by=by, seen=seen)
        case Outcome.UNCLEAR:
            leave_to_administrator(person, note=answer.reason, by=by, seen=seen)


def _note(batch: IdentityBatch, counts: Counter) -> None:
    """Save the counts after each person, so that an interrupted batch keeps its progress."""
    batch.checked = counts.total()
    for outcome, column in COLUMNS.items():
        setattr(batch, column, counts[outcome])
    batch.save()


@transaction.atomic
def _close(batch: IdentityBatch, by: Actor) -> IdentityBatch:
    batch.finished_at = timezone.now()
    batch.save()
    counts = {name: getattr(batch, name) for name in ("checked", "passed", "failed")}
    record(Event.IDENTITY_BATCH_RUN, batch, by=by, **counts)
    return batch
