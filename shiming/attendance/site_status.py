"""The state of a worker on a site at the moment of a punch: on site or not, punch known or not, in or out, blocked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from shiming.admission import facts as admission
from shiming.attendance.models import AttendanceEvent, ShiftRule
from shiming.attendance.shifts import DEFAULT, Rule, RuleBook, shifts_of
from shiming.core import prepared_statements
from shiming.core.refusals import Refusal, refusal
from shiming.projects.models import Participation

RECENT = timedelta(days=2)  # the shift that runs, and enough before it to see where it began
RULE = ("kind", "window_hours", "longest_hours", "break_minutes", "break_after_hours", "repeat_minutes")


class RecentPunch(NamedTuple):
    """A punch of the last two days, as far as it decides the direction of the next."""

    project_id: UUID
    event_id: UUID
    occurred_at: datetime
    direction: str
    method: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    known: bool
    place: Participation | None  # of the stay that covers the moment, None when not on site
    recent: tuple[RecentPunch, ...]
    rule: Rule
    blocks: tuple[Refusal, ...] = ()  # reasons of admission checks that are asked on site too; the punch is kept

    def concluded(self, event: AttendanceEvent) -> str:
        """The direction of this punch after the recent ones; empty for a repeat of the last one."""
        shifts = shifts_of(
            [*self.recent, event], RuleBook(always=self.rule), timezone.get_current_timezone(), event.occurred_at
        )
        return shifts[-1].ways[-1]


def standing_before(event: AttendanceEvent) -> Standing:
    """One SELECT as a prepared statement: planning it over all monthly partitions costs many times the run."""
    asked = {"project": event.project_id, "person": event.person_id, "event": event.event_id, "at": event.occurred_at}
    asked |= {"recent": RECENT, "on": timezone.localdate(event.occurred_at)}
    row = prepared_statements.fetch_one(_statement(), asked)
    place = {"pk": row["place_id"], "parent_id": row["parent_id"], "project_id": event.project_id}
    return Standing(
        known=row["known"],
        place=Participation(**place) if row["place_id"] else None,
        recent=_recent(event.project_id, row),
        rule=Rule.of(ShiftRule(**{name: row[name] for name in RULE})) if row["kind"] else DEFAULT,
        blocks=_blocks(row, asked["on"]),
    )


def _recent(project_id: UUID, row: dict) -> tuple[RecentPunch, ...]:
    columns = (row[name] or () for name in ("ids", "times", "directions", "methods", "receipts"))
    return tuple(RecentPunch(project_id, *punch) for punch in zip(*columns, strict=True))


def _blocks(row: dict, on) -> tuple[Refusal, ...]:
    if not row["checks"]:
        return ()
    found = admission.reasons(admission.answers(row["checks"]), on, row["birth_date"], on_site=True)
    return tuple(refusal(reason.code, **reason.blanks) for reason in found)


@cache
def _statement() -> str:
    """Built at the first punch, when every module has registered its checks."""
    return SELECT.replace("{checks}", admission.column(on_site=True))


# The one-row VALUES returns a row without any match: n is the place of the covering stay, l the recent punches, q the
# shift rule in force.
SELECT = """
SELECT EXISTS (SELECT FROM attendance_event WHERE project_id = %(project)s AND event_id = %(event)s) AS known,
       n.id AS place_id, n.parent_id, l.ids, l.times, l.directions, l.methods, l.receipts,
       q.kind, q.window_hours, q.longest_hours, q.break_minutes, q.break_after_hours, q.repeat_minutes,
       c.checks, c.birth_date
  FROM (VALUES (0)) one
  LEFT JOIN LATERAL (
       SELECT p.id, p.parent_id, s.assignment_id
         FROM presence_stay s
         JOIN assignment_assignment a ON a.id = s.assignment_id
         JOIN projects_participation p ON p.id = a.participation_id
        WHERE s.person_id = %(person)s AND s.project_id = %(project)s AND s.entered_at <= %(at)s
          AND (s.exited_at IS NULL OR s.exited_at >= %(at)s)
        ORDER BY s.id LIMIT 1) n ON TRUE
  LEFT JOIN LATERAL (
       SELECT array_agg(event_id ORDER BY occurred_at) AS ids, array_agg(occurred_at ORDER BY occurred_at) AS times,
              array_agg(direction::text ORDER BY occurred_at) AS directions,
              array_agg(method::text ORDER BY occurred_at) AS methods,
              array_agg(received_at ORDER BY occurred_at) AS receipts
         FROM attendance_event
        WHERE person_id = %(person)s AND project_id = %(project)s
          AND occurred_at < %(at)s AND occurred_at >= %(at)s - %(recent)s) l ON TRUE
  LEFT JOIN LATERAL (
       SELECT kind, window_hours, longest_hours, break_minutes, break_after_hours, repeat_minutes
         FROM attendance_shiftrule
        WHERE project_id = %(project)s AND from_date <= %(on)s
        ORDER BY from_date DESC LIMIT 1) q ON TRUE
  LEFT JOIN LATERAL (
       SELECT {checks} AS checks, p.birth_date
         FROM people_person p
         JOIN projects_project r ON r.id = %(project)s
         LEFT JOIN assignment_assignment a ON a.id = n.assignment_id
        WHERE p.id = %(person)s) c ON TRUE
"""
