"""The days after which a trouble counts."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid
from shiming.core.events import Event
from shiming.oversight import rules, troubles
from shiming.oversight.models import Threshold


@transaction.atomic
def set_thresholds(days: dict[str, int], *, by: Actor) -> None:
    """Store the days that differ from those in force."""
    require(rules.may_set_thresholds, by)
    before = troubles.thresholds()
    for code, number in days.items():
        if code not in before or not 0 <= number <= troubles.MOST_DAYS:
            raise Invalid(f"天数应为 0 到 {troubles.MOST_DAYS}", field=code)
        if number == before[code]:
            continue
        row = Threshold(kind=code, days=number, set_at=timezone.now())
        Threshold.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["kind"], update_fields=["days", "set_at"]
        )
        record(
            Event.TROUBLE_DAYS_SET, row, by=by, kind=troubles.KINDS[code].label, before_days=before[code], days=number
        )
