"""The shift rule of a project: a change adds a row with its first day."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.attendance import rules
from shiming.attendance.models import ShiftRule
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects.models import Project


@transaction.atomic
def set_shift_rule(project: Project, *, from_date: date, by: Actor, **values) -> ShiftRule:
    """Put a shift rule in force from a day of this month or later; a rule of the same day is replaced.

    `values` are the fields of ShiftRule. Earlier months stay as they were printed.
    """
    project = lock(project)
    require(rules.may_set_shifts, by, project)
    if from_date < timezone.localdate().replace(day=1):
        raise Invalid("班次规则不能早于本月 1 日", next_step="选择本月或以后的日期", field="from_date")
    row = ShiftRule.objects.filter(project=project, from_date=from_date).first() or ShiftRule(project=project)
    row.from_date = from_date
    for name, value in values.items():
        setattr(row, name, value)
    _require_sense(row)
    row.full_clean()
    row.save()

    record(Event.SHIFT_RULE_SET, row, by=by, project=project, rule=str(row), from_date=from_date)
    return row


def _require_sense(row: ShiftRule) -> None:
    if row.longest_hours > row.window_hours:
        raise Invalid("最长正常工时不能大于配对时限", next_step="加大配对时限，或减小最长工时", field="longest_hours")
