"""Participations: order of the chain, and the conditions for leaving."""

import pytest
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.errors import Conflict
from shiming.projects import chain, commands, rules
from shiming.projects.models import Participation, Project
from shiming.projects.tests.asking import refused, trail

TODAY = timezone.localdate


def add(cast, kind: str, parent=None, company=None, project=None) -> Participation:
    company = company or cast.company(f"新来的{kind}", kind)
    return commands.add_participation(project or cast.binjiang, company, kind, parent=parent, by=cast.admin)


# joining


def test_added_firm_has_place_and_entry(cast):
    place = add(cast, "labour", cast.specialist_place, cast.antai)

    assert (place.project, place.company, place.kind, place.parent) == (
        cast.binjiang,
        cast.antai,
        "labour",
        cast.specialist_place,
    )
    assert trail("participation.added") == ["系统管理员登记安泰劳务参建滨江一期（劳务分包）"]


@pytest.mark.parametrize("kind", ["supervision", "implementing", "general"])
def test_firms_without_parent_stand_alone(cast, kind):
    assert add(cast, kind, project=cast.project("空地")).parent is None


@pytest.mark.parametrize("parent", ["gc_place", "specialist_place", None])
def test_other_kinds_may_have_parent(cast, parent):
    above = getattr(cast, parent) if parent else None
    assert add(cast, "other", above).parent == above


@pytest.mark.parametrize(
    ("kind", "parent", "sentence"),
    [
        ("specialist", None, "专业分包的上级单位应为施工总包或专业分包"),
        ("labour", "labour_place", "劳务分包的上级单位应为施工总包或专业分包"),
        ("supervision", "gc_place", "监理的上级单位应为空，不挂在其他单位之下"),
        ("implementing", "gc_place", "实施单位的上级单位应为空，不挂在其他单位之下"),
        ("other", "labour_place", "其他的上级单位应为施工总包或专业分包"),
    ],
)
def test_wrong_parent_is_refused_with_kinds(cast, kind, parent, sentence):
    above = getattr(cast, parent) if parent else None
    assert refused(add, cast, kind, above) == (["R-65"], sentence)


def test_specialist_may_stand_under_specialist(cast):
    below = add(cast, "specialist", cast.specialist_place)
    assert add(cast, "labour", below).parent == below


def test_left_place_may_not_be_parent(cast):
    Participation.objects.filter(pk=cast.specialist_place.pk).update(left_on=TODAY())
    cast.specialist_place.refresh_from_db()
    assert refused(add, cast, "labour", cast.specialist_place)[0] == ["R-65"]


@pytest.mark.parametrize(("status", "allowed"), [("open", True), ("suspended", True), ("finished", False)])
def test_finished_site_accepts_no_firm(cast, status, allowed):
    Project.objects.filter(pk=cast.binjiang.pk).update(status=status)
    if allowed:
        assert add(cast, "general").project == cast.binjiang
    else:
        assert refused(add, cast, "general") == (["R-67"], "滨江一期已停用或竣工，不能办理")


def test_closed_firm_joins_no_site(cast):
    Company.objects.filter(pk=cast.hongji.pk).update(status="closed")
    cast.hongji.refresh_from_db()
    assert refused(add, cast, "general", None, cast.hongji) == (["R-67"], "宏基总包已停用或竣工，不能办理")


def test_firm_takes_part_in_several_sites(cast):
    cast.gc_place  # noqa: B018
    assert add(cast, "general", None, cast.hongji, cast.chengdong).project == cast.chengdong


# leaving


def test_left_firm_may_take_another_place(cast):
    left = commands.leave(cast.labour_place, by=cast.admin)
    again = add(cast, "labour", cast.gc_place, cast.antai)

    assert (left.left_on, again.left_on, again.parent) == (TODAY(), None, cast.gc_place)
    assert trail("participation.removed") == ["系统管理员撤销安泰劳务参建滨江一期"]


def test_new_general_contractor_follows_the_left(cast):
    commands.leave(cast.gc_place, by=cast.admin)
    assert add(cast, "general", None, cast.yuanda).company == cast.yuanda


def test_firm_with_children_may_not_leave(cast):
    cast.labour_place  # noqa: B018
    assert refused(commands.leave, cast.specialist_place, by=cast.admin) == (
        ["R-66"],
        "该单位仍有下级参建单位，不能退出参建",
    )


@pytest.mark.parametrize(
    ("status", "in_the_way"),
    [("draft", True), ("pending", True), ("accepted", True), ("rejected", False), ("removed", False), ("ended", False)],
)
def test_firm_with_people_may_not_leave(cast, status, in_the_way):
    confirmed_at = timezone.now() if status in ("accepted", "ended") else None
    cast.assignment(status=status, confirmed_at=confirmed_at)
    if in_the_way:
        assert refused(commands.leave, cast.labour_place, by=cast.admin) == (
            ["R-66"],
            "该单位仍有 1 名已分配的人员，不能退出参建",
        )
    else:
        assert commands.leave(cast.labour_place, by=cast.admin).left_on == TODAY()


def test_firm_leaves_once(cast):
    commands.leave(cast.labour_place, by=cast.admin)
    with pytest.raises(Conflict, match=r"^安泰劳务已退出本项目$"):
        commands.leave(cast.labour_place, by=cast.admin)


# one chain


def test_below_returns_place_and_descendants(cast):
    labour, second = cast.labour_place, add(cast, "labour", cast.gc_place)
    cast.supervision_place, cast.stranger_place  # noqa: B018

    assert set(chain.below(cast.gc_place)) == {cast.gc_place.pk, cast.specialist_place.pk, labour.pk, second.pk}
    assert set(chain.below(cast.specialist_place)) == {cast.specialist_place.pk, labour.pk}
    assert set(chain.below(labour)) == {labour.pk}
    assert set(chain.below(cast.supervision_place)) == {cast.supervision_place.pk}


def test_below_excludes_other_sites(cast):
    same_firm = cast.participation(cast.chengdong, cast.antai, "labour", cast.stranger_place)
    assert same_firm.pk not in chain.below(cast.gc_place)


SEES_THE_CHAIN = {
    "admin": True,
    "hr": True,
    "gc_pm": True,
    "labour_pm": True,
    "supervision_pm": True,
    "stranger_hr": False,
    "stranger_pm": False,
}


@pytest.mark.parametrize(("who", "sees"), SEES_THE_CHAIN.items())
def test_visible_site_shows_whole_chain(cast, who, sees):
    places = {cast.gc_place.pk, cast.specialist_place.pk, cast.labour_place.pk}
    actor = getattr(cast, who)
    seen = Participation.objects.filter(rules.participations_visible_to(actor), project=cast.binjiang)
    assert {place.pk for place in seen} & places == (places if sees else set())
