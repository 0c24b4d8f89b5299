"""Cases met on sites: each JSON says what happened to one person, and the right answer under `expect`."""

import json
from datetime import date, datetime
from pathlib import Path
from unittest import mock
from uuid import uuid4

from django.utils import timezone

from shiming.attendance import commands as attendance
from shiming.desk import commands as desk
from shiming.desk.commands import Work
from shiming.presence import commands as presence
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy

HERE = Path(__file__).parent
AFTER = datetime(2026, 11, 30, 12)


def load(number: str) -> dict:
    return json.loads(path(number).read_text(encoding="utf-8"))


def path(number: str) -> Path:
    (found,) = HERE.glob(f"{number}-*")
    return found


def stopped_clock(at: datetime = AFTER):
    """The clock of the server stands still: the cases happen in November 2026. Sessions live by the real clock."""
    return mock.patch.object(timezone, "now", lambda: timezone.make_aware(at))


def play(cast, number: str) -> Stay:
    """Enter, exit and punch the person of a case on 滨江一期 under [003]; return the last stay."""
    with stopped_clock():
        return _play(cast, load(number))


def _play(cast, case: dict) -> Stay:
    place, by = cast.labour_place, cast.gc_pm
    ProjectPolicy.objects.filter(project=place.project).update(base="site_direct")
    person, stay = cast.person(case["name"]), None
    for step in case["steps"]:
        match step:
            case {"enter": day, **rest}:
                if rest.get("must_be_refused"):
                    continue
                work = Work(trade="钢筋工", education="高中", on=date.fromisoformat(day))
                stay = desk.register(place, work, by=by, number=person.id_number.plain).stay
            case {"leave": day}:
                assert presence.leave_site([stay], by=by, on=date.fromisoformat(day), rating="good").done
            case {"punch": punch}:
                punched(person, place.project, by=by, **punch)
    return stay


def punched(person, project, *, at: str, direction: str | None, by):
    when = timezone.make_aware(datetime.fromisoformat(at))
    attendance.punch(
        person.pk,
        project.pk,
        event_id=uuid4(),
        method="card",
        by=by,
        direction=direction,
        occurred_at=when,
        offline=True,
    )
