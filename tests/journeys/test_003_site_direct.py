"""[003] 进退场登记系统 (2014): the acceptance script, at a desk with a reader.

The reader is the simulator on a pseudo-terminal with a loopback bridge before it, so a card takes the same way as a
real one. 王总包 is the clerk at the desk of 滨江一期; 安泰劳务 employs most people.
"""

from datetime import date

import pytest
from playwright.sync_api import expect

from shiming.accounts.tests.conftest import with_password
from shiming.devices.tests.conftest import desk, drawn, reader_ports, running, terminal  # noqa: F401
from shiming.devices.tests.vectors import RESIDENT
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id
from tests.journeys import logins
from tests.journeys.steps import go, row, told

BORN = date(1986, 7, 8)  # a birthday that no person of the cast has
UNKNOWN = invented_id(480, BORN)
ON_READER = "欧阳样例"


class Story:
    def __init__(self, live, window, table):
        self.live, self.cast, self.table = live, live.cast, table
        self.page = window("desk")


@pytest.fixture
def story(live, window, desk):  # noqa: F811
    told_of = Story(live, window, desk)
    cast = told_of.cast
    assert cast.gc_pm and cast.labour_place and cast.specialist_place
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    cast.team("王强班组")
    desk.reader_bridge()
    return told_of


def test_acceptance_script_of_manual_003(story):
    a_wrong_password_is_refused(story)
    site_user_logs_in_and_chooses_his_contract(story)
    card_is_read_and_makes_a_registered_person(story)

    a_verified_person_enters_by_card(story)
    next_with_the_same_leader_keeps_leader_and_employer(story)
    a_leader_without_phone_is_refused(story)
    unknown_number_is_refused_and_enters_irregularly(story)

    a_row_is_restored_or_saved(story)

    exits_are_found_by_trade_and_by_reader(story)
    two_leave_with_one_rating(story)
    one_of_them_again_is_refused(story)
    the_query_shows_both_with_everything(story)


def a_wrong_password_is_refused(story):
    user = with_password(story.cast.hr, None)
    page = story.page
    page.goto("/login/company/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill("不是这个密码")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("body")).to_contain_text("用户名或密码错误!")


def site_user_logs_in_and_chooses_his_contract(story):
    logins.site(story.page, story.live, story.cast.gc_pm)


def card_is_read_and_makes_a_registered_person(story):
    """Manual [003] 三.1 人员建档身份证读卡."""
    page = story.page
    page.goto("/stays/desk/")
    page.get_by_role("link", name="人员建档身份证读卡").click()
    read(story, page.get_by_role("button", name="点击读卡"))
    page.get_by_role("button", name="完成读卡返回").click()
    told(page, f"{ON_READER}已实名登记")
    expect(page.locator("[data-who=ok]")).to_contain_text(ON_READER)  # back in 进场登记, with the person found


def a_verified_person_enters_by_card(story):
    page = story.page
    go(page, "进场管理")
    dialog = open_entry(page)
    dialog.get_by_label("用人单位").select_option(label="安泰劳务")
    dialog.get_by_label("劳务队长", exact=True).select_option(label="王强班组")
    read(story, dialog.get_by_role("button", name="读卡"))
    expect(dialog.get_by_label("身份证号")).to_have_value(RESIDENT.number)
    expect(dialog.get_by_label("姓名", exact=True)).to_have_value(ON_READER)
    expect(dialog.locator("[data-who=ok]")).to_contain_text(ON_READER)
    assert Stay.objects.count() == 0, "reading saves nothing"
    choose(dialog, "钢筋工", "高中")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")


def next_with_the_same_leader_keeps_leader_and_employer(story):
    dialog = story.page.get_by_role("dialog")
    dialog.get_by_role("link", name="下一个(同一劳务队长)").click()
    expect(dialog.get_by_label("身份证号")).to_have_value("")
    expect(dialog.get_by_label("用人单位").locator("option:checked")).to_have_text("安泰劳务")
    expect(dialog.get_by_label("劳务队长", exact=True).locator("option:checked")).to_have_text("王强班组")
    type_number(dialog, story.cast.zhang)
    expect(dialog.locator("[data-who=ok]")).to_contain_text("张三")
    choose(dialog, "木工", "本科")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")


def a_leader_without_phone_is_refused(story):
    dialog = story.page.get_by_role("dialog")
    dialog.get_by_role("link", name="下一个(同一用人单位)").click()
    type_number(dialog, story.cast.person("李队长"))
    dialog.get_by_label("是否劳务队长").select_option(label="是")
    choose(dialog, "钢筋工", "高中")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("劳务队长（班组长）必须填写手机号（R-12）")
    expect(dialog.locator("[data-form-errors]")).to_be_focused()  # the page has announced the error, typing may begin
    dialog.get_by_label("手机号").fill("15499000077")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")


def unknown_number_is_refused_and_enters_irregularly(story):
    page = story.page
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("link", name="下一个(其他)").click()
    expect(dialog.get_by_label("用人单位")).to_have_value("")
    dialog.get_by_label("用人单位").select_option(label="恒立幕墙")
    dialog.get_by_label("身份证号").fill(UNKNOWN)
    choose(dialog, "架子工", "高中")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("该人员尚未实名登记，请先进行人员建档（R-06）")

    dialog.get_by_role("link", name="非正常登记").last.click()
    expect(dialog.get_by_role("heading", name="证件信息")).to_be_visible()
    expect(dialog.get_by_label("身份证号")).to_have_value(UNKNOWN)
    dialog.locator("[name=name]").fill("新来的")
    dialog.get_by_label("出生日期").fill(f"{BORN}")
    for name, label in {"place": "恒立幕墙", "trade": "架子工", "education": "高中"}.items():
        expect(dialog.locator(f"[name={name}] option:checked")).to_have_text(label)  # the earlier choice
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")
    dialog.get_by_role("link", name="完成").click()
    expect(row(page, "新来的")).to_contain_text("未实名")
    assert Person.by_id_number(UNKNOWN).identity_source == "irregular"


def a_row_is_restored_or_saved(story):
    page = story.page
    row(page, "张三").get_by_role("link", name="编辑").click()
    editing = page.locator(".desk-row")
    editing.get_by_label("从事主要工种").select_option(label="电焊工")
    editing.get_by_role("button", name="撤销").click()
    expect(row(page, "张三")).to_contain_text("木工")

    row(page, "张三").get_by_role("link", name="编辑").click()
    editing.get_by_label("从事主要工种").select_option(label="钢筋工")
    editing.get_by_role("button", name="保存").click()
    told(page, "保存成功!张三")
    expect(row(page, "张三")).to_contain_text("钢筋工")


def exits_are_found_by_trade_and_by_reader(story):
    page = story.page
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="退场管理").click()
    page.get_by_label("主要工种").select_option(label="架子工")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="重置").click()
    read(story, page.get_by_role("button", name="读卡"))
    expect(page.get_by_label("人员", exact=True)).to_have_value(RESIDENT.number)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(row(page, ON_READER)).to_be_visible()
    page.get_by_role("link", name="重置").click()


