"""Registration and changes of projects, their status and policies."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.changes import apply
from shiming.projects import policies, rules
from shiming.projects.models import Project, ProjectPolicy, Station


@transaction.atomic
def register_project(
    *,
    filing_code: str,
    name: str,
    station: Station,
    by: Actor,
    policy: str = policies.DEFAULT.code,
    policy_from: date | None = None,
    **fields,
) -> Project:
    """Register a project with its first policy, which for a project of an older system may begin in the past."""
    require(rules.may_administer, by)
    project = Project(filing_code=filing_code.strip(), name=name.strip(), station=station, **fields)
    project.full_clean()
    project.save()
    record(Event.PROJECT_CREATED, project, by=by, project_id=project.pk, project=project)

    since = policy_from or project.started_on or timezone.localdate()
    _add_policy(ProjectPolicy(project=project, base=policy, from_date=since), by)
    return project


@transaction.atomic
def change_project(project: Project, *, by: Actor, seen: int | None = None, **fields) -> Project:
    """Change the data of a project; status and policy have commands of their own."""
    project = lock(project, seen=seen)
    require(rules.may_administer, by)
    if changes := apply(project, fields):
        project.full_clean()
        project.save()
        details = {"fields": changes, "before": changes.before, "after": changes.after}
        record(Event.PROJECT_CHANGED, project, by=by, project_id=project.pk, project=project, **details)
    return project


@transaction.atomic
def set_status(project: Project, status: str, *, by: Actor, on: date | None = None) -> Project:
    """Suspend, resume or finish a project; when it finishes, its allocations end."""
    project = lock(project)
    require(rules.may_administer, by)
    before = project.get_status_display()
    project.become(Project.Status(status))
    if status == Project.Status.FINISHED:
        project.finished_on = on or timezone.localdate()
    project.save()
    after = project.get_status_display()
    moved = {"before": {"status": before}, "after": {"status": after}}
    record(Event.PROJECT_STATUS_CHANGED, project, by=by, project_id=project.pk, project=project, status=after, **moved)
    return project


@transaction.atomic
def set_policy(project: Project, base: str, *, from_date: date, by: Actor, portrait_for: str = "") -> ProjectPolicy:
    """Add a policy row from a day on: R-63 for a day in the past, R-64 for a second row on one day."""
    project = lock(project)
    require(rules.may_administer, by)
    if from_date < timezone.localdate():
        raise Refused("R-63", field="from_date")
    if project.policies.filter(from_date=from_date).exists():
        raise Refused("R-64", field="from_date")
    row = ProjectPolicy(project=project, base=base, from_date=from_date, portrait_for=portrait_for.strip())
    return _add_policy(row, by)


@transaction.atomic
def renew_site_code(project: Project, *, by: Actor) -> Project:
    """Renew 工地码; the printed one becomes invalid."""
    project = lock(project)
    require(rules.may_renew_site_code, by, project)
    project.site_code_version += 1
    project.save()
    record(Event.SITE_CODE_RENEWED, project, by=by, project_id=project.pk, project=project)
    return project


def _add_policy(row: ProjectPolicy, by: Actor) -> ProjectPolicy:
    row.full_clean()
    if not row.rules.offered:
        raise Refused("R-74", policy=row.label, field="base")
    if row.portrait_for and not row.rules.face_before_submit:
        raise Invalid("该流程不登记人脸，没有照片可以留存", next_step="清空用途，或选择别的流程", field="portrait_for")
    row.save()
    record(Event.POLICY_SET, row, by=by, project=row.project, policy=row.label, from_date=row.from_date)
    return row
