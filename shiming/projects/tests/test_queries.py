"""Queries of projects: filters combine with AND, counts are of people on site now, invisible projects stay out."""

import pytest
from django.utils import timezone

from shiming.projects import commands, queries
from shiming.projects.models import Project


def names(rows) -> list[str]:
    return sorted(row.name for row in rows)


@pytest.fixture
def city(cast):
    """滨江一期 and 滨江二期 in the east, 城东二期 in the west; the last one is suspended."""
    cast.gc_place, cast.labour_place, cast.stranger_place  # noqa: B018
    second = cast.project("滨江二期")
    Project.objects.filter(pk=cast.chengdong.pk).update(status="suspended")
    return {"一": cast.binjiang, "二": second, "东": cast.chengdong}


FOUND = [
    ({}, ["城东二期", "滨江一期", "滨江二期"]),
    ({"name": "二期"}, ["城东二期", "滨江二期"]),
    ({"name": "二期", "status": "open"}, ["滨江二期"]),
    ({"status": "suspended"}, ["城东二期"]),
    ({"status": "finished"}, []),
    ({"name": "滨江", "status": "suspended"}, []),
]


@pytest.mark.parametrize(("asked", "found"), FOUND)
def test_site_filters_combine(cast, city, asked, found):
    assert names(queries.projects(cast.admin, **asked)) == found


def test_site_is_found_by_code_and_station(cast, city):
    code = city["二"].filing_code
    assert names(queries.projects(cast.admin, code=f" {code[2:]} ")) == ["滨江二期"]
    assert names(queries.projects(cast.admin, station=cast.station("西区监督站").pk)) == ["城东二期"]


SEES = {
    "admin": ["城东二期", "滨江一期", "滨江二期"],
    "gc_hr": ["滨江一期"],
    "hr": ["滨江一期"],
    "gc_pm": ["滨江一期"],
    "labour_pm": ["滨江一期"],
    "stranger_hr": ["城东二期"],
    "stranger_pm": ["城东二期"],
}


@pytest.mark.parametrize(("who", "sees"), SEES.items())
def test_search_excludes_invisible_sites(cast, city, who, sees):
    actor = getattr(cast, who)
    assert names(queries.projects(actor)) == sees
    assert names(queries.projects(actor, name="期")) == sees


def test_site_row_has_builder_and_count(cast, city):
    cast.stay()
    gone = cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    gone.exited_on, gone.exited_at = timezone.localdate(), timezone.now()
    gone.save()
    rows = {row.name: (row.builder, row.on_site) for row in queries.projects(cast.admin)}
    assert rows == {"滨江一期": ("宏基总包", 1), "滨江二期": (None, 0), "城东二期": ("远大总包", 0)}


def test_left_builder_is_not_shown(cast, city):
    commands.leave(cast.stranger_place, by=cast.admin)
    assert queries.projects(cast.admin, name="城东").get().builder is None


def test_head_count_splits_by_status(cast, city):
    cast.stay()
    for name, status in (("甲", "accepted"), ("乙", "pending"), ("丙", "pending"), ("丁", "rejected")):
        confirmed_at = timezone.now() if status == "accepted" else None
        cast.assignment(cast.employment(cast.person(name)), status=status, confirmed_at=confirmed_at)
    assert queries.head_count(cast.binjiang) == {"on_site": 1, "confirmed": 2, "waiting": 2}
    assert queries.head_count(city["二"]) == {"on_site": 0, "confirmed": 0, "waiting": 0}


def test_places_have_contracts_and_left_last(cast, city):
    filing = cast.filing(cast.labour_place, "孙劳务")
    cast.stay()
    left = cast.participation(cast.binjiang, cast.company("走了的劳务"), "labour", cast.gc_place)
    commands.leave(left, by=cast.admin)
    rows = queries.places(cast.binjiang)

    found = {row.company.name: ([each.number for each in row.filings.all()], row.on_site) for row in rows}
    assert found == {
        "宏基总包": ([], 0),
        "恒立幕墙": ([], 0),
        "安泰劳务": ([filing.number], 1),
        "走了的劳务": ([], 0),
    }
    assert [row.left_on is None for row in rows].count(False) == 1


def nodes(branch) -> list:
    return [(node["label"], node["note"], node["count"], nodes(node["children"])) for node in branch]


def test_chain_shows_pm_count_without_left_firms(cast, city):
    cast.filing(cast.gc_place, "王总包"), cast.filing(cast.labour_place, "孙劳务", status="draft")
    cast.stay()
    commands.leave(cast.participation(cast.binjiang, cast.company("走了"), "labour", cast.gc_place), by=cast.admin)
    assert nodes(queries.chain_of(cast.admin, queries.places(cast.binjiang))) == [
        ("宏基总包", "项目负责人 王总包", 0, [("恒立幕墙", "合同未报送", 0, [("安泰劳务", "合同未报送", 1, [])])])
    ]


@pytest.mark.parametrize(("who", "linked"), [("admin", True), ("hr", False)])
def test_chain_links_depend_on_role(cast, city, who, linked):
    [top] = queries.chain_of(getattr(cast, who), queries.places(cast.binjiang))
    assert top["href"] == (f"/companies/{cast.hongji.pk}/" if linked else "")


def test_site_without_firms_has_empty_chain(cast, city):
    assert queries.chain_of(cast.admin, queries.places(city["二"])) == []


def test_empty_text_finds_no_people(cast):
    cast.employment()
    people = queries.leaders_of(cast.antai)
    assert [queries.called(people, text, cast.hr) for text in ("", "  ", "张")] == [[], [], [cast.zhang]]


def test_found_people_are_limited(cast):
    for number in range(queries.MOST_FOUND + 3):
        cast.employment(cast.person(f"张{number:02d}"))
    assert len(queries.called(queries.leaders_of(cast.antai), "张", cast.hr)) == queries.MOST_FOUND
