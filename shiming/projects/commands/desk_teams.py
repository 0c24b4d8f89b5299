"""Teams created by registrations at the desk: a registered 劳务队长 leads one; a leader off site is a name only."""

from django.db import transaction

from shiming.companies.models import Company
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.people.models import Person
from shiming.projects import rules
from shiming.projects.models import Team

LONGEST = 50


@transaction.atomic
def team_led_by(company: Company, leader: Person, *, trade: str = "", by: Actor) -> Team:
    """The team of this leader, created at the registration as leader."""
    require(rules.may_note_teams, by, company)
    known = Team.objects.filter(company=company, leader=leader, closed_on=None).first()
    return known or _make(company, _free_name(company, f"{leader.name}班组"), trade, by, leader=leader)


@transaction.atomic
def team_led_from_outside(company: Company, name: str, *, trade: str = "", by: Actor) -> Team:
    """The company's team with this leader off site, created if missing."""
    require(rules.may_note_teams, by, company)
    name = name.strip()[:LONGEST]
    known = Team.objects.filter(company=company, name=name, off_site_leader=True, closed_on=None).first()
    return known or _make(company, _free_name(company, name), trade, by, off_site_leader=True)


def _make(company: Company, name: str, trade: str, by: Actor, **more) -> Team:
    team = Team(company=company, name=name, trade=trade, **more)
    team.full_clean()
    team.save()
    record(Event.TEAM_CREATED, team, by=by, team=team)
    return team


def _free_name(company: Company, name: str) -> str:
    """The name, with a number added if it is taken: two leaders of one name lead two teams."""
    taken = set(
        Team.objects.filter(company=company, closed_on=None, name__startswith=name).values_list("name", flat=True)
    )
    return next(each for each in (name, *(f"{name}（{number}）" for number in range(2, 500))) if each not in taken)
