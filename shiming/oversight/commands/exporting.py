"""The authority changes no data of a site; an export leaves an entry in the trail."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.oversight import rules
from shiming.projects.models import Station


@transaction.atomic
def note_export(kind: str, count: int, *, by: Actor, project_id=None) -> None:
    """Record an export in the trail: user, kind and number of rows."""
    require(rules.may_oversee, by)
    station = Station.objects.get(pk=by.station_id)
    record(Event.DATA_EXPORTED, station, by=by, project_id=project_id, kind=kind, count=count)
