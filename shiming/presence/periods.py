"""The days of a stay as a period: stays of one person on one project may touch and never overlap (domain.md §7.2)."""

from datetime import date
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q, Value, When

# A stay may begin on the day the one before ended, so both ends are open; a stay of one day is that day, which lies
# inside a longer stay or not. Two stays of one day have the same key and are not compared.
ONE_DAY = UUID(int=0)


def overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """The same comparison as the constraint on the table. A period without a last day is open."""
    last, other_last = last or date.max, other_last or date.max
    if first == last and other_first == other_last:
        return False
    if first == last:
        return other_first < first < other_last
    if other_first == other_last:
        return first < other_first < last
    return first < other_last and other_first < last


class Span(models.Func):
    """The range between entry and exit."""

    output_field = DateTimeRangeField()
    template = (
        "TSRANGE(entered_on::timestamp, exited_on::timestamp, CASE WHEN entered_on = exited_on THEN '[]' ELSE '()' END)"
    )


def compared() -> models.Case:
    """The key of a row; only rows with different keys are compared."""
    return models.Case(
        When(Q(exited_on=F("entered_on")), then=Value(ONE_DAY, models.UUIDField())),
        default=F("id"),
        output_field=models.UUIDField(),
    )
