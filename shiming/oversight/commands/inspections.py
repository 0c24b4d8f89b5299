"""Inspections on site: the list is fixed at the start, findings are saved at any time, finishing closes it."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.oversight import inspections, rules
from shiming.oversight.models import InspectedPerson, Inspection
from shiming.projects.models import Participation, Project


@transaction.atomic
def start(project: Project, *, by: Actor, place: Participation | None = None) -> Inspection:
    """Keep the list of those on site now."""
    require(rules.may_send, by, project)
    here = list(inspections.here_now(by, project, place).values_list("pk", flat=True)[: inspections.MOST + 1])
    if not here:
        raise Invalid("此刻没有人在场", next_step="换一个单位，或不必检查")
    if len(here) > inspections.MOST:
        raise Invalid(f"在场超过 {inspections.MOST} 人", next_step="请选择一家用人单位，分开检查", field="place")
    inspection = Inspection.objects.create(project=project, place=place, inspector_id=by.user_id, by=by.name)
    InspectedPerson.objects.bulk_create([InspectedPerson(inspection=inspection, stay_id=pk) for pk in here])
    record(Event.INSPECTION_STARTED, inspection, by=by, project=project, expected=len(here))
    return inspection


@transaction.atomic
def note_findings(
    inspection: Inspection, *, found: list[int], strangers: str, note: str, by: Actor, finish: bool = False
) -> Inspection:
    """Save what is ticked; `finish` closes the inspection, after which it does not change."""
    inspection = lock(inspection)
    require(rules.may_send, by, inspection.project)
    if inspection.finished_at:
        raise Conflict("检查已查完，不能再改")
    people = InspectedPerson.objects.filter(inspection=inspection)
    people.filter(pk__in=found).update(found=True)
    people.exclude(pk__in=found).update(found=False)
    inspection.strangers, inspection.note = strangers.strip(), note.strip()
    inspection.finished_at = timezone.now() if finish else None
    inspection.save()
    if finish:
        met, expected = people.filter(found=True).count(), people.count()
        about = {"project": inspection.project, "expected": expected, "found": met}
        record(Event.INSPECTION_FINISHED, inspection, by=by, reason=inspection.note, **about)
    return inspection
