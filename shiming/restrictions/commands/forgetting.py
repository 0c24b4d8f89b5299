"""Entries are deleted some time after their end, with texts and papers; the trail keeps the steps."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.restrictions import queries, rules
from shiming.restrictions.commands.common import note
from shiming.restrictions.models import Paper, Restriction

BATCH = 200


def forget_ended(*, by: Actor, today: date | None = None) -> int:
    """Delete the entries whose retention has passed, each in its own transaction. Return the number."""
    due = list(queries.past_retention(today or timezone.localdate())[:BATCH])
    for row in due:
        _forget(row, by)
    return len(due)


@transaction.atomic
def _forget(row: Restriction, by: Actor) -> None:
    require(rules.may_forget, by)
    row = lock(row)
    stored = [paper.file for paper in Paper.objects.filter(line__restriction=row).select_related("file")]
    note(Event.RESTRICTION_DELETED, row, by)
    row.delete()
    for file in stored:
        files.remove(file)
