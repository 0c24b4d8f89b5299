"""Reminders of trainings that expire: 30 and 7 days ahead and on the last day, to the person and to the company."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.events import Event
from shiming.safety import queries
from shiming.safety.models import Training, TrainingReminder

STEPS = (0, 7, 30)
BATCH = 500


def remind(*, by: Actor, today: date | None = None) -> int:
    """Remind of every training that has come within a step and was not reminded of for it; return how many.

    It looks at the dates, so the next run makes up for a missed one.
    """
    today, sent = today or timezone.localdate(), 0
    for nearer, days in zip((-1, *STEPS), STEPS, strict=False):
        first, last = today + timedelta(days=nearer + 1), today + timedelta(days=days)
        while due := queries.unreminded(first, last, days)[:BATCH]:
            sent += _remind(list(due), days, today, by)
    return sent


@transaction.atomic
def _remind(due: list[Training], days: int, today: date, by: Actor) -> int:
    """When two runs meet, the constraint lets one of them write the row, and that one records the event."""
    rows = [TrainingReminder(training=training, days=days) for training in due]
    TrainingReminder.objects.bulk_create(rows, ignore_conflicts=True)
    written = set(TrainingReminder.objects.filter(pk__in=[row.pk for row in rows]).values_list("training", flat=True))
    lines = [(training, _words(training, today)) for training in due if training.pk in written]
    record_many(Event.TRAINING_EXPIRING, lines, by=by)
    return len(lines)


def _words(row: Training, today: date) -> dict:
    return {
        "person": row.person.name,
        "level": row.get_level_display(),
        "valid_until": row.valid_until,
        "left": (row.valid_until - today).days,
    }
