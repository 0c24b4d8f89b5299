"""Projects, stations and 监督人员 registered by the administrator; arrows between states; renewed site codes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.errors import Conflict, NotAllowed, Refused
from shiming.core.models import AuditEntry
from shiming.presence import codes
from shiming.presence.models import Stay
from shiming.projects import commands, queries, rules
from shiming.projects.models import Project
from shiming.projects.tests.asking import refused, trail

TODAY = timezone.localdate


@pytest.fixture
def register(cast):
    def register(**fields) -> Project:
        given = {"filing_code": "2399001", "name": "听澜小学", "station": cast.station(), "by": cast.admin} | fields
        return commands.register_project(**given)

    return register


# registration and changes


def test_new_site_is_open_with_default_policy(register):
    project = register(filing_code=" 2399001 ", name=" 听澜小学 ")

    assert (project.filing_code, project.name, project.status) == ("2399001", "听澜小学", "open")
    assert [(row.base, row.from_date) for row in project.policies.all()] == [("invite_scan", TODAY())]
    assert trail("project.created") == ["系统管理员登记项目听澜小学"]


@pytest.mark.parametrize(
    ("fields", "since"),
    [
        ({}, None),
        ({"started_on": date(2023, 5, 1)}, date(2023, 5, 1)),
        ({"started_on": date(2023, 5, 1), "policy_from": date(2024, 1, 1)}, date(2024, 1, 1)),
    ],
)
def test_first_policy_starts_with_the_works(register, fields, since):
    assert register(**fields).policies.get().from_date == (since or TODAY())


def test_site_may_start_with_other_policy(register):
    assert register(policy="site_direct").policies.get().base == "site_direct"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"filing_code": ""}, "filing_code"),
        ({"name": ""}, "name"),
        ({"name": "长" * 101}, "name"),
        ({"region": "1199001"}, "region"),
    ],
)
def test_invalid_site_is_not_registered(register, fields, field):
    with pytest.raises(ValidationError) as wrong:
        register(**fields)
    assert list(wrong.value.message_dict) == [field]
    assert not Project.objects.exists()


def test_unknown_policy_registers_no_site(cast, register):
    station = cast.station()
    with pytest.raises(ValidationError):
        register(policy="made_up", station=station)
    assert trail("policy.set") == []


def test_filing_code_is_unique(register):
    register()
    with pytest.raises(ValidationError, match="报建编号"):
        register(name="同号的项目")


def test_change_names_fields_else_no_entry(cast, register):
    project = register()
    same = commands.change_project(project, by=cast.admin, name="听澜小学")
    assert (same.version, trail("project.changed")) == (project.version, [])

    changed = commands.change_project(project, by=cast.admin, seen=project.version, name="听澜中学", region="119901")
    entry = AuditEntry.objects.get(event="project.changed")
    assert (changed.name, changed.region, str(entry)) == (
        "听澜中学",
        "119901",
        "系统管理员修改项目听澜中学：项目名称、行政区划",
    )
    assert (entry.before, entry.after) == (
        {"name": "听澜小学", "region": ""},
        {"name": "听澜中学", "region": "119901"},
    )


def test_stale_page_does_not_overwrite_site(cast, register):
    project = register()
    commands.change_project(project, by=cast.admin, address="甲路 1 号")
    assert refused(commands.change_project, project, by=cast.admin, seen=project.version, address="乙路 2 号") == (
        ["R-43"],
        "内容已被他人更新，请刷新",
    )


# 停工, 复工 and 竣工


def test_status_change_records_both_states(cast):
    for status in ("suspended", "open", "finished"):
        commands.set_status(cast.binjiang, status, by=cast.admin)
    moves = AuditEntry.objects.filter(event="project.status").order_by("id")

    assert [str(move) for move in moves] == [
        "系统管理员将滨江一期改为停工",
        "系统管理员将滨江一期改为在建",
        "系统管理员将滨江一期改为竣工",
    ]
    assert [(move.before["status"], move.after["status"]) for move in moves] == [
        ("在建", "停工"),
        ("停工", "在建"),
        ("在建", "竣工"),
    ]


@pytest.mark.parametrize("on", [None, date(2025, 6, 30)])
def test_finish_day_is_today_by_default(cast, on):
    assert commands.set_status(cast.binjiang, "finished", by=cast.admin, on=on).finished_on == (on or TODAY())


def test_suspended_site_keeps_its_people(cast):
    stay = cast.stay()
    project = commands.set_status(cast.binjiang, "suspended", by=cast.admin)
    assert (project.finished_on, Stay.objects.get(pk=stay.pk).on_site) == (None, True)
    assert Assignment.objects.get().status == "accepted"


def test_finished_site_closes_stays_and_assignments(cast):
    stay = cast.stay()
    waiting = cast.assignment(cast.employment(cast.person("李四")), status="pending", confirmed_at=None)
    commands.set_status(cast.binjiang, "finished", by=cast.admin)
    stay.refresh_from_db()

    assert (stay.exited_on, stay.auto) == (TODAY(), True)
    assert set(Assignment.objects.values_list("status", flat=True)) <= {"ended", "removed"}
    assert Assignment.objects.get(pk=waiting.pk).status != "pending"


# site codes


def test_renewed_code_invalidates_old_poster(cast):
    cast.gc_place  # noqa: B018
    old = codes.site_code(cast.binjiang)
    assert codes.read_site_code(old) == cast.binjiang.pk
    project = commands.renew_site_code(cast.binjiang, by=cast.gc_pm)

    with pytest.raises(Refused, match="二维码已过期，请刷新"):
        codes.read_site_code(old)
    assert codes.read_site_code(codes.site_code(project)) == project.pk
    assert trail("site_code.renewed") == ["王总包更换滨江一期的工地码"]


RENEWS = {
    "gc_pm": True,
    "admin": True,
    "labour_pm": False,
    "specialist_pm": False,
    "supervision_pm": False,
    "gc_hr": False,
    "stranger_pm": False,  # of the general contractor of another site
}


@pytest.mark.parametrize(("who", "may"), RENEWS.items())
def test_code_renewal_depends_on_role(cast, who, may):
    actor = getattr(cast, who)
    assert rules.may_renew_site_code(actor, cast.binjiang) is may
    if not may:
        with pytest.raises(NotAllowed, match="施工总包项目经理或系统管理员"):
            commands.renew_site_code(cast.binjiang, by=actor)


# stations and 监督人员


def test_station_is_registered_and_renamed(cast):
    station = commands.add_station(name=" 南区监督站 ", region="119902", by=cast.admin)
    renamed = commands.add_station(name="南区质监站", region="119902", by=cast.admin, station=station)

    assert (renamed.pk, renamed.name, renamed.region) == (station.pk, "南区质监站", "119902")
    assert trail("station.changed") == ["系统管理员登记监督站南区监督站", "系统管理员登记监督站南区质监站"]


@pytest.mark.parametrize(
    ("name", "region"), [("东区监督站", "119900"), ("", "119900"), ("西站", ""), ("西站", "1199001")]
)
def test_station_needs_name_and_region(cast, name, region):
    cast.station()
    with pytest.raises(ValidationError):
        commands.add_station(name=name, region=region, by=cast.admin)


def test_regulator_is_posted_and_removed_once(cast):
    user = cast.user("新监督")
    post = commands.post_regulator(cast.station(), user, by=cast.admin)
    with pytest.raises(Conflict, match="新监督已是东区监督站的监督人员"):
        commands.post_regulator(cast.station(), user, by=cast.admin)

    assert commands.remove_regulator(post, by=cast.admin).until == TODAY()
    with pytest.raises(Conflict, match="任职已经撤销"):
        commands.remove_regulator(post, by=cast.admin)
    assert commands.post_regulator(cast.station(), user, by=cast.admin).until is None
    assert trail("regulator.removed") == ["系统管理员撤销新监督在东区监督站的任职"]


def test_regulator_may_serve_two_stations(cast):
    user = cast.user("新监督")
    posts = [commands.post_regulator(cast.station(name), user, by=cast.admin) for name in ("东区监督站", "西区监督站")]
    assert [post.station.name for post in posts] == ["东区监督站", "西区监督站"]


@pytest.mark.parametrize("who", ["hr", "gc_pm", "stranger_hr"])
def test_stations_are_for_administrator_only(cast, who):
    actor, station = getattr(cast, who), cast.station()
    with pytest.raises(NotAllowed):
        commands.add_station(name="私设站", region="119900", by=actor)
    with pytest.raises(NotAllowed):
        commands.post_regulator(station, cast.user("新监督"), by=actor)


def test_moved_site_is_visible_to_new_station(cast):
    east, west = cast.regulator(), cast.regulator("赵监督", "西区监督站")
    commands.change_project(cast.binjiang, by=cast.admin, station=cast.station("西区监督站"))
    assert [list(queries.projects(actor)) for actor in (east, west)] == [[], [cast.binjiang]]
