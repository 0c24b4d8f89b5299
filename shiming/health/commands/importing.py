"""Rows of Excel: one pre-registration at a time, and readings of many people in few statements."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from shiming.core import bulk
from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.errors import Conflict, NotAllowed, Refused
from shiming.core.events import Event
from shiming.core.privacy import blind_index
from shiming.health import queries, rules
from shiming.health.commands.common import require_overlay
from shiming.health.commands.looking_up import look_up
from shiming.health.commands.registering import pre_register
from shiming.health.models import DailyHealth

USUAL = time(8)


def pre_register_row(values: dict, *, by: Actor) -> str:
    """Ask 健康云 and register; a doubtful declaration (W-01, W-04) is refused and left to the page."""
    declared = look_up(values["number"], values["name"], by=by)
    place, filing = _employer(values, by)
    given = {name: values[name] or "" for name in ("number", "name", "origin", "phone")}
    pre_register(place, filing, **given, declared=declared, by=by)
    return "created"


@transaction.atomic
def note_many(rows: list, *, by: Actor) -> list:
    """Readings of many people: "created", "same" for a reading there is already, or a DomainError."""
    require_overlay(by.project_id)
    digests = {blind_index("id_number", row.values["number"]) for row in rows}
    subjects = queries.subjects(by, digests)
    known = queries.times_of(by.project_id, [found.person.pk for found in subjects.values()])
    outcomes, written = [], []
    for row in rows:
        found = subjects.get(blind_index("id_number", row.values["number"]))
        at = moment_of(row.values)
        if found is None or not found.open or at is None:
            outcomes.append(Conflict("该人员没有预登记，也不在场"))
        elif timezone.localdate(at) < found.since:
            outcomes.append(Conflict(f"日期早于预登记或进场（{found.since}）"))
        elif not rules.may_note_health(by, found.place):
            outcomes.append(NotAllowed(contact="监理，或本链条的项目经理"))
        elif (found.person.pk, at) in known:
            outcomes.append("same")
        else:
            known.add((found.person.pk, at))
            written.append((_reading(found, at, row.values, by), found))
            outcomes.append("created")
    bulk.insert([reading for reading, _ in written])
    lines = [
        (reading, {"company_id": found.place.company_id, "person": found.person.name}) for reading, found in written
    ]
    record_many(Event.DAILY_HEALTH_NOTED, lines, by=by)
    return outcomes


def moment_of(values: dict) -> datetime | None:
    """Day and time of a row; 08:00 where no time is given, or now on the same day before eight. None in the future."""
    if not values["on"]:
        return None
    now = timezone.localtime()
    clock = time.fromisoformat(values["clock"]) if values["clock"] else USUAL
    at = timezone.make_aware(datetime.combine(values["on"], clock))
    if at > now and not values["clock"] and values["on"] == now.date():
        at = now.replace(second=0, microsecond=0)
    return at if at <= now else None


def _reading(found, at, values: dict, by: Actor) -> DailyHealth:
    row = bulk.new(DailyHealth, person_id=found.person.pk, project_id=found.project_id, at=at)
    row.recorded_by_id = by.user_id
    row.values = {"symptoms": values["symptoms"], "temperature": values["temperature"], "warned": False}
    return row


def _employer(values: dict, by: Actor):
    """The place of the firm by name, and its contract: the only one, or the one of the number."""
    for place, filings in queries.employers(by):
        if place.company.name == values["employer"]:
            wanted = [filing for filing in filings if len(filings) == 1 or filing.number == values["contract"]]
            if wanted:
                return place, wanted[0]
    raise Refused("R-36", field="employer")
