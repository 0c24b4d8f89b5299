"""Resumption checklists and health condition forms: upload, delete, open. Checked like attachments."""

from django.db import transaction
from django.utils import timezone

from shiming.attachments import content
from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.doors import MB
from shiming.core.errors import Conflict, Invalid, Refused
from shiming.core.events import Event
from shiming.health import queries, rules
from shiming.health.commands.common import require_overlay
from shiming.health.models import Disposition, HealthFile
from shiming.projects.models import Participation, Project

LARGEST = 5 * MB
MOST = 20
Kind = HealthFile.Kind


def upload_resumption_form(project: Project, *, name: str, whole: bytes, by: Actor) -> HealthFile:
    """Store a resumption checklist; R-37 before the site information was saved."""
    if queries.site_info(project.pk) is None:
        raise Refused("R-37", field="file")
    return _keep(project.pk, None, Kind.RESUMPTION, name, *check_content(whole), by)


def keep_condition_form(disposition: Disposition, place: Participation, name: str, checked, by: Actor) -> HealthFile:
    """Store the condition form of a disposition, in its transaction; `checked` comes from `check_content`."""
    return _keep(disposition.project_id, disposition, Kind.CONDITION, name, *checked, by, place)


@transaction.atomic
def remove_file(row: HealthFile, place: Participation | None, *, by: Actor) -> None:
    """Delete the content; the row and a line in the trail stay."""
    _require(by, row.project_id, place)
    require_overlay(row.project_id)
    row = HealthFile.objects.select_for_update().get(pk=row.pk)
    if row.removed_at is not None:
        raise Conflict("文件已删除")
    stored, row.stored = row.stored, None
    row.removed_at, row.removed_by_id = timezone.now(), by.user_id
    row.save()
    files.remove(stored)
    _record(Event.HEALTH_FILE_REMOVED, row, by)


@transaction.atomic
def note_opening(row: HealthFile, place: Participation | None, *, by: Actor) -> None:
    """A line before the content leaves."""
    require(rules.may_open_file, by, row, place)
    _record(Event.HEALTH_FILE_OPENED, row, by)


def check_content(whole: bytes) -> tuple[bytes, str]:
    """The content as it is kept, and its type; raises Invalid in words. Outside the transaction: it takes a moment."""
    return content.checked(whole, LARGEST)


@transaction.atomic
def _keep(project_id, disposition, kind, name, whole, media_type, by, place=None) -> HealthFile:
    _require(by, project_id, place)
    require_overlay(project_id)
    if HealthFile.objects.filter(project=project_id, disposition=disposition, removed_at=None).count() >= MOST:
        raise Invalid(f"最多 {MOST} 个文件", next_step="删除不再需要的", field="file")
    row = HealthFile(kind=kind, project_id=project_id, disposition=disposition, media_type=media_type)
    row.name, row.size = content.kept_name(name, content.SUFFIXES[media_type]), len(whole)
    row.stored = files.store(whole, kind="health", media_type=media_type)
    row.uploaded_by_id = by.user_id
    row.save()
    _record(Event.HEALTH_FILE_ADDED, row, by)
    return row


def _require(by: Actor, project_id, place: Participation | None) -> None:
    if place is None:
        require(rules.may_keep_site_info, by, project_id)
    else:
        require(rules.may_note_health, by, place)


def _record(event: Event, row: HealthFile, by: Actor) -> None:
    person_id = row.disposition.person_id if row.disposition else None
    record(event, row, by=by, person_id=person_id, kind=row.get_kind_display())
