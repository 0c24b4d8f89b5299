"""The check of business rows: stays, allocations and employments equal what the trail says of them.

State, dates, and who: a row that was changed, added or deleted behind the product's back is a finding. A line of the
trail is written a moment after the row, at most TOLERANCE later (an import writes the lines of a whole table at once).
Rows taken over from an old system are compared with their import line, as far as it says something.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.evidence.findings import Finding
from shiming.presence.models import Stay

CHUNK = 2_000
TOLERANCE = timedelta(minutes=10)
DAY = "进场日期"  # the label of the desk's correction in STAY_CHANGED
NOT_TOLD = "痕迹中没有这一条的由来"

Of, On = Employment.Status, Assignment.Status
EMPLOYED = {
    Event.EMPLOYMENT_INVITED: Of.INVITED,
    Event.EMPLOYMENT_AWAITING: Of.AWAITING_IDENTITY,
    Event.EMPLOYMENT_CONTINUED: Of.INVITED,
    Event.EMPLOYMENT_WITHDRAWN: Of.WITHDRAWN,
    Event.EMPLOYMENT_CONFIRMED: Of.ACTIVE,
    Event.EMPLOYMENT_DECLINED: Of.DECLINED,
    Event.EMPLOYMENT_EXPIRED: Of.EXPIRED,
    Event.EMPLOYMENT_STARTED: Of.ACTIVE,
    Event.LEAVE_REQUESTED: Of.LEAVE_REQUESTED,
    Event.LEAVE_REFUSED: Of.ACTIVE,
    Event.LEAVE_CANCELLED: Of.ACTIVE,
    Event.DISMISSAL_PROPOSED: Of.DISMISSAL_PENDING,
    Event.DISMISSAL_REFUSED: Of.ACTIVE,
    Event.DISMISSAL_CANCELLED: Of.ACTIVE,
    Event.EMPLOYMENT_ENDED: Of.ENDED,
}
ALLOCATED = {
    Event.ASSIGNMENT_PROPOSED: On.PENDING,
    Event.ASSIGNMENT_DRAFTED: On.DRAFT,
    Event.ASSIGNMENT_SUBMITTED: On.PENDING,
    Event.ASSIGNMENT_RESUBMITTED: On.PENDING,
    Event.ASSIGNMENT_ACCEPTED: On.ACCEPTED,
    Event.ASSIGNMENT_REJECTED: On.REJECTED,
    Event.ASSIGNMENT_REMOVED: On.REMOVED,
    Event.ASSIGNMENT_ENDED: On.ENDED,
    # Only an accepted allocation enters, and the entry desk makes it with the entry.
    Event.STAY_OPENED: On.ACCEPTED,
    Event.STAY_IMPORTED: None,
}
DECIDED = (Event.ASSIGNMENT_ACCEPTED, Event.ASSIGNMENT_REJECTED, Event.STAY_OPENED)
LEFT = (Event.STAY_CLOSED, Event.STAY_CLOSED_BY_END)
STAYED = (Event.STAY_OPENED, Event.STAY_CHANGED, Event.STAY_UNDONE, *LEFT)
BEGUN = {
    Employment: (Event.EMPLOYMENT_INVITED, Event.EMPLOYMENT_AWAITING, Event.EMPLOYMENT_STARTED),
    Assignment: (Event.ASSIGNMENT_PROPOSED, Event.ASSIGNMENT_DRAFTED, Event.STAY_IMPORTED),
    Stay: (Event.STAY_OPENED,),
}


@dataclass(frozen=True)
class Kind:
    """One table: its rows, the lines about a chunk of them by key, and the comparison of one row with its lines."""

    model: type
    rows: QuerySet
    lines: Callable[[list], dict[str, list[AuditEntry]]]
    differences: Callable[..., Iterator[str]]


def verify() -> Iterator[Finding]:
    """Yield a finding for each difference; it names the table and the key of the row."""
    for kind in KINDS:
        label = kind.model._meta.verbose_name
        for rows in _chunks(kind.rows):
            lines = kind.lines(rows)
            for row in rows:
                own = sorted(lines.get(str(row.pk), ()), key=lambda line: line.pk)
                found = [*kind.differences(row, own)]
                yield from (Finding(label, 0, f"{row.pk}：{sentence}") for sentence in found)
        yield from (Finding(label, 0, f"{key}：痕迹中有，数据中没有") for key in _deleted(kind.model))


def _chunks(rows: QuerySet) -> Iterator[list]:
    chunk = list(rows.order_by("pk")[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(rows.order_by("pk").filter(pk__gt=chunk[-1].pk)[:CHUNK])


def _told(rows: list, events) -> dict[str, list[AuditEntry]]:
    lines = defaultdict(list)
    keys = [str(row.pk) for row in rows]
    for line in AuditEntry.objects.filter(object_id__in=keys, event__in=events):
        lines[line.object_id].append(line)
    return lines


def _told_of_employments(rows: list) -> dict:
    """With the import lines of their allocations: a take-over has no line of its own for the employment."""
    lines = _told(rows, EMPLOYED)
    bound = Assignment.objects.filter(employment__in=rows, origin=Assignment.Origin.IMPORTED)
    return _with(lines, dict(bound.values_list("pk", "employment")), [Event.STAY_IMPORTED])


def _told_of_assignments(rows: list) -> dict:
    lines = _told(rows, ALLOCATED)
    return _with(
        lines, dict(Stay.objects.filter(assignment__in=rows).values_list("pk", "assignment")), [Event.STAY_OPENED]
    )


def _told_of_stays(rows: list) -> dict:
    lines = _told(rows, STAYED)
    taken = _told([row.assignment for row in rows if row.method == Stay.Method.IMPORTED], [Event.STAY_IMPORTED])
    for row in rows:
        lines[str(row.pk)] += taken.get(str(row.assignment_id), [])
    return lines


def _with(lines: dict, owners: dict, events: list) -> dict:
    """Add the lines about other rows (key → owner) to those of their owners."""
    owners = {str(key): str(owner) for key, owner in owners.items()}
    for line in AuditEntry.objects.filter(object_id__in=owners, event__in=events):
        lines[owners[line.object_id]].append(line)
    return lines


def _deleted(model) -> list[str]:
    """Keys that the trail names as begun and that have no row; an undone stay has none by right."""
    rows = model.objects.annotate(text=Cast("pk", TextField())).filter(text=OuterRef("object_id"))
    undone = AuditEntry.objects.filter(object_id=OuterRef("object_id"), event=Event.STAY_UNDONE)
    lines = AuditEntry.objects.filter(object_type=model._meta.label_lower, event__in=BEGUN[model])
    lines = lines.filter(~Exists(rows), ~Exists(undone))
    return sorted(set(lines.values_list("object_id", flat=True)))


def _of_employment(row: Employment, lines: list[AuditEntry]) -> Iterator[str]:
    recorded = [line for line in lines if line.event in EMPLOYED]
    if not recorded:
        yield from [] if lines else [NOT_TOLD]
        return
    yield from _state(row, EMPLOYED[recorded[-1].event])
    yield from _whose(recorded[-1], person_id=row.person_id, company_id=row.company_id)
    begins = (Event.EMPLOYMENT_CONFIRMED, Event.EMPLOYMENT_STARTED)
    yield from _moment("在职起", row.started_at, recorded, begins)
    yield from _moment("离职时间", row.ended_at, recorded, [Event.EMPLOYMENT_ENDED])


def _of_assignment(row: Assignment, lines: list[AuditEntry]) -> Iterator[str]:
    if not lines:
        yield NOT_TOLD
        return
    imported = [line for line in lines if line.event == Event.STAY_IMPORTED]
    expected = ALLOCATED[lines[-1].event] or (lines[-1].after or {}).get("状态")
    yield from _state(row, expected)
    yield from _whose(lines[-1], person_id=row.person_id, company_id=row.company, project_id=row.project_id)
    if imported:
        return
    yield from _moment("结束时间", row.ended_at, lines, (Event.ASSIGNMENT_ENDED, Event.ASSIGNMENT_REMOVED))
    decided = [line for line in lines if line.event in DECIDED and line.user_id == row.confirmed_by_id]
    if row.confirmed_at and not any(_near(row.confirmed_at, line.at) for line in decided):
        yield "确认时间或确认人与痕迹不符"


def _of_stay(row: Stay, lines: list[AuditEntry]) -> Iterator[str]:
    last = {line.event: line for line in lines}
    if Event.STAY_UNDONE in last:
        yield "痕迹中已撤销，数据中还在"
    left = next((line for line in reversed(lines) if line.event in LEFT), None)
    if imported := last.get(Event.STAY_IMPORTED):
        yield from _of_imported_stay(row, [line for line in lines if line.event == Event.STAY_IMPORTED], left)
        yield from _whose(imported, company_id=row.company_id)
    elif opened := last.get(Event.STAY_OPENED):
        yield from _whose(opened, person_id=row.person_id, company_id=row.company_id, project_id=row.project_id)
        yield from _entry(row, opened, lines)
        if left is None and row.exited_on:
            yield f"退场日期为 {row.exited_on}，痕迹中没有退场"
    else:
        yield NOT_TOLD
    if left:
        yield from _exit(row, left)


def _of_imported_stay(row: Stay, lines: list[AuditEntry], left) -> Iterator[str]:
    """An import line says the days since it names them; a later one may add the exit."""
    recorded = [(line.after.get(DAY), line.after.get("退场日期")) for line in lines if line.after]
    days = (str(row.entered_on), str(row.exited_on or ""))
    if recorded and days[0] not in [day for day, _ in recorded]:
        yield f"进场日期为 {row.entered_on}，痕迹中没有这一天"
    elif recorded and left is None and days not in recorded:
        yield f"退场日期为 {row.exited_on or '空'}，与痕迹不符"


def _entry(row: Stay, opened: AuditEntry, lines: list[AuditEntry]) -> Iterator[str]:
    corrected = [line.after[DAY] for line in lines if line.event == Event.STAY_CHANGED and DAY in (line.after or {})]
    at = _moment_of(opened)
    expected = corrected[-1] if corrected else str(timezone.localdate(at))
    if str(row.entered_on) != expected:
        yield f"进场日期为 {row.entered_on}，痕迹为 {expected}"
    elif not corrected and not _near(row.entered_at, at):
        yield "进场时间与痕迹不符"
    if row.entered_by_id != opened.user_id:
        yield "办理进场的人与痕迹不符"


def _exit(row: Stay, left: AuditEntry) -> Iterator[str]:
    at = _moment_of(left)
    expected = timezone.localdate(at)
    if row.exited_on != expected:
        yield f"退场日期为 {row.exited_on or '空'}，痕迹为 {expected}"
    elif not _near(row.exited_at, at):
        yield "退场时间与痕迹不符"
    if row.exited_by_id != (left.user_id if left.event == Event.STAY_CLOSED else None):
        yield "办理退场的人与痕迹不符"


def _state(row: Employment | Assignment, expected: str | None) -> Iterator[str]:
    if expected and row.status != expected:
        yield f"状态为“{row.get_status_display()}”，痕迹为“{type(row).Status(expected).label}”"


NAMES = {"person_id": "人员", "company_id": "企业", "project_id": "项目"}


def _whose(line: AuditEntry, **keys) -> Iterator[str]:
    for name, key in keys.items():
        recorded = getattr(line, name)
        if recorded and recorded != key:
            yield f"{NAMES[name]}与痕迹不符"


def _moment(label: str, at: datetime | None, lines: list[AuditEntry], events) -> Iterator[str]:
    recorded = [line for line in lines if line.event in events]
    if recorded and not (at and _near(at, recorded[-1].at)):
        yield f"{label}与痕迹不符"
    elif not recorded and at:
        yield f"{label}为 {at:%Y-%m-%d}，痕迹中没有"


def _moment_of(line: AuditEntry) -> datetime:
    """A line about an earlier moment names it; one that cannot be read counts as the time of the line."""
    try:
        return datetime.fromisoformat(line.params["moment"])
    except (KeyError, ValueError, TypeError):
        return line.at


def _near(at: datetime, recorded: datetime) -> bool:
    return abs(at - recorded) <= TOLERANCE


KINDS = (
    Kind(Employment, Employment.objects.all(), _told_of_employments, _of_employment),
    Kind(
        Assignment,
        Assignment.objects.annotate(company=F("participation__company_id")),
        _told_of_assignments,
        _of_assignment,
    ),
    Kind(Stay, Stay.objects.select_related("assignment"), _told_of_stays, _of_stay),
)
