"""Drafting, starting and stopping the checks of a project."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.admission import rules
from shiming.admission.checks import CHECKS
from shiming.admission.models import ProjectCheck
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects.models import Project

NOTICE = timedelta(days=7)


@transaction.atomic
def draft(project: Project, code: str, *, effect: str, settings: dict, by: Actor) -> ProjectCheck:
    """Write the draft of a check, or rewrite it. A draft is asked of no one."""
    require(rules.may_administer, by)
    project = lock(project)
    row = project.checks.filter(code=code, from_date=None).first() or ProjectCheck(project=project, code=code)
    row.effect, row.settings = effect, settings
    _require_known(row)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def start(row: ProjectCheck, *, on: date, by: Actor, seen: int | None = None) -> ProjectCheck:
    """Put a draft in force from a day. A row of the same check that is in force then ends on that day.

    Raises R-75 for a day in the past and Conflict when the row is no draft any more.
    """
    require(rules.may_administer, by)
    project = lock(row.project)
    row = lock(row, seen=seen)
    if row.from_date is not None:
        raise Conflict(f"{row}已有启用日期")
    if on < timezone.localdate():
        raise Refused("R-75", field="from_date")
    _end_those_before(row, on)
    row.from_date = on
    if on - timezone.localdate() <= NOTICE:
        row.announced_at = timezone.now()
    row.save()
    record(Event.CHECK_SCHEDULED, row, by=by, project_id=project.pk, **_named(row))
    return row


@transaction.atomic
def stop(row: ProjectCheck, *, on: date, by: Actor) -> ProjectCheck:
    """End a check on a day, today at the earliest. People who entered meanwhile stay as they are."""
    require(rules.may_administer, by)
    lock(row.project)
    row = lock(row)
    if row.from_date is None or (row.until is not None and row.until <= timezone.localdate()):
        raise Conflict(f"{row}没有启用")
    if on < timezone.localdate():
        raise Refused("R-75", field="until")
    row.until = max(on, row.from_date)
    row.save()
    record(Event.CHECK_STOPPED, row, by=by, project_id=row.project_id, until=row.until, **_named(row))
    return row


@transaction.atomic
def discard(row: ProjectCheck, *, by: Actor) -> None:
    """Delete a draft; a row that was ever in force stays."""
    require(rules.may_administer, by)
    row = lock(row)
    if row.from_date is not None:
        raise Conflict(f"{row}已有启用日期，只能停用")
    row.delete()


def announce(*, by: Actor, today: date | None = None) -> int:
    """Notify the sites whose check starts within seven days, each once. Return how many."""
    today = today or timezone.localdate()
    due = ProjectCheck.objects.filter(announced_at=None, from_date__gt=today, from_date__lte=today + NOTICE)
    return sum(_announce(row, by) for row in due)


@transaction.atomic
def _announce(row: ProjectCheck, by: Actor) -> bool:
    row = lock(row)
    if row.announced_at is not None or row.until is not None:
        return False
    row.announced_at = timezone.now()
    row.save()
    record(Event.CHECK_STARTS_SOON, row, by=by, project_id=row.project_id, **_named(row))
    return True


def _require_known(row: ProjectCheck) -> None:
    if row.code not in CHECKS or row.effect not in row.kind.effects:
        raise Refused("R-10", label="准入检查", field="effect")


def _end_those_before(row: ProjectCheck, on: date) -> None:
    others = ProjectCheck.objects.filter(project=row.project_id, code=row.code, from_date__isnull=False)
    for before in others.filter(until=None).select_for_update():
        before.until = max(on, before.from_date)
        before.save()
    if row.pk and others.filter(until__gt=on).exists():
        raise Conflict("与已安排的停用日期重叠，请先核对")


def _named(row: ProjectCheck) -> dict:
    return {"project": row.project, "check": str(row), "from_date": row.from_date, "effect": row.get_effect_display()}
