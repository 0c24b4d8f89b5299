"""As-of equals a replay: whoever reads the trail line by line finds the same people at any moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from shiming.assignment import commands as assignment_commands
from shiming.assignment.models import Assignment
from shiming.core.actor import system
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.oversight import queries
from shiming.oversight.moments import moment
from shiming.people.models import Person
from shiming.presence import commands as presence
from shiming.presence.models import Stay

pytestmark = pytest.mark.django_db
PEOPLE = ("张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十")
STEPS, MOMENTS, DAYS = 160, 200, 60


@dataclass
class Span:
    person_id: object
    project_id: object
    company_id: object
    began: datetime
    ended: datetime | None = None

    def begun(self, at: datetime) -> bool:
        return self.began < at

    def open(self, at: datetime) -> bool:
        return self.began < at and (self.ended is None or self.ended >= at)


def replayed() -> list[Span]:
    """Every stay as the trail tells it. A line that tells an earlier moment names it."""
    spans: dict[str, Span] = {}
    for line in AuditEntry.objects.order_by("id"):
        told = datetime.fromisoformat(line.params["moment"]) if "moment" in line.params else line.at
        match line.event:
            case Event.STAY_OPENED:
                spans[line.object_id] = Span(line.person_id, line.project_id, line.company_id, told)
            case Event.STAY_CLOSED | Event.STAY_CLOSED_BY_END:
                spans[line.object_id].ended = told
            case Event.STAY_UNDONE:
                del spans[line.object_id]
    return list(spans.values())


class Clock:
    def __init__(self, now: datetime):
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=3)
        return self.now

    def passes(self, drawn: Random):
        self.now += timedelta(minutes=drawn.randrange(1, DAYS * 24 * 60 * 2 // STEPS))


@pytest.fixture
def clock(monkeypatch):
    started = Clock(timezone.now() - timedelta(days=DAYS))
    monkeypatch.setattr(timezone, "now", started)
    return started


class Site:
    """One site, its project manager and its two firms."""

    def __init__(self, places, pm):
        self.places, self.pm = places, pm


@pytest.fixture
def sites(cast):
    second = cast.project("滨江二期")
    general = cast.participation(second, cast.hongji, "general")
    firm = cast.participation(second, cast.antai, "labour", general)
    first = Site([cast.gc_place, cast.labour_place], cast.gc_pm)
    return [first, Site([general, firm], cast.pm("郑总包", general))]


def live_some_weeks(cast, clock, sites, drawn):
    """Entries, also of earlier days, exits, undone entries, ended allocations and returns, in no order."""
    employments = [cast.employment(cast.person(name), started_at=clock.now) for name in PEOPLE]
    for _ in range(STEPS):
        clock.passes(drawn)
        site, employment = drawn.choice(sites), drawn.choice(employments)
        stay = Stay.objects.filter(person=employment.person, project=site.places[0].project_id, exited_on=None).first()
        if stay is None:
            enter(cast, clock, site, employment, drawn)
        elif drawn.random() < 0.25:
            assignment_commands.end(stay.assignment, reason="聘用结束", by=system())
        else:
            leave(clock, stay, site, drawn)


def enter(cast, clock, site, employment, drawn):
    place = drawn.choice(site.places)
    day = timezone.localdate() - timedelta(days=drawn.choice((0, 0, 0, 2)))
    before = Stay.objects.filter(person=employment.person, project=place.project_id).order_by("-exited_on").first()
    day = max(day, before.exited_on) if before else day
    role = drawn.choice((Assignment.WORKER, Assignment.WORKER, "安全员"))
    assignment = cast.assignment(employment, place, role=role)
    result = presence.enter([assignment], method=Stay.Method.BATCH, by=site.pm, on=day)
    assert result.refused == []
    if drawn.random() < 0.15:
        presence.undo_entry(Stay.objects.get(assignment=assignment), by=site.pm)
        assignment_commands.end(assignment, reason="撤销", by=system())


def leave(clock, stay, site, drawn):
    day = max(timezone.localdate() - timedelta(days=drawn.choice((0, 0, 1))), stay.entered_on)
    result = presence.leave_site([stay], by=site.pm, on=day)
    assert result.refused == []


def asked(drawn, started, now):
    """A random moment of those weeks: the end of a day, or a minute of it."""
    at = timezone.localtime(started + (now - started) * drawn.random())
    return moment(at.date(), None if drawn.random() < 0.3 else at.time().replace(second=0, microsecond=0))


def test_figures_and_people_of_past_equal_replay_of_trail(cast, clock, sites):
    drawn, started = Random(20020), clock.now
    live_some_weeks(cast, clock, sites, drawn)
    actor, spans, ended = cast.regulator(), replayed(), clock.now
    assert len(spans) > 40 and any(span.ended for span in spans)

    for _ in range(MOMENTS):
        when = asked(drawn, started, ended)
        told, found = {}, {}
        for site in sites:
            project = site.places[0].project
            here = [span for span in spans if span.project_id == project.pk and span.begun(when.at)]
            told[project.name] = (
                len({span.person_id for span in here if span.open(when.at)}),
                len({span.person_id for span in here}),
                len({span.company_id for span in here}),
                sorted(firm for place in site.places if (firm := _of_firm(here, place, when))[1]),
            )
        for row in queries.sites(actor, when):
            places = queries.with_people(queries.places(actor, row, when), row, when)
            firms = sorted((place.company.name, *_listed(actor, place, when)) for place in places if place.total)
            assert [(place.on_site, place.total) for place in places] == [
                (place.workers_on + place.managers_on, place.workers + place.managers) for place in places
            ]
            found[row.name] = (row.on_site, row.total, row.employers, firms)
        assert found == told, when


def _of_firm(here, place, when):
    """The firm, its people, and those of them on site."""
    own = [span for span in here if span.company_id == place.company_id]
    there = (span.person_id for span in own if span.open(when.at))
    return place.company.name, _names(span.person_id for span in own), _names(there)


def _listed(actor, place, when):
    everyone = list(queries.people(actor, place, when))
    assert len({row.person_id for row in everyone}) == len(everyone)
    assert (place.on_site, place.total) == (sum(row.state == "on_site" for row in everyone), len(everyone))
    return _names(row.person_id for row in everyone), _names(
        row.person_id for row in everyone if row.state == "on_site"
    )


def _names(people) -> str:
    return " ".join(sorted(Person.objects.filter(pk__in=set(people)).values_list("name", flat=True)))
