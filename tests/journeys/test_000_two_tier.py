"""[000] 进场人员实名信息录入 (2021): the acceptance script over three tiers.

安泰劳务 registers and allocates, 恒立幕墙 (一级专业) accepts, 宏基总包 only reads. The card reader is the simulator on a
pseudo-terminal with a loopback bridge before it; the login by certificate has its own tests with a proxy.
"""

import re
from datetime import timedelta
from functools import cached_property

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shiming.devices.tests.conftest import desk, drawn, reader_ports, running, terminal  # noqa: F401
from shiming.devices.tests.vectors import RESIDENT
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from shiming.presence.models import Stay
from shiming.projects.models import Grant, ProjectPolicy
from tests.callers import codes, firm
from tests.journeys import logins
from tests.journeys.steps import go, row, told

ON_READER = "欧阳样例"


class Story:
    def __init__(self, live, window, table):
        self.live, self.cast, self.window, self.table = live, live.cast, window, table

    @cached_property
    def clerk(self):
        page = self.window("desk")
        logins.company(page, self.cast.hr)
        return page

    @cached_property
    def specialist(self):
        page = self.window("desk")
        logins.site(page, self.live, self.cast.specialist_pm)
        return page


@pytest.fixture
def story(live, window, desk):  # noqa: F811
    told_of = Story(live, window, desk)
    cast = told_of.cast
    assert cast.gc_pm and cast.specialist_pm and cast.labour_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    unfiled = cast.project("未报送工地", policy="two_tier")
    cast.participation(unfiled, cast.antai, "labour")
    cast.team("钢筋一组"), cast.team("木工二组")
    cast.person("张三"), cast.person("李四")
    desk.reader_bridge()
    return told_of


def test_acceptance_script_of_manual_000(story):
    labour_firm_logs_in_and_sees_its_certificate(story)
    unverified_is_refused_and_led_to_the_reader_and_back(story)
    name_and_portrait_appear_and_the_next_form_is_empty(story)

    only_filed_contracts_are_offered(story)
    people_are_taken_from_the_tree_and_one_is_put_back(story)
    nobody_is_in_the_tree_twice(story)

    specialist_sees_one_masked_and_accepts_him_with_lodging(story)
    several_are_accepted_at_once(story)
    one_is_refused_with_a_reason(story)
    general_contractor_sees_the_confirmed_only_and_changes_nothing(story)
    an_operator_without_authorisation_is_told_whom_to_ask(story)

    leaving_keeps_the_row_and_a_second_job_is_a_second_row(story)
    the_person_may_object(story)


def labour_firm_logs_in_and_sees_its_certificate(story):
    page = story.clerk
    expect(page.get_by_role("main")).to_contain_text("证书序列号")
    expect(page.get_by_role("main")).to_contain_text("证书有效期至")
    menu = page.get_by_role("navigation", name="主菜单")
    for label in ("用工信息查询", "未读卡人员登记", "基本信息登记", "人员项目分配"):
        expect(menu.get_by_role("link", name=label)).to_be_visible()


def unverified_is_refused_and_led_to_the_reader_and_back(story):
    page = story.clerk
    go(page, "基本信息登记")
    page.get_by_role("main").get_by_role("link", name=re.compile(r"^\s*登记$")).first.click()
    page.get_by_label("身份证号").fill(RESIDENT.number)
    page.get_by_label("身份证号").press("Tab")
    expect(page.locator("#who")).to_contain_text("该人员尚未实名登记，请先进行人员建档")
    page.get_by_label("劳动合同生效日期").fill("2026-03-02")
    page.get_by_role("button", name="实名登记（人员建档身份证读卡）").click()
    story.table.put(RESIDENT)
    page.get_by_role("button", name="点击读卡").click()
    page.get_by_alt_text(f"{ON_READER}的证件照片").wait_for()
    page.get_by_role("button", name="完成读卡返回").click()
    expect(page).to_have_url(re.compile("/employments/registrations/new/"))
    expect(page.get_by_label("劳动合同生效日期")).to_have_value("2026-03-02")
    expect(page.locator("#who")).to_contain_text(ON_READER)
    expect(page.get_by_alt_text(f"{ON_READER}的照片")).to_be_visible()
    fill_work(page, "钢筋工", "钢筋一组")
    page.get_by_role("button", name="保存并下一个").click()
    told(page, f"保存成功!{ON_READER}已登记在职")


