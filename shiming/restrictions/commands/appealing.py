"""The person's appeal, and what the issuer decides: the entry stays, or is lifted."""

from django.db import transaction
from django.utils import timezone

from shiming.attachments.content import checked_papers
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.restrictions import rules
from shiming.restrictions.commands.common import note, require_current, say
from shiming.restrictions.models import Line, Restriction

Status = Restriction.Status


def appeal(row: Restriction, *, text: str, by: Actor, papers: list[tuple[str, bytes]] = ()) -> Restriction:
    """The person's side, in words and papers; one appeal waits at a time."""
    require(rules.may_appeal, by, row)
    return _appeal(row, text, checked_papers(list(papers)), by)


@transaction.atomic
def _appeal(row: Restriction, text: str, papers: list, by: Actor) -> Restriction:
    row = lock(row)
    require(rules.may_appeal, by, row)
    require_current(row)
    row.become(Status.APPEALED)
    row.save()
    say(row, Line.Step.APPEALED, text, by, papers)
    note(Event.RESTRICTION_APPEALED, row, by)
    return row


@transaction.atomic
def uphold(row: Restriction, *, text: str, by: Actor) -> Restriction:
    """The appeal is answered with a reason and the entry stays; the person may appeal again."""
    row = lock(row)
    require(rules.may_decide, by, row)
    if row.status != Status.APPEALED:
        raise Conflict("没有待答复的申诉")
    row.become(Status.STANDING)
    row.save()
    say(row, Line.Step.UPHELD, text, by)
    note(Event.RESTRICTION_UPHELD, row, by)
    return row


@transaction.atomic
def lift(row: Restriction, *, text: str, by: Actor) -> Restriction:
    """End an entry before its day with a reason, after an appeal or without one."""
    row = lock(row)
    require(rules.may_decide, by, row)
    if row.status == Status.STANDING:
        require_current(row)
    row.become(Status.LIFTED)
    row.lifted_at = timezone.now()
    row.save()
    say(row, Line.Step.LIFTED, text, by)
    note(Event.RESTRICTION_LIFTED, row, by)
    return row
