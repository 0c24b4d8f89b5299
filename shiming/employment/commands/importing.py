"""Import of a roster: registers unknown people, invites or registers them as employed, and stores profiles.

Importing the same roster twice changes nothing.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record_many
from shiming.core.errors import DomainError, Refused, missing
from shiming.core.events import Event
from shiming.employment import rules
from shiming.employment.commands import profile
from shiming.employment.commands.hiring import date_invitation
from shiming.employment.models import Employment
from shiming.imports.sheet import Row
from shiming.people import commands as people
from shiming.people.commands.checks import require_same_name
from shiming.people.models import Person
from shiming.projects import commands as projects
from shiming.projects.models import Team
from shiming.projects.policies import EmploymentMode

Status, Kind = Employment.Status, Employment.Kind
NOT_YET = {"R-10", "R-14"}  # trade or team is missing: hire now, complete the profile later
BEGINS = {
    Status.INVITED: Event.EMPLOYMENT_INVITED,
    Status.AWAITING_IDENTITY: Event.EMPLOYMENT_AWAITING,
    Status.ACTIVE: Event.EMPLOYMENT_STARTED,
}


@dataclass
class _Roster:
    """Existing rows and new rows of one chunk of the sheet."""

    company: Company
    by: Actor
    people: dict[str, Person]
    here: dict
    elsewhere: set
    teams: dict[str, Team]
    fresh: list[Employment] = field(default_factory=list)


@transaction.atomic
def take_on(rows: list[Row], *, by: Actor) -> list[str | DomainError]:
    """The result of each row: "created", "changed", "same" or its refusal."""
    require(rules.may_hire, by)
    given = {row.values["number"]: _begins(row.values) for row in rows}
    known, fresh = people.register_many(given, by=by)
    here, elsewhere = _employed(known.values(), by)
    company = Company.objects.get(pk=by.company_id)
    roster = _Roster(company, by, known | fresh, here, elsewhere, _teams(rows, company, by))

    outcomes = [_outcome(row.values, roster) for row in rows]
    bulk.insert(roster.fresh)
    _tell(roster)
    return outcomes


def _begins(values: dict) -> dict:
    return {"name": values["name"], "education": values["education"]}


def _employed(found, by: Actor) -> tuple[dict, set]:
    """(the firm's open employments by person, locked; persons employed by another firm)."""
    keys = [person.pk for person in found]
    # Locked in key order, after the persons.
    own = Employment.objects.select_for_update(of=("self",)).filter(person__in=keys, company=by.company_id)
    here = {row.person_id: row for row in own.filter(status__in=Employment.OPEN).select_related("team").order_by("pk")}
    others = Employment.objects.filter(person__in=keys, status__in=Employment.EMPLOYED).exclude(mode="implicit")
    return here, set(others.exclude(company=by.company_id).values_list("person_id", flat=True))


def _teams(rows: list[Row], company: Company, by: Actor) -> dict[str, Team]:
    """The company's teams by name; missing ones, which the preview has announced, are created."""
    known = {team.name: team for team in Team.objects.filter(company=company, closed_on=None)}
    for name in dict.fromkeys(row.values["team"] for row in rows):
        if name and name not in known:
            known[name] = projects.create_team(company, name=name, by=by)
    return known


def _outcome(values: dict, roster: _Roster) -> str | DomainError:
    person = roster.people[values["number"]]
    try:
        require_same_name(person, values["name"])
        if existing := roster.here.get(person.pk):
            return _update(existing, person, values, roster)
        employment = _begin(person, values, roster)
        _fill(employment, values, roster)
    except DomainError as refused:
        return refused
    roster.fresh.append(employment)
    return "created"


def _begin(person: Person, values: dict, roster: _Roster) -> Employment:
    """A new employment by E1, E2, or E6 where the firm may register directly."""
    if person.pk in roster.elsewhere:
        raise Refused("R-05")
    direct = values["mode"] == EmploymentMode.DIRECT
    employment = bulk.new(Employment, person=person, company=roster.company, invited_by_id=roster.by.user_id)
    employment.mode = EmploymentMode.DIRECT if direct else EmploymentMode.INVITE
    if direct:
        require(rules.may_register_directly, roster.by)
        if not values["contract_start"]:
            raise missing("劳动合同生效日期", "contract_start")
    if person.identity_status == Person.Status.PENDING and not direct:
        employment.status = Status.AWAITING_IDENTITY
    elif not person.verified:
        raise Refused("R-06", field="number")
    elif direct:
        employment.status, employment.started_at = Status.ACTIVE, timezone.now()
    else:
        employment.status = Status.INVITED
        date_invitation(employment)
    return employment


def _update(employment: Employment, person: Person, values: dict, roster: _Roster) -> str:
    employment.person, employment.company = person, roster.company
    before, known, first = _snapshot(employment), profile.facts(employment), not employment.profile_completed
    _fill(employment, values, roster)
    if _snapshot(employment) == before:
        return "same"
    employment.save()
    profile.tell_change(employment, first and employment.profile_completed, known, roster.by)
    return "changed"


def _fill(employment: Employment, values: dict, roster: _Roster) -> None:
    """Fill the work data; empty cells keep the old values."""
    kind = values["kind"] or employment.kind or Kind.WORKER
    given = {name: values[name] for name in profile.FIELDS[kind] if name != "team" and values.get(name)}
    if values["phone"]:
        given["contact_phone"] = values["phone"]
    if values["team"] and kind == Kind.WORKER:
        given["team"] = roster.teams[values["team"]]
    profile.fill(employment, kind, given)
    try:
        profile.check(employment)
        employment.profile_completed = True
    except DomainError as refused:
        if employment.profile_completed or not NOT_YET.issuperset(refused.codes):
            raise


def _snapshot(employment: Employment) -> dict:
    return {name: getattr(employment, name) for name in (*profile.EVERY, "kind", "profile_completed")}


def _tell(roster: _Roster) -> None:
    for status, event in BEGINS.items():
        begun = [row for row in roster.fresh if row.status == status]
        record_many(event, [(row, _words(row, roster)) for row in begun], by=roster.by)
    complete = [row for row in roster.fresh if row.profile_completed and row.status != Status.ACTIVE]
    entries = [(row, _words(row, roster) | {"kind": row.get_kind_display()}) for row in complete]
    record_many(Event.PROFILE_COMPLETED, entries, by=roster.by)


def _words(employment: Employment, roster: _Roster) -> dict:
    return {"person": employment.person.name, "company": roster.company.name}