def name_and_portrait_appear_and_the_next_form_is_empty(story):
    page = story.clerk
    expect(page.get_by_label("身份证号")).to_have_value("")
    expect(page.get_by_label("从事主要工种")).to_have_value("")
    register(page, story.cast.zhang, "钢筋工", "钢筋一组", "保存并下一个")
    register(page, story.cast.person("李四"), "木工", "木工二组", "保存")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(row(page, "张三")).to_contain_text(str(story.cast.zhang.id_number))
    expect(page.get_by_role("main")).not_to_contain_text(story.cast.zhang.id_number.plain)


def only_filed_contracts_are_offered(story):
    page = story.clerk
    go(page, "人员项目分配")
    expect(row(page, "滨江一期")).to_be_visible()
    expect(row(page, "未报送工地")).to_have_count(0)


def people_are_taken_from_the_tree_and_one_is_put_back(story):
    page = story.clerk
    row(page, "滨江一期").get_by_role("link", name="进场").click()
    left, right = page.get_by_label("已登记人员"), page.get_by_label("待分配人员信息")
    expect(left).to_contain_text("张三【钢筋工】")
    left.get_by_role("checkbox", name="钢筋一组").check()
    left.get_by_role("button", name="添加").click()
    expect(right.locator("li")).to_have_count(2)
    left.get_by_label("李四【木工】").check()
    left.get_by_role("button", name="添加").click()
    right.get_by_label("李四【木工】").check()
    right.get_by_role("button", name="移除").click()
    expect(right.locator("li")).to_have_count(2)
    page.get_by_role("button", name="确认分配").click()
    told(page, "分配成功 2 人。")


def nobody_is_in_the_tree_twice(story):
    page = story.clerk
    expect(page.get_by_label("已登记人员")).to_contain_text("李四【木工】")
    expect(page.get_by_label("已登记人员")).not_to_contain_text("张三")
    cast = story.cast
    employment = Employment.objects.get(person=cast.zhang, status="active")
    again = firm(cast, cast.antai).post(
        "/assignments", employment_ids=[str(employment.pk)], participation_id=str(cast.labour_place.pk), role="worker"
    )
    assert codes(again) == ["R-18"]


def specialist_sees_one_masked_and_accepts_him_with_lodging(story):
    page = story.specialist
    go(page, "进场人员确认")
    page.get_by_label("姓名").fill("张三")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(row(page, "张三")).to_contain_text(str(story.cast.zhang.id_number))
    expect(page.get_by_role("main")).not_to_contain_text(story.cast.zhang.id_number.plain)
    row(page, "张三").get_by_role("link", name="接收").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("是", exact=True).check()
    dialog.get_by_role("button", name="保存").click()
    told(page, "已接收。")
    page.get_by_role("link", name="已处理人员").click()
    expect(row(page, "张三")).to_contain_text("接收")
    stay = Stay.objects.get(person=story.cast.zhang)
    assert (stay.method, stay.entered_on, stay.assignment.lodges_on_site) == ("acceptance", timezone.localdate(), True)


def several_are_accepted_at_once(story):
    allocate(story, "李四【木工】")
    page = story.specialist
    go(page, "进场人员确认")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("全选").check()
    page.get_by_role("button", name="批量接收").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("否", exact=True).check()
    dialog.get_by_role("button", name="保存").click()
    told(page, "已接收 2 人。")