def two_leave_with_one_rating(story):
    page = story.page
    page.get_by_label("用人单位").fill("安泰")
    page.get_by_role("button", name="查询").click()
    expect(row(page, "新来的")).to_have_count(0)
    for name in (ON_READER, "张三"):
        row(page, name).get_by_role("checkbox").check()
    page.get_by_role("button", name="退场登记").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("退工日期")).not_to_have_value("")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("请填写：用工评价（R-10）")
    dialog.get_by_label("良").check()
    dialog.get_by_label("评价内容").fill("手快")
    dialog.get_by_role("button", name="保存").click()
    told(page, "已退场 2 人。")
    expect(page.get_by_label("用人单位")).to_have_value("安泰")  # the search stays for the next workers
    page.get_by_role("link", name="重置").click()
    assert sorted(Stay.objects.exclude(exited_on=None).values_list("rating", "rating_note")) == [("good", "手快")] * 2


def one_of_them_again_is_refused(story):
    page = story.page
    for name in ("张三", "新来的"):
        row(page, name).get_by_role("checkbox").check()
    page.get_by_role("button", name="退场登记").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("良").check()
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("该人员已经退场，不能重复操作")
    expect(dialog).to_contain_text("张三")
    assert Stay.objects.get(person__name="新来的").on_site
    dialog.get_by_role("button", name="取消").click()


def the_query_shows_both_with_everything(story):
    page = story.page
    go(page, "用工查询")
    page.get_by_label("进场状态").select_option(label="退场")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    for name in (ON_READER, "张三"):
        row(page, name).get_by_role("link", name="查看").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        expect(row(page, "滨江一期")).to_contain_text("良")
        expect(row(page, "滨江一期")).to_contain_text("手快")
        expect(page.get_by_role("heading", name="逐日打卡")).to_be_visible()
        page.go_back()


# Helpers.


def open_entry(page):
    page.get_by_role("link", name="进场登记").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("进场日期")).not_to_have_value("")
    return dialog


def read(story, button):
    """Put the card on the reader, press the button, and remove the card."""
    story.table.put(RESIDENT)
    button.click()
    expect(story.page.locator("[data-reader-say]").last).to_contain_text(f"已读到{ON_READER}")


def choose(dialog, trade, education):
    dialog.get_by_label("从事主要工种").select_option(label=trade)
    dialog.get_by_label("文化程度").select_option(label=education)


def type_number(dialog, person):
    dialog.get_by_label("身份证号").fill(person.id_number.plain)
    dialog.get_by_label("身份证号").press("Tab")
