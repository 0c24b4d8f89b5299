"""The state of a worker on a site at the moment of a punch: on site or not, punch known or not, in or out, blocked."""

from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from shiming.admission import facts as admission
from shiming.attendance.days import SHIFT, LastPunch
from shiming.attendance.models import AttendanceEvent
from shiming.core import prepared_statements
from shiming.core.refusals import Refusal, refusal
from shiming.projects.models import Participation


@dataclass(frozen=True, slots=True)
class Standing:
    known: bool
    place: Participation | None  # of the stay that covers the moment, None when not on site
    last: LastPunch | None
    blocks: tuple[Refusal, ...] = ()  # reasons of admission checks that are asked on site too; the punch is kept


def standing_before(event: AttendanceEvent) -> Standing:
    """One SELECT as a prepared statement: planning it over all monthly partitions costs many times the run."""
    asked = {"project": event.project_id, "person": event.person_id, "event": event.event_id, "at": event.occurred_at}
    asked |= {"shift": SHIFT, "on": timezone.localdate(event.occurred_at)}
    row = prepared_statements.fetch_one(_statement(), asked)
    place = {"pk": row["place_id"], "parent_id": row["parent_id"], "project_id": event.project_id}
    return Standing(
        known=row["known"],
        place=Participation(**place) if row["place_id"] else None,
        last=LastPunch(**{name: row[name] for name in LastPunch._fields}) if row["event_id"] else None,
        blocks=_blocks(row, asked["on"]),
    )


def _blocks(row: dict, on) -> tuple[Refusal, ...]:
    if not row["checks"]:
        return ()
    found = admission.reasons(admission.answers(row["checks"]), on, row["birth_date"], on_site=True)
    return tuple(refusal(reason.code, **reason.blanks) for reason in found)


@cache
def _statement() -> str:
    """Built at the first punch, when every module has registered its checks."""
    return SELECT.replace("{checks}", admission.column(on_site=True))


# The one-row VALUES returns a row without any match: n is the place of the covering stay, l the last punch.
SELECT = """
SELECT EXISTS (SELECT FROM attendance_event WHERE project_id = %(project)s AND event_id = %(event)s) AS known,
       n.id AS place_id, n.parent_id, l.event_id, l.occurred_at, l.direction, l.method, c.checks, c.birth_date
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
       SELECT event_id, occurred_at, direction, method
         FROM attendance_event
        WHERE person_id = %(person)s AND project_id = %(project)s
          AND occurred_at < %(at)s AND occurred_at >= %(at)s - %(shift)s
        ORDER BY occurred_at DESC LIMIT 1) l ON TRUE
  LEFT JOIN LATERAL (
       SELECT {checks} AS checks, p.birth_date
         FROM people_person p
         JOIN projects_project r ON r.id = %(project)s
         LEFT JOIN assignment_assignment a ON a.id = n.assignment_id
        WHERE p.id = %(person)s) c ON TRUE
"""
