"""Corrections of a day: asked for by the worker or the 班组长, decided by another user on site."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from django.db import transaction
from django.utils import timezone

from shiming.attendance import rules
from shiming.attendance.commands.punches import HOUR, OURS
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.attendance.queries import rule_of
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import Project

Direction, Method = AttendanceEvent.Direction, AttendanceEvent.Method


@transaction.atomic
def request_correction(
    person: Person,
    project: Project,
    *,
    day: date,
    came_at: datetime | None,
    left_at: datetime | None,
    reason: str,
    by: Actor,
    photo=None,
) -> Correction:
    """Request a correction of a day, by the worker or the 班组长; the punches stay unchanged."""
    require(rules.may_request, by, person)
    _check_times(person, project, day, came_at, left_at)

    correction = Correction(
        person=person,
        project=project,
        day=day,
        came_at=came_at,
        left_at=left_at,
        reason=reason,
        photo=photo,
        requested_by_id=by.user_id,
    )
    correction.full_clean()
    correction.save()

    record(Event.CORRECTION_REQUESTED, correction, by=by, person=person, day=day, reason=reason)
    return correction


@transaction.atomic
def decide_correction(correction: Correction, *, approve: bool, by: Actor, note: str = "") -> Correction:
    """Approve or deny a correction; approval adds punches. A denial without a reason raises R-40."""
    correction = lock(correction)
    require(rules.may_decide, by, correction)
    if not approve and not note.strip():
        raise Refused("R-40", field="note")

    correction.become(Correction.Status.APPROVED if approve else Correction.Status.DENIED)
    correction.decided_by_id, correction.decided_at, correction.decision_note = by.user_id, timezone.now(), note
    correction.save()

    if approve:
        _add_corrected(correction, by)
    happened = Event.CORRECTION_APPROVED if approve else Event.CORRECTION_DENIED
    record(happened, correction, by=by, person=correction.person, day=correction.day, reason=note)
    return correction


def _check_times(person, project, day, came_at, left_at) -> None:
    times = [time for time in (came_at, left_at) if time]
    if not times:
        raise Refused("R-10", label="进场打卡或出场打卡", field="came_at")
    if max(times) > timezone.now():
        raise Invalid("更正的时间晚于现在", next_step="填写已经过去的时间", field="came_at")
    window = rule_of(project, day).window
    if came_at and left_at and not came_at < left_at <= came_at + window:
        longest = f"出场应晚于进场，且不超过 {window // HOUR} 小时"
        raise Invalid(longest, next_step="核对两个时间", field="left_at")
    if not timezone.localdate(times[0]) - timedelta(days=1) <= day <= timezone.localdate(times[0]):
        raise Invalid("更正的时间不在所选的日期", next_step="核对日期与时间", field="day")
    if not Stay.objects.filter(person=person, project=project, entered_on__lte=day).exclude(exited_on__lt=day).exists():
        raise Refused("R-31")


def _add_corrected(correction: Correction, by: Actor) -> None:
    times = ((Direction.IN, correction.came_at), (Direction.OUT, correction.left_at))
    events = [
        AttendanceEvent(
            project_id=correction.project_id,
            event_id=uuid5(OURS, f"{correction.pk}:{direction}"),
            occurred_at=at,
            person_id=correction.person_id,
            received_at=timezone.now(),
            direction=direction,
            method=Method.CORRECTION,
            by=by.name,
            by_user_id=by.user_id,
            note=correction.reason,
        )
        for direction, at in times
        if at
    ]
    AttendanceEvent.objects.bulk_create(events, ignore_conflicts=True)
