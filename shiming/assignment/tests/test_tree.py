"""[000] 人员项目分配: the tree in a browser, used by a clerk who allocates a crew to a site."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from shiming.assignment.models import Assignment
from shiming.employment.models import Employment
from shiming.projects.models import Participation, ProjectPolicy


@pytest.fixture
def tree(live, window):
    cast = live.cast
    assert cast.gc_pm and cast.specialist_pm and cast.labour_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    for name, team in (("张三", "钢筋一组"), ("李四", "钢筋一组"), ("王五", "木工二组")):
        cast.employment(cast.person(name), team=cast.team(team))
    page = window("desk", cast.hr)
    page.goto(reverse("assignment-tree", args=[cast.labour_place.pk]))
    return page


def test_search_keeps_the_chosen_people(tree):
    offered, chosen = tree.get_by_label("已登记人员"), tree.get_by_label("待分配人员信息")
    offered.get_by_label("张三").check()
    offered.get_by_role("button", name="添加").click()
    tree.get_by_role("textbox", name="姓名").fill("三")
    tree.get_by_role("button", name="查询").click()
    expect(offered.get_by_text("李四")).to_have_count(0)
    expect(offered.get_by_label("张三")).to_be_hidden()  # the worker is on the right side now
    tree.get_by_role("textbox", name="姓名").fill("王五")
    tree.get_by_role("button", name="查询").click()
    offered.get_by_label("木工二组", exact=False).first.check()
    offered.get_by_role("button", name="添加").click()
    tree.get_by_role("link", name="重置").click()
    expect(offered.get_by_label("李四")).to_be_visible()
    expect(chosen.get_by_role("listitem")).to_have_text(["张三【钢筋工】", "王五【钢筋工】"])

    tree.get_by_role("button", name="确认分配").click()
    expect(tree.locator("#flash")).to_contain_text("分配成功 2 人。")
    assert {row.person.name for row in Assignment.objects.all()} == {"张三", "王五"}


def test_whole_crew_is_allocated_by_keyboard(tree):
    tree.get_by_label("木工二组", exact=False).first.focus()
    for key in ("ArrowDown", "ArrowUp", "Space", "Enter"):  # 木工二组 moves over, the focus stays on 钢筋一组
        tree.keyboard.press(key)
    for key in ("ArrowDown", "Space", "ArrowDown", "Space", "Enter", "Enter"):
        tree.keyboard.press(key)
    expect(tree.locator("#flash")).to_contain_text("分配成功 3 人。")


def test_folded_crew_is_ticked_as_a_whole(tree):
    offered = tree.get_by_label("已登记人员")
    tree.get_by_label("展开或收起钢筋一组").click()
    expect(offered.get_by_label("张三")).to_be_hidden()
    offered.locator("[data-team]").filter(has_text="钢筋一组").locator("[data-tick-team]").check()
    offered.get_by_role("button", name="添加").click()
    expect(tree.get_by_role("status").filter(has_text="已选")).to_have_text("已选 2 人")


def test_missing_place_keeps_the_chosen_people(tree, live):
    tree.get_by_label("已登记人员").get_by_label("张三").check()
    tree.get_by_role("button", name="添加").click()
    Participation.objects.filter(pk=live.cast.labour_place.pk).update(left_on=date(2026, 1, 1))
    tree.get_by_role("button", name="确认分配").click()
    expect(tree.get_by_role("alert")).to_contain_text("没有找到这个页面")
    expect(tree.get_by_role("heading", level=1)).to_have_text("分配人员")
    expect(tree.get_by_role("status").filter(has_text="已选")).to_have_text("已选 1 人")


def test_failed_dialog_shows_a_message(live, window):
    cast = live.cast
    cast.employment(mode="direct")
    ProjectPolicy.objects.filter(project=cast.labour_place.project).update(base="two_tier")
    page = window("desk", cast.hr)
    page.goto("/employments/registrations/")
    Employment.objects.update(company=cast.yuanda)
    page.get_by_role("link", name="离职", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到这个页面")
    expect(page.get_by_role("dialog")).to_have_count(0)
