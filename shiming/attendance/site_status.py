"""The state of a worker on a site at the moment of a punch: on site or not, punch known or not, in or out."""

from dataclasses import dataclass

from shiming.attendance.days import SHIFT, LastPunch
from shiming.attendance.models import AttendanceEvent
from shiming.core import prepared_statements
from shiming.projects.models import Participation


@dataclass(frozen=True, slots=True)
class Standing:
    known: bool
    place: Participation | None  # of the stay that covers the moment, None when not on site
    last: LastPunch | None


def standing_before(event: AttendanceEvent) -> Standing:
    """One SELECT as a prepared statement: planning it over all monthly partitions costs many times the run."""
    asked = {"project": event.project_id, "person": event.person_id, "event": event.event_id, "at": event.occurred_at}
    row = prepared_statements.fetch_one(SELECT, asked | {"shift": SHIFT})
    place = {"pk": row["place_id"], "parent_id": row["parent_id"], "project_id": event.project_id}
    return Standing(
        known=row["known"],
        place=Participation(**place) if row["place_id"] else None,
        last=LastPunch(**{name: row[name] for name in LastPunch._fields}) if row["event_id"] else None,
    )


# The one-row VALUES returns a row without any match: n is the place of the covering stay, l the last punch.
SELECT = """
SELECT EXISTS (SELECT FROM attendance_event WHERE project_id = %(project)s AND event_id = %(event)s) AS known,
       n.id AS place_id, n.parent_id, l.event_id, l.occurred_at, l.direction, l.method
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
