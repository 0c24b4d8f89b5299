"""Reminders of certificates that expire ([004] 4-10 ★): 90, 30 and 7 days ahead, to the person and to the company."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.events import Event
from shiming.credentials import queries
from shiming.credentials.models import CredentialReminder
from shiming.dictionaries import queries as dictionaries

STEPS = (7, 30, 90)
BATCH = 500


def remind(*, by: Actor, today: date | None = None) -> int:
    """Remind of every certificate that has come within a step and was not reminded of for it; return how many.

    It looks at the dates, so the next run makes up for a missed one.
    """
    today, reminded = today or timezone.localdate(), 0
    for nearer, days in zip((-1, *STEPS), STEPS, strict=False):
        first, last = today + timedelta(days=nearer + 1), today + timedelta(days=days)
        while due := queries.unreminded(first, last, days)[:BATCH]:
            reminded += _remind(due, days, today, by)
    return reminded


@transaction.atomic
def _remind(due: list, days: int, today: date, by: Actor) -> int:
    """When two runs meet, the constraint lets one of them write the row, and that one records the event."""
    rows = [
        CredentialReminder(
            person_id=credential.person_id,
            company_id=credential.employer,
            number=credential.number,
            name=credential.name,
            valid_until=credential.valid_until,
            days=days,
        )
        for credential in due
    ]
    CredentialReminder.objects.bulk_create(rows, ignore_conflicts=True)
    written = set(CredentialReminder.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    names = {credential.person_id: credential.person.name for credential in due}
    lines = [(row, _words(row, names, today)) for row in rows if row.pk in written]
    record_many(Event.CREDENTIAL_EXPIRING, lines, by=by)
    return len(lines)


def _words(row: CredentialReminder, names: dict, today: date) -> dict:
    left = (row.valid_until - today).days
    name = dictionaries.label("credential", row.name)
    return {"person": names[row.person_id], "credential": name, "valid_until": row.valid_until, "left": left}
