"""An exit ends the pre-registration of that site."""

from shiming.core.audit import after
from shiming.core.events import Event
from shiming.health.commands import end_with_stay


@after(Event.STAY_CLOSED, Event.STAY_CLOSED_BY_END)
def stay_ended(stay, *, by, entry) -> None:
    end_with_stay(stay.person_id, stay.project_id, by=by)
