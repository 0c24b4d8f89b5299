"""Recording, deleting and restoring safety trainings."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.assignment.queries import not_recordable, recordable
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.employment.models import Employment
from shiming.projects.models import Project
from shiming.safety import queries, rules
from shiming.safety.models import Level, Training


@transaction.atomic
def record_training(
    employment: Employment,
    *,
    level: str,
    project: Project | None,
    taken_on: date,
    hours: Decimal,
    passed: bool,
    by: Actor,
    valid_until: date | None = None,
) -> Training:
    """Record a training; without `valid_until` it counts for the months of the site's check, 12 by default."""
    require(rules.may_record, by, employment, project)
    if taken_on > timezone.localdate():
        raise Invalid("培训日期晚于今天", next_step="培训完成后再登记", field="taken_on")
    _require_place(employment, level, project)
    row = Training(person=employment.person, company_id=employment.company_id, project=project, level=level)
    row.taken_on, row.hours, row.passed = taken_on, hours, passed
    row.valid_until = valid_until or months_later(taken_on, queries.months_valid(project))
    row.recorded_by_id = by.user_id
    row.full_clean()
    row.save()
    _record(Event.TRAINING_RECORDED, row, by, result="合格" if passed else "不合格")
    return row


def take_over(values: dict, by: Actor) -> str:
    """One row of Excel: "created", or "same" when it is there already."""
    project, employment = find(values, recordable(by, [values["number"]]), queries.projects(by))
    given = {name: values[name] for name in ("level", "taken_on", "hours", "valid_until")}
    given["passed"] = values["result"] == "passed"
    existing = Training.objects.filter(
        person=employment.person, company=employment.company_id, project=project, removed_at=None
    )
    if row := existing.filter(level=given["level"], taken_on=given["taken_on"]).first():
        if (row.hours, row.passed) != (given["hours"], given["passed"]):
            raise Conflict(f"{row}当天已登记为 {row.hours} 学时，请先删除原来的")
        return "same"
    record_training(employment, project=project, by=by, **given)
    return "created"


def find(
    values: dict, workers: dict[str, Employment], projects: Iterable[Project]
) -> tuple[Project | None, Employment]:
    """Site and employee of a row; raises Invalid at the cell that names none."""
    employment = workers.get(values["number"])
    if employment is None:
        raise not_recordable()
    if not values["project"]:
        return None, employment
    found = next((each for each in projects if values["project"] in (each.name, each.filing_code)), None)
    if found is None:
        raise Invalid("本企业没有参建这个项目", next_step="写报建编号或项目名称", field="project")
    return found, employment


@transaction.atomic
def remove(row: Training, *, by: Actor) -> Training:
    """The row stays and no longer counts."""
    require(rules.may_remove, by, row)
    row = lock(row)
    if row.removed_at is not None:
        raise Conflict("培训记录已删除")
    row.removed_at = timezone.now()
    row.save()
    _record(Event.TRAINING_REMOVED, row, by)
    return row


@transaction.atomic
def restore(row: Training, *, by: Actor) -> Training:
    require(rules.may_remove, by, row)
    row = lock(row)
    if row.removed_at is None:
        raise Conflict("培训记录没有删除")
    row.removed_at = None
    row.full_clean()
    row.save()
    _record(Event.TRAINING_RESTORED, row, by)
    return row


def months_later(day: date, months: int) -> date:
    """The same day that many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _require_place(employment: Employment, level: str, project: Project | None) -> None:
    if level == Level.COMPANY and project:
        raise Invalid("公司级培训不选项目", next_step="不选项目，或改选级别", field="project")
    if level == Level.COMPANY:
        return
    if project is None:
        raise Invalid("项目级、班组级培训须选项目", next_step="选择项目", field="project")
    if not Assignment.objects.filter(employment=employment, project=project, status__in=Assignment.OPEN).exists():
        raise Invalid("该人员没有分配到这个项目", next_step="先分配到项目，再登记培训", field="project")


def _record(event: Event, row: Training, by: Actor, **words) -> None:
    given = {"person_id": row.person_id, "company_id": row.company_id, "project_id": row.project_id}
    record(event, row, by=by, person=row.person.name, level=row.get_level_display(), **given, **words)
