"""Teams of a company: the leader must be found, and a team with members cannot be closed."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shiming.core.actor import Right, Role
from shiming.core.errors import Conflict, NotAllowed
from shiming.projects import commands, queries, rules
from shiming.projects.commands.desk_teams import team_led_by, team_led_from_outside
from shiming.projects.models import Team
from shiming.projects.tests.asking import refused, trail

TODAY = timezone.localdate


def names(rows) -> list[str]:
    return sorted(team.name for team in rows)


# creation and changes


def test_team_needs_no_leader_and_trade(cast):
    team = commands.create_team(cast.antai, name=" 杂工组 ", by=cast.hr)
    assert (team.name, team.leader, team.trade, team.off_site_leader) == ("杂工组", None, "", False)
    assert trail("team.created") == ["陈人事建立班组杂工组"]


def test_change_sets_every_field(cast):
    team = commands.create_team(cast.antai, name="一组", leader=cast.zhang, trade="木工", by=cast.hr)
    team = commands.change_team(team, name="二组", trade="钢筋工", off_site_leader=True, by=cast.hr)
    assert (team.name, team.leader, team.trade, team.off_site_leader) == ("二组", None, "钢筋工", True)
    assert trail("team.changed") == ["陈人事修改班组二组"]


def test_leader_without_phone_is_refused_at_change(cast):
    silent = cast.person("无电话")
    silent.phone, silent.phone_digest = None, ""
    silent.save()
    team = cast.team()
    assert refused(commands.change_team, team, name="王班组", leader=silent, by=cast.hr) == (
        ["R-12"],
        "劳务队长（班组长）必须填写手机号",
    )
    team.refresh_from_db()
    assert team.leader is None


def test_team_names_are_unique_per_firm(cast):
    commands.create_team(cast.antai, name="一组", by=cast.hr)
    with pytest.raises(ValidationError, match="本企业已有同名的班组"):
        commands.create_team(cast.antai, name=" 一组 ", by=cast.hr)
    assert commands.create_team(cast.yuanda, name="一组", by=cast.stranger_hr).company == cast.yuanda


@pytest.mark.parametrize("name", ["", "  ", "长" * 61])
def test_team_name_must_be_valid(cast, name):
    with pytest.raises(ValidationError):
        commands.create_team(cast.antai, name=name, by=cast.hr)
    assert not Team.objects.exists()


# closing a team


@pytest.mark.parametrize(
    ("status", "in_the_way"),
    [("active", True), ("leave_requested", True), ("dismissal_pending", True), ("invited", False), ("ended", False)],
)
def test_team_with_members_stays_open(cast, status, in_the_way):
    team = cast.team()
    cast.employment(team=team, status=status, ended_at=timezone.now() if status == "ended" else None)
    if in_the_way:
        assert refused(commands.close_team, team, by=cast.hr) == (["R-68"], "班组还有 1 人，不能撤销")
    else:
        assert commands.close_team(team, by=cast.hr).closed_on == TODAY()


def test_closed_team_is_final(cast):
    team = commands.close_team(cast.team(), by=cast.hr)
    assert names(queries.teams(cast.hr)) == []
    with pytest.raises(Conflict, match="班组已撤销"):
        commands.close_team(team, by=cast.hr)


@pytest.mark.parametrize("who", ["stranger_hr", "gc_hr", "labour_pm", "gc_pm", "admin"])
def test_teams_are_changed_by_own_firm(cast, who):
    actor, team = getattr(cast, who), cast.team()
    for act in (lambda: commands.change_team(team, name="改名", by=actor), lambda: commands.close_team(team, by=actor)):
        with pytest.raises(NotAllowed, match="本企业法人或人事聘用管理员"):
            act()


# search


def test_team_filters_combine(cast):
    cast.employment()
    commands.create_team(cast.antai, name="钢筋一组", leader=cast.zhang, trade="钢筋工", by=cast.hr)
    commands.create_team(cast.antai, name="钢筋二组", trade="钢筋工", by=cast.hr)
    commands.create_team(cast.antai, name="木工组", trade="木工", by=cast.hr)

    asked = [{}, {"name": "钢筋"}, {"name": "张三"}, {"trade": "木工"}, {"name": "一组", "trade": "木工"}]
    assert [names(queries.teams(cast.hr, **each)) for each in asked] == [
        ["木工组", "钢筋一组", "钢筋二组"],
        ["钢筋一组", "钢筋二组"],
        ["钢筋一组"],
        ["木工组"],
        [],
    ]


def test_team_counts_its_employed_members(cast):
    team = cast.team()
    for name, status in (("甲", "active"), ("乙", "leave_requested"), ("丙", "invited")):
        cast.employment(cast.person(name), team=team, status=status)
    cast.employment(cast.person("丁"), team=team, status="ended", ended_at=timezone.now())
    assert [row.people for row in queries.teams(cast.hr)] == [2]


def test_leaders_are_workers_of_firm(cast):
    outside = cast.person("老队长")
    Team.objects.create(company=cast.antai, name="老队", leader=outside, off_site_leader=True)
    cast.employment(cast.person("李四"))
    cast.employment(cast.person("别家"), cast.yuanda)
    cast.employment(cast.person("走了"), status="ended", ended_at=timezone.now())
    assert {person.name for person in queries.leaders_of(cast.antai)} == {"老队长", "李四"}


SEES = {
    "hr": ["安泰组"],
    "gc_hr": ["宏基组"],
    "gc_pm": ["安泰组", "宏基组", "恒立组"],  # companies below in the chain
    "specialist_pm": ["安泰组", "恒立组"],
    "labour_pm": ["安泰组"],
    "supervision_pm": ["安泰组", "宏基组", "恒立组"],
    "stranger_pm": ["远大组"],
    "admin": ["安泰组", "宏基组", "恒立组", "远大组"],
}


@pytest.mark.parametrize(("who", "sees"), SEES.items())
def test_site_sees_teams_below_its_place(cast, who, sees):
    cast.labour_place, cast.stranger_place, cast.supervision_place  # noqa: B018
    for company in (cast.antai, cast.hongji, cast.hengli, cast.yuanda):
        cast.team(f"{company.name[:2]}组", company)
    assert names(queries.teams(getattr(cast, who))) == sees


def test_left_firm_hides_its_teams(cast):
    cast.team("安泰组"), commands.leave(cast.labour_place, by=cast.admin)
    assert names(queries.teams(cast.gc_pm)) == []
    assert names(queries.teams(cast.hr)) == ["安泰组"]


# teams created by registrations


def test_registered_leader_has_one_team(cast):
    cast.labour_place  # noqa: B018
    team = team_led_by(cast.antai, cast.zhang, trade="木工", by=cast.gc_pm)
    assert (team.name, team.leader, team.trade) == ("张三班组", cast.zhang, "木工")
    assert team_led_by(cast.antai, cast.zhang, by=cast.gc_pm) == team


def test_leaders_of_one_name_have_two_teams(cast):
    first, other = cast.zhang, cast.person("张三之二")
    other.name = "张三"
    other.save()
    teams = [team_led_by(cast.antai, leader, by=cast.hr) for leader in (first, other)]
    assert [team.name for team in teams] == ["张三班组", "张三班组（2）"]


def test_off_site_leader_is_team_name(cast):
    first = team_led_from_outside(cast.antai, " 老李队 ", by=cast.hr)
    assert (first.name, first.leader, first.off_site_leader) == ("老李队", None, True)
    assert team_led_from_outside(cast.antai, "老李队", by=cast.hr) == first


NOTES = {
    "hr": True,
    "gc_pm": True,
    "specialist_pm": True,
    "labour_pm": True,
    "supervision_pm": False,
    "stranger_pm": False,
    "stranger_hr": False,
    "gc_hr": False,
    "admin": False,
}


@pytest.mark.parametrize(("who", "may"), NOTES.items())
def test_team_note_depends_on_role(cast, who, may):
    cast.labour_place  # noqa: B018
    assert rules.may_note_teams(getattr(cast, who), cast.antai) is may


@pytest.mark.parametrize(("right", "may"), [(Right.ENTRY, True), (Right.EXIT, False), (Right.IDENTITY, False)])
def test_operator_notes_teams_with_entry_right(cast, right, may):
    cast.labour_place  # noqa: B018
    assert rules.may_note_teams(cast.operator(rights=(right,)), cast.antai) is may


def test_clerk_notes_teams_of_own_firm(cast):
    clerk = cast.staff("安泰经办", cast.antai, Role.PARTICIPANT_CLERK)
    assert [rules.may_note_teams(clerk, firm) for firm in (cast.antai, cast.yuanda)] == [True, False]
