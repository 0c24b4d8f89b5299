"""What can be done with punches: add them, and correct a day. Nothing is ever changed or removed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.attendance import rules
from shiming.attendance.days import SHIFT, next_direction
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, DomainError, Invalid, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.models import Person
from shiming.presence import codes, verdicts
from shiming.presence.commands import require_recent, whose
from shiming.presence.eligibility import facts_for
from shiming.presence.models import Stay
from shiming.presence.verdicts import Verdict
from shiming.projects.models import Project

Direction, Method = AttendanceEvent.Direction, AttendanceEvent.Method
CLOCK_GAP = timedelta(minutes=5)
CLOCK_AHEAD = timedelta(minutes=10)
KEPT_BY_DEVICES = timedelta(days=366)
ONE_SCAN = timedelta(seconds=60)
# Event ids the system itself gives are made from what they stand for, so that a repeated job adds nothing.
OURS = UUID("6f0c1c52-6e0a-5b0e-9f55-5e1f2b1f7a10")


@dataclass(frozen=True)
class PunchResult:
    """The punch as it is kept; `repeated` when it had come before, which changes nothing."""

    event: AttendanceEvent
    repeated: bool


@transaction.atomic
def punch(
    person_id: UUID,
    project_id: UUID,
    *,
    event_id: UUID,
    method: str,
    by: Actor,
    direction: str | None = None,
    occurred_at: datetime | None = None,
    device: str = "",
    offline: bool = False,
    photo_id: UUID | None = None,
    place: str = "",
) -> PunchResult:
    """打卡。须已进场（R-31），未退场（R-32）。方向未给时按上一次打卡推定。

    A device that repeats an event gets the answer of the first time; the same id with other content is a Conflict.
    """
    now = timezone.now()
    at = occurred_at or now
    if method == Method.SITE_CODE:
        require(rules.may_punch_himself, by, person_id)
    else:
        require(rules.may_punch, by, project_id)

    _require_likely(at, now)
    stay = _stay_at(person_id, project_id, event_id, at)
    if stay is None or stay.known:
        if known := _known(project_id, event_id):
            return _repeat(known, person_id, occurred_at, direction, method, device)
        raise _not_on_site(person_id, project_id, at)
    if method != Method.SITE_CODE:
        require(rules.in_charge, by, stay)
    if direction is None:
        last = _last(person_id, project_id, at)
        if _same_scan(last, method, at):
            return PunchResult(last, repeated=True)
        direction = next_direction(last, at)

    event = AttendanceEvent(
        project_id=project_id,
        event_id=event_id,
        occurred_at=at,
        person_id=person_id,
        received_at=now,
        direction=direction,
        method=method,
        by=by.name,
        by_user_id=by.user_id,
        device=device,
        offline=offline,
        clock_gap=not offline and abs(now - at) > CLOCK_GAP,
        photo_id=photo_id,
        place=place,
    )
    AttendanceEvent.objects.bulk_create([event], ignore_conflicts=True)
    return PunchResult(event, repeated=False)


def punch_by_worker_code(
    code: str, *, event_id: UUID, by: Actor, at: datetime | None = None, portrait_confirmed: bool = False
) -> Verdict:
    """考勤扫码：项目经理或授权的现场操作用户扫工人的个人码。`at` 是离线时扫码的时间。

    Like the gate it answers instead of raising; a person who has not entered gets R-31 and who can help.
    """
    require(rules.may_punch, by, by.project_id)
    facts = None
    try:
        require_recent(at)
        person_id, by_card = whose(codes.read(code, at))
        facts = facts_for(person_id, by.project_id)
        if by_card and not portrait_confirmed:
            return verdicts.look_at_portrait(facts)
        result = punch(
            person_id,
            by.project_id,
            event_id=event_id,
            method=Method.WORKER_CODE,
            by=by,
            occurred_at=at,
            offline=at is not None,
        )
    except DomainError as error:
        return Verdict("stop", _("没有打上卡"), facts, tuple(error.refusals))
    title = _("进场打卡") if result.event.direction == Direction.IN else _("出场打卡")
    return Verdict("ok", title, facts, repeated=result.repeated)


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
    """本人或班组长申请更正某天的考勤；原始记录不动。"""
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
    """工地同意或驳回更正；同意后另加更正记录。驳回须写原因（R-40）。"""
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


@transaction.atomic
def auto_close(*, until: datetime, by: Actor) -> int:
    """Close every IN of the last days whose shift has run out without an OUT; returns how many. Safe to repeat."""
    ins = AttendanceEvent.objects.filter(
        direction=Direction.IN, occurred_at__gt=until - timedelta(days=7), occurred_at__lte=until - SHIFT
    )
    later = AttendanceEvent.objects.filter(
        person_id=OuterRef("person_id"),
        project_id=OuterRef("project_id"),
        occurred_at__gt=OuterRef("occurred_at"),
        occurred_at__lte=OuterRef("occurred_at") + SHIFT,
    )
    forgotten = list(ins.filter(~Exists(later)))
    closings = [_closing(event, by) for event in forgotten]
    AttendanceEvent.objects.bulk_create(closings, ignore_conflicts=True, batch_size=2000)
    return len(closings)


def _stay_at(person_id, project_id, event_id, at) -> Stay | None:
    """The stay that covers the moment, told at once whether this event is known already."""
    same = AttendanceEvent.objects.filter(project_id=project_id, event_id=event_id)
    stays = Stay.objects.filter(person=person_id, project=project_id, entered_at__lte=at)
    stays = stays.select_related("assignment__participation")
    return stays.filter(Q(exited_at=None) | Q(exited_at__gte=at)).annotate(known=Exists(same)).first()


def _known(project_id, event_id) -> AttendanceEvent | None:
    return AttendanceEvent.objects.filter(project_id=project_id, event_id=event_id).first()


def _repeat(known: AttendanceEvent, person_id, occurred_at, direction, method, device) -> PunchResult:
    given = {"occurred_at": occurred_at, "direction": direction, "device": device or None}
    same = {name: value for name, value in given.items() if value is not None}
    same |= {"person_id": person_id, "method": method}
    if any(getattr(known, name) != value for name, value in same.items()):
        raise Conflict("同一编号的打卡内容不同，已保留第一次的记录")
    return PunchResult(known, repeated=True)


def _same_scan(last: AttendanceEvent | None, method: str, at: datetime) -> bool:
    """One movement of the hand before a camera that keeps looking is one punch, not a coming and a going."""
    return last is not None and last.method == method and at - last.occurred_at < ONE_SCAN


def _require_likely(at: datetime, now: datetime) -> None:
    """A clock may be wrong by minutes; a punch of tomorrow, which nobody could remove again, is refused."""
    if at > now + CLOCK_AHEAD:
        raise Invalid("打卡时间晚于现在", next_step="校准设备时钟后再传", field="occurred_at")
    if at < now - KEPT_BY_DEVICES:
        raise Invalid("打卡时间在一年以前", next_step="核对设备时钟；确需补记的请申请更正", field="occurred_at")


def _not_on_site(person_id, project_id, at) -> Refused:
    left = Stay.objects.filter(person=person_id, project=project_id, exited_at__lt=at).exists()
    return Refused("R-32" if left else "R-31")


def _last(person_id, project_id, at) -> AttendanceEvent | None:
    before = AttendanceEvent.objects.filter(person_id=person_id, project_id=project_id)
    return before.filter(occurred_at__lt=at, occurred_at__gte=at - SHIFT).order_by("-occurred_at").first()


def _check_times(person, project, day, came_at, left_at) -> None:
    times = [time for time in (came_at, left_at) if time]
    if not times:
        raise Refused("R-10", label="进场打卡或出场打卡", field="came_at")
    if max(times) > timezone.now():
        raise Invalid("更正的时间晚于现在", next_step="填写已经过去的时间", field="came_at")
    if came_at and left_at and not came_at < left_at <= came_at + SHIFT:
        raise Invalid("出场应晚于进场，且不超过 13 小时", next_step="核对两个时间", field="left_at")
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


def _closing(event: AttendanceEvent, by: Actor) -> AttendanceEvent:
    return AttendanceEvent(
        project_id=event.project_id,
        event_id=uuid5(OURS, f"close:{event.event_id}"),
        occurred_at=event.occurred_at + SHIFT,
        person_id=event.person_id,
        received_at=timezone.now(),
        direction=Direction.OUT,
        method=Method.AUTO_CLOSE,
        by=by.name,
        note="13 小时内没有出场打卡，由系统关闭，不计工时",
    )
