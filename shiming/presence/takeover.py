"""Takeover of stays from an earlier system with people, employments and allocations; states and ratings are kept.

One line is one stay. Its id is derived from person, project and day of entry, so the database refuses a second import
of the same stay.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.errors import DomainError, Refused
from shiming.core.events import Event
from shiming.dictionaries.rules import may_administer
from shiming.employment.models import Employment
from shiming.imports.sheet import Row
from shiming.people import commands as people
from shiming.people.commands.checks import require_same_name
from shiming.people.models import Person
from shiming.presence.eligibility import EARLIER
from shiming.presence.models import Stay
from shiming.presence.past_days import number_of, overlapping
from shiming.projects.models import Participation, Team
from shiming.projects.policies import EmploymentMode
from shiming.projects.queries import policy_of

REASON = "旧系统已离职"
ON_SITE, OFF_SITE, NOT_ENTERED = "on_site", "off_site", "not_entered"
OVERLAP = Refused("R-45", problem=EARLIER, field="entered_on")
Status = Employment.Status


@dataclass
class _Past:
    """The rows found for one chunk of the table, and the rows to create."""

    by: Actor
    people: dict[str, Person]
    places: dict[tuple[str, str], Participation]
    working: dict = field(default_factory=dict)  # person → active employment, at any company
    employed: dict = field(default_factory=lambda: defaultdict(list))  # (person, company) → employments
    standing: dict = field(default_factory=dict)  # (person, project) → open allocation
    stays: dict = field(default_factory=dict)  # id → stay
    stays_of: dict = field(default_factory=lambda: defaultdict(list))  # person → stays
    teams: dict = field(default_factory=dict)  # (company, name) → team
    made: dict = field(default_factory=lambda: defaultdict(list))
    entries: list = field(default_factory=list)

    def add(self, row):
        self.made[type(row)].append(row)
        return row


@transaction.atomic
def take_over_past(rows: list[Row], *, by: Actor) -> list[str | DomainError]:
    """One result per row: "created", "changed", "same", or the refusal."""
    require(may_administer, by)
    given = {row.values["number"]: _begins(row.values) for row in rows}
    known, fresh = people.register_many(given, by=by)
    past = _Past(by, known | fresh, places_named(rows))
    _look_up(past)
    taken = {id(row) for row, _ in overlapping(rows, past.places)}
    outcomes = [OVERLAP if id(row) in taken else _outcome(row.values, past) for row in rows]
    for model in (Team, Employment, Assignment, Stay):
        bulk.insert(past.made[model])
    record_many(Event.STAY_IMPORTED, past.entries, by=by)
    return outcomes


def places_named(rows: list[Row]) -> dict[tuple[str, str], Participation]:
    """(项目, 企业), each by its code or its name → the place; a name that two places share is left out."""
    projects, companies = ({row.values[name] for row in rows} for name in ("project", "company"))
    found, twice = {}, set()
    places = Participation.objects.select_related("project", "company").prefetch_related("project__policies")
    for place in places.filter(
        _called("project", "filing_code", projects) & _called("company", "credit_code", companies)
    ):
        for project in (place.project.filing_code, place.project.name):
            for company in (place.company.credit_code, place.company.name):
                known = found.setdefault((project, company), place)
                if (known.project_id, known.company_id) != (place.project_id, place.company_id):
                    twice.add((project, company))
                elif known.left_on and not place.left_on:
                    found[project, company] = place
    return {key: place for key, place in found.items() if key not in twice}


def concluded(values: dict) -> str:
    """The state of the row: the one given, or derived from its dates."""
    if values["state"]:
        return values["state"]
    if values["exited_on"]:
        return OFF_SITE
    return ON_SITE if values["entered_on"] else NOT_ENTERED


def _called(path: str, code: str, words: set):
    return Q(**{f"{path}__{code}__in": words}) | Q(**{f"{path}__name__in": words})


def _begins(values: dict) -> dict:
    """The fields of a new person as the old system had them; a person verified there is verified here."""
    verified = values["verified"] == Person.Status.VERIFIED
    status = Person.Status.VERIFIED if verified else Person.Status.UNVERIFIED
    return {
        "name": values["name"],
        "phone": values["phone"],
        "education": values["education"],
        "identity_status": status,
        "identity_source": Person.Source.IMPORTED,
        "verified_at": timezone.now() if verified else None,
        "submitted_on": None,
    }


def _look_up(past: _Past) -> None:
    keys = [person.pk for person in past.people.values()]
    # Locked in the order of the commands: employment, allocation, stay.
    for row in Employment.objects.select_for_update(of=("self",)).filter(person__in=keys).order_by("started_at", "pk"):
        past.employed[row.person_id, row.company_id].append(row)
        if row.employed and row.mode != EmploymentMode.IMPLICIT:
            past.working[row.person_id] = row
    for row in Assignment.objects.select_for_update(of=("self",)).filter(person__in=keys, status__in=Assignment.OPEN):
        past.standing[row.person_id, row.project_id] = row
    for row in Stay.objects.select_for_update(of=("self",)).filter(person__in=keys).select_related("assignment"):
        past.stays[row.event_id or row.pk] = row
        past.stays_of[row.person_id].append(row)
    companies = {place.company_id for place in past.places.values()}
    for team in Team.objects.filter(company__in=companies, closed_on=None):
        past.teams[team.company_id, team.name] = team


def _outcome(values: dict, past: _Past) -> str | DomainError:
    person, place = past.people[values["number"]], past.places.get((values["project"], values["company"]))
    try:
        if place is None:
            raise Refused("R-29", field="project")
        require_same_name(person, values["name"])
        return _take_over(values, person, place, past)
    except DomainError as refused:
        return refused


def _take_over(values: dict, person: Person, place: Participation, past: _Past) -> str:
    known = past.stays.get(number_of(person, place, values["entered_on"])) if values["entered_on"] else None
    if known:
        return _change(known, values, person, place, past)
    open_still = concluded(values) != OFF_SITE
    standing = past.standing.get((person.pk, place.project_id)) if open_still else None
    if standing:
        return _stand(standing, values, place, past)
    employment = _employment(values, person, place, open_still, past)
    assignment = past.add(_assignment(values, employment, place, open_still, past))
    if open_still:
        past.standing[person.pk, place.project_id] = assignment
    if values["entered_on"]:
        _enter(values, assignment, past)
    _note(assignment, values, past)
    return "created"


def _note(assignment: Assignment, values: dict, past: _Past) -> None:
    """The line of the trail: it says the days and the state, so that verify-trail can compare the rows with it."""
    place = assignment.participation
    told = {"进场日期": values["entered_on"], "退场日期": values["exited_on"], "状态": assignment.status}
    named = {"person": assignment.person.name, "project": place.project.name, "company_id": place.company_id}
    past.entries.append((assignment, named | {"after": {name: str(value or "") for name, value in told.items()}}))


def _stand(standing: Assignment, values: dict, place: Participation, past: _Past) -> str:
    """For a person already allocated: "same", or "changed" by a later entry; raises R-18 or R-22 otherwise."""
    if standing.participation_id != place.pk:
        raise Refused("R-18")
    if not values["entered_on"]:
        return "same"
    here = (standing.person_id, standing.project_id)
    if any(stay.on_site and (stay.person_id, stay.project_id) == here for stay in past.stays_of[standing.person_id]):
        raise Refused("R-22")
    if standing.status != Assignment.Status.ACCEPTED:
        raise Refused("R-18")
    standing.person = past.people[values["number"]]
    standing.participation = place
    _enter(values, standing, past)
    _note(standing, values, past)
    return "changed"


def _enter(values: dict, assignment: Assignment, past: _Past) -> None:
    stay = past.add(_stay(values, assignment, past))
    past.stays[stay.event_id] = stay
    past.stays_of[stay.person_id].append(stay)


def _change(stay: Stay, values: dict, person: Person, place: Participation, past: _Past) -> str:
    """Update a stay with the exit and the rating that the old system added since the last import."""
    before = (stay.exited_on, stay.rating, stay.rating_note)
    stay.rating, stay.rating_note = values["rating"] or stay.rating, values["rating_note"] or stay.rating_note
    if values["exited_on"] and stay.on_site:
        stay.exited_on, stay.exited_at = values["exited_on"], _end_of(values["exited_on"])
        stay.assignment.become(Assignment.Status.ENDED)
        stay.assignment.ended_at = stay.exited_at
        stay.assignment.save()
    if (stay.exited_on, stay.rating, stay.rating_note) == before:
        return "same"
    stay.save()
    stay.assignment.person, stay.assignment.participation = person, place
    _note(stay.assignment, values | {"exited_on": stay.exited_on}, past)
    return "changed"


def _employment(values: dict, person: Person, place: Participation, open_still: bool, past: _Past) -> Employment:
    """The employment of this stay: the one on record, else a new one that spans its stays."""
    known = past.employed[person.pk, place.company_id]
    fitting = [row for row in known if row.employed or (not open_still and row.status == Status.ENDED)]
    if fitting:
        return _stretched(fitting[-1], values, past)
    implicit = policy_of(place.project).employment_mode == EmploymentMode.IMPLICIT
    if open_still and not implicit and person.pk in past.working:
        raise Refused("R-05")
    employment = Employment(
        person=person,
        company=place.company,
        mode=EmploymentMode.IMPLICIT if implicit else EmploymentMode.DIRECT,
        status=Status.ACTIVE if open_still else Status.ENDED,
        kind=Employment.Kind.WORKER,
        profile_completed=True,
        trade=values["trade"],
        team=_team(values, place, past),
        is_leader=values["is_leader"],
        started_at=_start_of(values["entered_on"] or timezone.localdate()),
    )
    if values["phone"]:
        employment.contact_phone = values["phone"]
    if not open_still:
        employment.ended_at, employment.end_reason = _end_of(values["exited_on"]), REASON
    elif not implicit:
        past.working[person.pk] = employment
    known.append(employment)
    return past.add(employment)


def _stretched(employment: Employment, values: dict, past: _Past) -> Employment:
    """Extend an employment created from this table so that it covers this stay."""
    if employment._state.adding and values["entered_on"]:
        employment.started_at = min(employment.started_at, _start_of(values["entered_on"]))
        if employment.ended_at and values["exited_on"]:
            employment.ended_at = max(employment.ended_at, _end_of(values["exited_on"]))
    return employment


def _team(values: dict, place: Participation, past: _Past) -> Team | None:
    name = values["team"]
    if not name:
        return None
    key = (place.company_id, name)
    if key not in past.teams:
        past.teams[key] = past.add(Team(company=place.company, name=name))
    return past.teams[key]


def _assignment(values, employment: Employment, place: Participation, open_still: bool, past: _Past) -> Assignment:
    entered = values["entered_on"] or timezone.localdate()
    return Assignment(
        person=past.people[values["number"]],
        employment=employment,
        participation=place,
        project=place.project,
        status=Assignment.Status.ACCEPTED if open_still else Assignment.Status.ENDED,
        origin=Assignment.Origin.IMPORTED,
        team=_team(values, place, past),
        trade=values["trade"],
        allocated_on=entered,
        allocated_by_id=past.by.user_id,
        confirmed_at=_start_of(entered),
        confirmed_by_id=past.by.user_id,
        ended_at=None if open_still else _end_of(values["exited_on"]),
    )


def _stay(values: dict, assignment: Assignment, past: _Past) -> Stay:
    return Stay.of(
        assignment,
        event_id=number_of(assignment.person, assignment.participation, values["entered_on"]),
        entered_on=values["entered_on"],
        entered_at=_start_of(values["entered_on"]),
        entered_by_id=past.by.user_id,
        method=Stay.Method.IMPORTED,
        exited_on=values["exited_on"],
        exited_at=_end_of(values["exited_on"]) if values["exited_on"] else None,
        exited_by_id=past.by.user_id if values["exited_on"] else None,
        rating=values["rating"],
        rating_note=values["rating_note"],
    )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