def one_is_refused_with_a_reason(story):
    page = story.clerk
    go(page, "基本信息登记")
    page.get_by_role("main").get_by_role("link", name=re.compile(r"^\s*登记$")).first.click()
    register(page, story.cast.person("王五"), "木工", "木工二组", "保存")
    allocate(story, "王五【木工】")
    page = story.specialist
    go(page, "进场人员确认")
    row(page, "王五").get_by_role("link", name="拒绝").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="拒绝").click()
    expect(dialog).to_contain_text("请填写不通过原因（R-40）")
    dialog.get_by_label("不通过原因").fill("人已满")
    dialog.get_by_role("button", name="拒绝").click()
    told(page, "已拒绝。")


def general_contractor_sees_the_confirmed_only_and_changes_nothing(story):
    page = story.window("desk", story.cast.gc_pm)
    page.goto("/site/")
    go(page, "用工查询")
    for name in ("张三", "李四", ON_READER):
        expect(row(page, name)).to_be_visible()
    expect(row(page, "王五")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link", name="编辑")).to_have_count(0)
    row(page, "张三").get_by_role("link", name="查看").click()
    expect(page.get_by_role("main")).to_contain_text("是否住宿在工地")


def an_operator_without_authorisation_is_told_whom_to_ask(story):
    story.cast.operator("赵操作", story.cast.specialist_place)
    yesterday = timezone.localdate() - timedelta(days=1)
    Grant.objects.filter(person__name="赵操作").update(starts_on=yesterday, ends_on=yesterday)
    page = story.window("desk")
    logins.site_with_code(page, story.live, story.cast.person("赵操作"), "现场操作用户")
    expect(page.locator("body")).to_contain_text("授权已到期，请项目负责人重新授权")
    expect(page.locator("body")).to_contain_text("R-16")


def leaving_keeps_the_row_and_a_second_job_is_a_second_row(story):
    page = story.clerk
    go(page, "基本信息登记")
    row(page, "张三").get_by_role("link", name="离职").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("离职原因").fill("工程完工")
    dialog.get_by_role("button", name="确认离职").click()
    told(page, "张三已离职，历史保留。")
    expect(row(page, "张三")).to_contain_text("离职")
    assert Stay.objects.get(person=story.cast.zhang).auto

    page.get_by_role("main").get_by_role("link", name=re.compile(r"^\s*登记$")).first.click()
    register(page, story.cast.zhang, "木工", "木工二组", "保存")
    expect(row(page, "张三")).to_have_count(2)
    expect(row(page, "张三", "离职", "钢筋一组")).to_have_count(1)
    expect(row(page, "张三", "在职", "木工二组")).to_have_count(1)


def the_person_may_object(story):
    phone = story.window("phone", story.cast.himself())
    phone.goto("/m/inbox/")
    phone.get_by_role("link", name="安泰劳务办理了您的离职").first.click()
    phone.get_by_role("button", name=re.compile("^有异议")).click()
    told(phone, "您的异议已告知单位")
    assert InboxItem.objects.filter(company=story.cast.antai, title="张三对登记提出异议").exists()


# Helpers.


def register(page, person, trade, team, button):
    page.get_by_label("身份证号").fill(person.id_number.plain)
    page.get_by_label("身份证号").press("Tab")
    expect(page.locator("#who [data-who=ok]")).to_contain_text(person.name)
    fill_work(page, trade, team)
    page.get_by_role("button", name=button, exact=True).click()
    told(page, f"保存成功!{person.name}已登记在职")


def fill_work(page, trade, team):
    page.get_by_label("从事主要工种").select_option(label=trade)
    page.get_by_label(re.compile(r"^\s*班组长")).select_option(label=team)
    page.get_by_label("劳动合同生效日期").fill("2026-01-01")
    page.get_by_label("文化程度").select_option(label="本科")


def allocate(story, label):
    page = story.clerk
    go(page, "人员项目分配")
    row(page, "滨江一期").get_by_role("link", name="进场").click()
    page.get_by_label(label).check()
    page.get_by_role("button", name="添加").click()
    page.get_by_role("button", name="确认分配").click()
    told(page, "分配成功")
