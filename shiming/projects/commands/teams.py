"""Teams: create, change, close."""

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.models import EMPLOYED_STATES, Person
from shiming.projects import rules
from shiming.projects.models import Team


@transaction.atomic
def create_team(
    company: Company,
    *,
    name: str,
    by: Actor,
    leader: Person | None = None,
    trade: str = "",
    off_site_leader: bool = False,
) -> Team:
    require(rules.may_lead_teams, by, company)
    team = Team(company=company)
    _fill(team, name, leader, trade, off_site_leader)
    record(Event.TEAM_CREATED, team, by=by, team=team)
    return team


@transaction.atomic
def change_team(
    team: Team,
    *,
    name: str,
    by: Actor,
    leader: Person | None = None,
    trade: str = "",
    off_site_leader: bool = False,
) -> Team:
    team = lock(team)
    require(rules.may_change_team, by, team)
    _fill(team, name, leader, trade, off_site_leader)
    record(Event.TEAM_CHANGED, team, by=by, team=team)
    return team


@transaction.atomic
def close_team(team: Team, *, by: Actor) -> Team:
    """Close a team; one with employed members stays open (R-68)."""
    team = lock(team)
    require(rules.may_change_team, by, team)
    if team.closed_on is not None:
        raise Conflict("班组已撤销")
    if count := team.members.filter(status__in=EMPLOYED_STATES).count():
        raise Refused("R-68", count=count)
    team.closed_on = timezone.localdate()
    team.save()
    record(Event.TEAM_CLOSED, team, by=by, team=team)
    return team


def _fill(team, name, leader, trade, off_site_leader) -> None:
    if leader is not None and not leader.phone:
        raise Refused("R-12", field="leader")
    team.name, team.trade = name.strip(), trade
    team.leader, team.off_site_leader = leader, off_site_leader
    team.full_clean()
    team.save()
