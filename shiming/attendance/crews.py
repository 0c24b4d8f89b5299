"""我的班组: members of the leader's crews who are at work today, have left, or miss a punch."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shiming.attendance import rules
from shiming.attendance.days import AttendanceDay, DayStatus
from shiming.attendance.queries import during, with_days
from shiming.core.actor import Actor
from shiming.presence.models import Stay
from shiming.projects.models import Team

# today's state → label: first members to ask about, then those at work, then those who left
STATES = {
    "not_punched": _("未打卡"),
    DayStatus.MISSING_IN: _("缺进"),
    DayStatus.MISSING_OUT: _("缺出"),
    DayStatus.AUTO_CLOSED: _("自动关闭"),
    DayStatus.REVIEW: _("待核"),
    DayStatus.CORRECTING: _("更正中"),
    "in": _("在岗"),
    "out": _("已出"),
}
ORDER = list(STATES)


@dataclass(frozen=True)
class Member:
    stay: Stay
    day: AttendanceDay | None
    state: str

    @property
    def label(self) -> str:
        return STATES[self.state]


@dataclass(frozen=True)
class Crew:
    team: Team
    members: list[Member]

    @property
    def inside(self) -> int:
        return sum(member.state == "in" for member in self.members)


def teams_led(actor: Actor) -> QuerySet[Team]:
    return Team.objects.filter(rules.leads(actor)).select_related("company").order_by("company__name", "name", "pk")


def crews_today(actor: Actor) -> list[Crew]:
    """Each team this actor leads, with its workers on a site today. Four queries for any number of teams."""
    today, teams = timezone.localdate(), list(teams_led(actor))
    stays = list(_stays_of(teams, today)) if teams else []
    with_days(stays, today - timedelta(days=1), today, Stay.objects.all())
    members = [_member(stay, today) for stay in stays]
    members.sort(key=lambda member: (ORDER.index(member.state), member.stay.person.name, str(member.stay.pk)))
    return [Crew(team, [member for member in members if _team_id(member.stay) == team.pk]) for team in teams]


def _stays_of(teams: list[Team], today: date) -> QuerySet[Stay]:
    """Workers whose stay has one of these teams; a stay without a team counts for the team at the firm."""
    here = Q(team__in=teams) | Q(team=None, assignment__employment__team__in=teams)
    here &= Q(company__in={team.company_id for team in teams})  # lets PostgreSQL use the index by company
    return during(today, today).filter(here, exited_on=None).select_related("assignment__employment")


def _team_id(stay: Stay):
    return stay.team_id or stay.assignment.employment.team_id


def _member(stay: Stay, today: date) -> Member:
    """A night shift of yesterday that still runs counts for today."""
    day, yesterday = stay.days.get(today), stay.days.get(today - timedelta(days=1))
    if day is None and yesterday and yesterday.status == DayStatus.ONGOING:
        day = yesterday
    return Member(stay, day, _state(day))


def _state(day: AttendanceDay | None) -> str:
    if day is None:
        return "not_punched"
    if day.status not in (DayStatus.NORMAL, DayStatus.ONGOING):
        return day.status
    return "in" if day.inside else "out"
