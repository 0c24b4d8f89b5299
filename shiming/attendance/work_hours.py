"""累计工时 of the work history [004] 4-12: hours of the days concluded as 正常."""

from datetime import date
from uuid import UUID

from shiming.attendance.days import DayStatus
from shiming.attendance.queries import days_of_person
from shiming.people.models import Person
from shiming.people.work_history import gives_hours
from shiming.presence.models import Stay


@gives_hours
def worked(person: Person, first: date, last: date) -> dict[tuple[UUID, date], int]:
    """Minutes by project and day."""
    days = days_of_person(person.pk, first, last, Stay.objects.filter(person=person))
    return {(day.project_id, day.day): day.minutes or 0 for day in days if day.status == DayStatus.NORMAL}
