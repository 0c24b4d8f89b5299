"""A reminder when the time of an isolation or treatment ends; only a person sets the disposition back (2-15)."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.core.audit import record, trail_of
from shiming.core.events import Event
from shiming.health import queries
from shiming.health.models import Disposition


def remind_due(*, by: Actor, today: date | None = None) -> int:
    """Notify each site once of the dispositions whose last day has come. Return how many."""
    today = today or timezone.localdate()
    return sum(_remind(row, today, by) for row in queries.blocking())


@transaction.atomic
def _remind(row: Disposition, today: date, by: Actor) -> bool:
    until = row.values["until"]
    if not until or date.fromisoformat(until) > today:
        return False
    if trail_of(row).filter(event=Event.DISPOSITION_DUE).exists():
        return False
    record(Event.DISPOSITION_DUE, row, by=by, person=row.person.name)
    return True
