"""How somebody stands with a site at the moment of a punch: on site or not, told already or not, in or out."""

from dataclasses import dataclass

from shiming.attendance.days import SHIFT, LastPunch
from shiming.attendance.models import AttendanceEvent
from shiming.core import prepared_statements
from shiming.projects.models import Participation


@dataclass(frozen=True, slots=True)
class Standing:
    known: bool
    place: Participation | None  # of the stay that covers the moment; nobody's when he is not on site
    last: LastPunch | None


def standing_before(event: AttendanceEvent) -> Standing:
    """One SELECT, prepared on the server: planning it over all the months costs many times what running it does."""
    asked = {"project": event.project_id, "person": event.person_id, "event": event.event_id, "at": event.occurred_at}
    known, place, parent, *last = prepared_statements.fetch_one(SELECT, asked | {"shift": SHIFT})
    return Standing(
        known=known,
        place=Participation(pk=place, parent_id=parent, project_id=event.project_id) if place else None,
        last=LastPunch(*last) if last[0] else None,
    )


SELECT = """
SELECT EXISTS (SELECT FROM attendance_event WHERE project_id = %(project)s AND event_id = %(event)s),
       n.id, n.parent_id, l.event_id, l.occurred_at, l.direction, l.method
  FROM (VALUES (0)) one
  LEFT JOIN LATERAL (
       SELECT p.id, p.parent_id
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
"""
