"""Daily health (2-13) and dispositions (2-15)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid, RefusedAll, missing
from shiming.core.events import Event
from shiming.core.refusals import refusal
from shiming.dictionaries import queries as dictionaries
from shiming.health import readings, rules
from shiming.health.commands.common import Unsure, require_overlay
from shiming.health.commands.files import check_content, keep_condition_form
from shiming.health.models import DailyHealth, Disposition, Status
from shiming.health.queries import Subject


@transaction.atomic
def note_daily(
    subject: Subject, *, at: datetime | None, symptoms: list[str], temperature: str, by: Actor, sure: bool = False
) -> DailyHealth:
    """One reading; several a day are allowed. Raises R-39, and Unsure with W-01 unless `sure`."""
    _require_open(subject, by)
    if at is None:
        raise missing("日期", "at")
    if at > timezone.now():
        raise Invalid("日期晚于现在", next_step="填写已经测量的时间", field="at")
    if timezone.localdate(at) < subject.since:
        wrong = f"日期早于预登记或进场（{subject.since}）"
        raise Invalid(wrong, next_step=f"填写 {subject.since} 以后测量的时间", field="at")
    ticked, degrees = readings.symptoms(symptoms), readings.temperature(temperature)
    warned = readings.contradict(ticked, degrees)
    if warned and not sure:
        raise Unsure([refusal("W-01")])

    row = DailyHealth(person=subject.person, project_id=subject.project_id, at=at, recorded_by_id=by.user_id)
    row.values = {"symptoms": ticked, "temperature": str(degrees), "warned": warned}
    row.save()
    _record(Event.DAILY_HEALTH_NOTED, row, subject, by)
    return row


def set_disposition(
    subject: Subject,
    *,
    way: str,
    by: Actor,
    since: date | None = None,
    until: date | None = None,
    how: str = "",
    file: tuple[str, bytes] | None = None,
) -> Disposition:
    """Choose a way of handling, which sets the status; R-38 for isolation and disease without time and way.

    `file` is name and content of the health condition form.
    """
    checked = check_content(file[1]) if file else None
    with transaction.atomic():
        row = _decide(subject, way, since, until, how, by)
        if checked:
            keep_condition_form(row, subject.place, file[0], checked, by)
    return row


def _decide(subject: Subject, way: str, since: date | None, until: date | None, how: str, by: Actor) -> Disposition:
    _require_open(subject, by)
    if way not in dict(dictionaries.choices("disposition")):
        raise missing("处置方式", "way")
    status = dictionaries.details("disposition", way)["status"]
    if status == Status.CLEAR:
        since, until, how = None, None, ""
    elif since is None or not how.strip():
        raise RefusedAll([refusal("R-38")], "since" if since is None else "how")
    if since and until and until < since:
        raise Invalid("隔离/就医的止日早于起日", field="until")

    row = Disposition(person=subject.person, project_id=subject.project_id, status=status, decided_by_id=by.user_id)
    row.values = {"way": way, "since": _day(since), "until": _day(until), "how": how.strip()}
    row.full_clean(exclude=["sealed"])
    row.save()
    _record(Event.DISPOSITION_SET, row, subject, by)
    return row


def _require_open(subject: Subject, by: Actor) -> None:
    require(rules.may_note_health, by, subject.place)
    require_overlay(subject.project_id)
    if not subject.open:
        raise Conflict("该人员已退场，记录只能查看")


def _record(event: Event, row, subject: Subject, by: Actor) -> None:
    """The trail says that something was noted, not what: it cannot be deleted when the purpose ends."""
    record(event, row, by=by, company_id=subject.place.company_id, person=subject.person.name)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
