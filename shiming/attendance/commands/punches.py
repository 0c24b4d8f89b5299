"""Punches: add them, and close forgotten shifts. A stored punch is never changed or removed."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.attendance import rules
from shiming.attendance.models import AttendanceEvent, ShiftRule
from shiming.attendance.shifts import DEFAULT, Rule
from shiming.attendance.site_status import RecentPunch, Standing, standing_before
from shiming.core import prepared_statements
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.errors import Conflict, DomainError, Invalid, Refused
from shiming.core.limits import one_at_a_time
from shiming.core.refusals import Refusal
from shiming.presence import codes, verdicts
from shiming.presence.commands import require_recent, whose
from shiming.presence.eligibility import facts_for
from shiming.presence.models import Stay
from shiming.presence.verdicts import Verdict

Direction, Method = AttendanceEvent.Direction, AttendanceEvent.Method
HOUR = timedelta(hours=1)
CLOCK_GAP = timedelta(minutes=5)
CLOCK_AHEAD = timedelta(minutes=10)
KEPT_BY_DEVICES = timedelta(days=366)
NOT_PUNCHED = (Method.AUTO_CLOSE, Method.CORRECTION)
# Event ids made here are derived from person, project and day, so that a repeated job adds nothing.
OURS = UUID("6f0c1c52-6e0a-5b0e-9f55-5e1f2b1f7a10")


@dataclass(frozen=True)
class PunchResult:
    """The punch as stored; `repeated` when it was stored by an earlier request, which changes nothing.

    `direction` is concluded and not stored; empty for a repeat. `again` marks a live scan within the repeat window
    of an earlier punch, which `event` is (M-04).
    """

    event: AttendanceEvent
    repeated: bool
    direction: str = ""
    again: bool = False
    blocks: tuple[Refusal, ...] = ()  # the punch is kept and answered red: the person may not be here


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
    live: bool = False,
) -> PunchResult:
    """Record a punch of a person on site; R-31 before the entry, R-32 after the exit.

    A missing direction stays unknown: the day concludes it. A repeated event gets the first answer; the same id with
    other content is a Conflict. Within the repeat window of the project a `live` scan adds no punch.
    """
    now = timezone.now()
    event = AttendanceEvent(
        project_id=project_id,
        event_id=event_id,
        occurred_at=occurred_at or now,
        person_id=person_id,
        received_at=now,
        direction=direction,
        method=method,
        by=by.name,
        by_user_id=by.user_id,
        device=device,
        offline=offline,
        clock_gap=not offline and abs(now - (occurred_at or now)) > CLOCK_GAP,
        photo_id=photo_id,
        place=place,
    )
    _require_scanner(event, by)
    _require_likely(event)
    if live:
        _one_at_a_time(event)
    standing = standing_before(event)
    if standing.known:
        return _repeat(event, standing, compare_time=occurred_at is not None)
    _require_in_charge(event, standing, by)
    if live and (first := _scanned_before(event, standing)):
        kept = _kept(project_id, first.event_id)
        return PunchResult(kept, repeated=True, again=True, blocks=standing.blocks)
    event.direction = direction or Direction.UNKNOWN
    return replace(_keep(event), direction=standing.concluded(event), blocks=standing.blocks)


def punch_by_worker_code(
    code: str,
    *,
    event_id: UUID,
    by: Actor,
    at: datetime | None = None,
    portrait_confirmed: bool = False,
    direction: str | None = None,
) -> Verdict:
    """Punch a worker by the personal code scanned by the PM or an operator; `at` is the time of an offline scan.

    Returns a refusal instead of raising it, as the gate does; R-31 with a contact for a person who has not entered.
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
            direction=direction,
            occurred_at=at,
            offline=at is not None,
            live=at is None,
        )
    except DomainError as error:
        return Verdict("stop", _("没有打上卡"), facts, tuple(error.refusals))
    given = {"at": result.event.occurred_at, "repeated": result.repeated}
    if result.blocks:
        return Verdict("stop", _("已记录，但不能在场"), facts, result.blocks, **given)
    return Verdict("warn" if result.again else "ok", title_of(result), facts, **given)


def title_of(result: PunchResult) -> str:
    """The punch in words; M-04 with the time of the first for a scan within the repeat window."""
    if result.again:
        return _("已打过卡 %(time)s") % {"time": f"{timezone.localtime(result.event.occurred_at):%H:%M}"}
    return _("出场打卡") if result.direction == Direction.OUT else _("进场打卡")


@transaction.atomic
def auto_close(*, until: datetime, by: Actor) -> int:
    """Close every IN of the last days whose shift has run out without an OUT; returns the number. Safe to repeat."""
    closings = []
    for window, here in _windows(timezone.localdate(until)):
        ins = AttendanceEvent.objects.filter(
            here,
            direction=Direction.IN,
            occurred_at__gt=until - timedelta(days=7),
            occurred_at__lte=until - window,
        )
        later = AttendanceEvent.objects.filter(
            person_id=OuterRef("person_id"),
            project_id=OuterRef("project_id"),
            occurred_at__gt=OuterRef("occurred_at"),
            occurred_at__lte=OuterRef("occurred_at") + window,
        )
        closings += [_closing(event, window, by) for event in ins.filter(~Exists(later))]
    AttendanceEvent.objects.bulk_create(closings, ignore_conflicts=True, batch_size=2000)
    return len(closings)


def _windows(today: date) -> list[tuple[timedelta, Q]]:
    """Each pairing window in force with a condition on its projects."""
    rows = ShiftRule.objects.filter(from_date__lte=today).order_by("project", "-from_date").distinct("project")
    by_window = defaultdict(list)
    for row in rows:
        by_window[Rule.of(row).window].append(row.project_id)
    by_window.pop(DEFAULT.window, None)
    others = [project for here in by_window.values() for project in here]
    windows = [(window, Q(project_id__in=here)) for window, here in by_window.items()]
    return [(DEFAULT.window, ~Q(project_id__in=others)), *windows]


def _require_scanner(event: AttendanceEvent, by: Actor) -> None:
    if event.method == Method.SITE_CODE:
        require(rules.may_punch_himself, by, event.person_id)
    else:
        require(rules.may_punch, by, event.project_id)


def _require_likely(event: AttendanceEvent) -> None:
    """A clock may differ by minutes; a punch further in the future is refused, because punches are never removed."""
    if event.occurred_at > event.received_at + CLOCK_AHEAD:
        raise Invalid("打卡时间晚于现在", next_step="校准设备时钟后再传", field="occurred_at")
    if event.occurred_at < event.received_at - KEPT_BY_DEVICES:
        raise Invalid("打卡时间在一年以前", next_step="核对设备时钟；确需补记的请申请更正", field="occurred_at")


def _require_in_charge(event: AttendanceEvent, standing: Standing, by: Actor) -> None:
    """Require that the worker is on site then, and the scanner belongs to the worker's firm or one above it.

    A punch by the site code needs no scanner: the worker makes it.
    """
    if standing.place is None:
        stays = Stay.objects.filter(person=event.person_id, project=event.project_id)
        raise Refused("R-32" if stays.filter(exited_at__lt=event.occurred_at).exists() else "R-31")
    if event.method != Method.SITE_CODE:
        require(rules.in_charge, by, standing.place)


def _one_at_a_time(event: AttendanceEvent) -> None:
    """Two phones that scan one person at the same moment: the second waits and sees the first punch."""
    one_at_a_time(f"punch:{event.project_id}:{event.person_id}")


def _scanned_before(event: AttendanceEvent, standing: Standing) -> RecentPunch | None:
    """The punch that this live scan repeats: of the same direction, or any when the scan has none."""
    for last in reversed(standing.recent):
        if event.occurred_at - last.occurred_at >= standing.rule.repeat:
            return None
        same = event.direction is None or last.direction == event.direction
        if same and last.method not in NOT_PUNCHED:
            return last
    return None


def _repeat(event: AttendanceEvent, standing: Standing, *, compare_time: bool) -> PunchResult:
    """The first answer. Time, direction and device are compared only when the repeat gives them (Conflict)."""
    first = _kept(event.project_id, event.event_id)
    compared = ["person_id", "method", *(name for name in ("direction", "device") if getattr(event, name))]
    if compare_time:
        compared.append("occurred_at")
    if any(getattr(first, name) != getattr(event, name) for name in compared):
        raise Conflict("同一编号的打卡内容不同，已保留第一次的记录")
    before = tuple(punch for punch in standing.recent if punch.occurred_at < first.occurred_at)
    return PunchResult(first, repeated=True, direction=replace(standing, recent=before).concluded(first))


def _kept(project_id, event_id) -> AttendanceEvent:
    return AttendanceEvent.objects.filter(project_id=project_id, event_id=event_id).first()


def _keep(event: AttendanceEvent) -> PunchResult:
    """A prepared statement, as every punch runs it. Of two parallel requests with one event_id the first is kept."""
    if prepared_statements.fetch_one(INSERT, vars(event)) is None:
        return PunchResult(_kept(event.project_id, event.event_id), repeated=True)
    return PunchResult(event, repeated=False)


def _closing(event: AttendanceEvent, window: timedelta, by: Actor) -> AttendanceEvent:
    return AttendanceEvent(
        project_id=event.project_id,
        event_id=uuid5(OURS, f"close:{event.event_id}"),
        occurred_at=event.occurred_at + window,
        person_id=event.person_id,
        received_at=timezone.now(),
        direction=Direction.OUT,
        method=Method.AUTO_CLOSE,
        by=by.name,
        note=f"{window // HOUR} 小时内没有出场打卡，由系统关闭，不计工时",
    )


INSERT = """
INSERT INTO attendance_event (project_id, event_id, occurred_at, person_id, received_at, direction, method, by,
       by_user_id, device, offline, clock_gap, photo_id, place, note)
VALUES (%(project_id)s, %(event_id)s, %(occurred_at)s, %(person_id)s, %(received_at)s, %(direction)s, %(method)s,
       %(by)s, %(by_user_id)s, %(device)s, %(offline)s, %(clock_gap)s, %(photo_id)s, %(place)s, %(note)s)
ON CONFLICT DO NOTHING RETURNING seq
"""
