"""[002] 疫情防控实名制登记 (2020): the acceptance script of the site, over the flow of manual [003].

王总包 is the PM of 滨江一期. The health cloud is the provider `local`, whose declarations the test puts on file. The
supervisor's sentence is checked through the queries of this module.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shiming.admission import commands as admission
from shiming.health import queries
from shiming.health.declarations import Declared
from shiming.health.models import FamilyMember, PreRegistration
from shiming.health.tests.cases import put_on_file
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id
from tests.journeys import logins
from tests.journeys.steps import go, row, told

FAMILY = invented_id(481)
PDF = {"name": "复工检查表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 %%EOF"}


class Story:
    def __init__(self, live, window):
        self.live, self.cast = live, live.cast
        self.page = window("desk")


@pytest.fixture
def story(live, window):
    told_of = Story(live, window)
    cast = told_of.cast
    assert cast.gc_pm and cast.labour_place and cast.specialist_place and cast.zhang
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    draft = admission.draft(cast.binjiang, "health", effect="refuse", settings={"declaration_days": 14}, by=cast.admin)
    admission.start(draft, on=timezone.localdate(), by=cast.admin)
    return told_of


def test_acceptance_script_of_manual_002(story):
    pm_logs_in_and_chooses_the_contract(story)

    upload_before_saving_is_refused(story)
    information_is_submitted_and_the_form_uploaded(story)

    a_person_not_preregistered_is_refused(story)
    a_missing_declaration_is_refused(story)
    the_declaration_fills_the_fields(story)
    a_firm_without_contract_is_refused(story)
    the_employer_brings_contract_and_project(story)

    a_family_member_is_added(story)
    the_daily_health_is_noted(story)

    isolation_without_time_is_refused(story)
    isolation_keeps_the_person_out(story)
    cleared_again_the_entry_works(story)
    the_figures_count_both(story)


def pm_logs_in_and_chooses_the_contract(story):
    logins.site(story.page, story.live, story.cast.gc_pm)


def upload_before_saving_is_refused(story):
    page = story.page
    go(page, "工地疫情防控信息")
    page.get_by_label("建筑工地复工检查表").set_input_files(PDF)
    page.get_by_role("button", name="上传复工检查表").click()
    expect(page.locator("main")).to_contain_text("请先保存工地疫情防控信息记录，再上传建筑工地复工检查表！（R-37）")


def information_is_submitted_and_the_form_uploaded(story):
    page = story.page
    page.get_by_label("疫情防控小组成员及联系电话").fill("王总包 15499000001")
    page.get_by_label("对口医院").fill("区中心医院")
    page.get_by_label("物资名称").first.fill("口罩")
    page.get_by_label("数量").first.fill("500")
    page.get_by_role("button", name="提交").click()
    told(page, "已保存工地疫情防控信息。")
    page.get_by_label("建筑工地复工检查表").set_input_files(PDF)
    page.get_by_role("button", name="上传复工检查表").click()
    told(page, "已上传复工检查表.pdf。")
    expect(page.locator("main")).to_contain_text("首次提交")


def a_person_not_preregistered_is_refused(story):
    dialog = enter(story)
    expect(dialog).to_contain_text("该人员未预登记，不能进场登记（R-33）")
    assert not Stay.objects.exists()


def a_missing_declaration_is_refused(story):
    page = story.page
    page.goto("/site/")
    go(page, "进场预登记")
    page.get_by_role("link", name="进场预登记").last.click()
    page.get_by_label("身份证号").fill(story.cast.zhang.id_number.plain)
    page.get_by_label("姓名").fill("张三")
    page.get_by_role("button", name="获取健康云信息").click()
    expect(page.locator("main")).to_contain_text("请先在健康云完成来沪人员健康登记（R-35）")


def the_declaration_fills_the_fields(story):
    zhang, page = story.cast.zhang, story.page
    put_on_file(zhang.id_number.plain, declaration("张三", zhang.phone.plain))
    page.get_by_role("button", name="获取健康云信息").click()
    block = page.locator("[data-declared]")
    for words in ("上海市宝山区", "36.5", "无异常症状", "火车", "沿河路 8 号"):
        expect(block).to_contain_text(words)
    expect(page.get_by_label("出发地")).to_have_value("安徽省阜阳市")
    expect(page.get_by_label("手机号")).to_have_value(str(zhang.phone))
    expect(page.get_by_label("手机号")).not_to_be_editable()


def a_firm_without_contract_is_refused(story):
    page = story.page
    page.get_by_label("用人单位").select_option(label="安泰劳务（合同未报送）")
    page.get_by_role("button", name="添加").click()
    expect(page.locator("main")).to_contain_text("用人单位未显示，请先在合同报送系统登记合同（R-36）")


def the_employer_brings_contract_and_project(story):
    page = story.page
    filing = story.cast.filing(story.cast.labour_place, "孙劳务")
    page.goto("/health/pre-registrations/new/")
    page.get_by_label("身份证号").fill(story.cast.zhang.id_number.plain)
    page.get_by_label("姓名").fill("张三")
    page.get_by_role("button", name="获取健康云信息").click()
    expect(page.locator("[data-declared]")).to_be_visible()
    slot = page.locator("[data-contract-slot]")
    page.wait_for_load_state("networkidle")  # the lookup by name may still answer and replace the form
    page.get_by_label("用人单位").select_option(label="安泰劳务")
    if not slot.filter(has_text=filing.number).count():
        page.get_by_label("用人单位").dispatch_event("change")
    expect(slot).to_contain_text(filing.number)
    expect(page.locator("[data-contract-slot]")).to_contain_text("滨江一期")
    page.get_by_role("button", name="添加").click()
    told(page, "已为张三办理进场预登记。")
    expect(row(page, "张三")).to_contain_text("安泰劳务")
    assert PreRegistration.objects.get().filing == filing


def a_family_member_is_added(story):
    page = story.page
    put_on_file(FAMILY, declaration("李家属", ""))
    row(page, "张三").get_by_role("link", name="携带家属").click()
    page.get_by_role("link", name="携带家属登记").click()
    page.get_by_label("身份证号").fill(FAMILY)
    page.get_by_label("姓名").fill("李家属")
    page.get_by_role("button", name="获取健康云信息").click()
    expect(page.locator("[data-declared]")).to_contain_text("无异常症状")
    page.get_by_label("手机号").fill("15499000088")
    page.get_by_role("button", name="添加").click()
    told(page, "已登记张三的家属李家属。")
    expect(row(page, "李家属")).to_contain_text("154*****088")
    assert FamilyMember.objects.count() == 1


def the_daily_health_is_noted(story):
    page = story.page
    page.goto("/health/pre-registrations/")
    row(page, "张三").get_by_role("link", name="每日健康").click()
    page.get_by_role("link", name="新增健康状态").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("无上述异常症状").check()
    dialog.get_by_label("体温").fill("37.0")
    dialog.get_by_role("button", name="提交").click()
    told(page, "已记录张三的健康状态。")
    expect(row(page, "37.0")).to_contain_text("无上述异常症状")


def isolation_without_time_is_refused(story):
    dialog = dispose(story, "集中隔离观察")
    expect(dialog).to_contain_text("请填写隔离/就医时间和方式（R-38）")


def isolation_keeps_the_person_out(story):
    page = story.page
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("隔离/就医时间自").fill(f"{timezone.localdate()}")
    dialog.get_by_label("隔离/就医方式").fill("定点酒店")
    dialog.get_by_role("button", name="添加").click()
    told(page, "张三的当前状态：需隔离。")
    expect(enter(story)).to_contain_text("当前状态“需隔离”，不能进场登记（R-34）")
    assert not Stay.objects.exists()


def cleared_again_the_entry_works(story):
    dispose(story, "未发现异常情况 同意进场")
    told(story.page, "张三的当前状态：可进场。")
    dialog = enter(story)
    expect(dialog).to_contain_text("保存成功!")
    assert Stay.objects.get().person == story.cast.zhang


def the_figures_count_both(story):
    site = story.cast.binjiang.pk
    assert queries.preregistered([site]) == {site: 2}
    assert Stay.objects.filter(project=site, exited_on=None).count() == 1


def enter(story):
    """进场登记 of 张三 at the desk; the employer comes from the pre-registration, where there is one."""
    page, known = story.page, PreRegistration.objects.exists()
    page.goto("/stays/desk/")
    page.locator("main").get_by_role("link", name="进场登记", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("身份证号").fill(story.cast.zhang.id_number.plain)
    dialog.get_by_label("姓名", exact=True).focus()  # leaving the number looks the person up
    expect(dialog.locator("[data-who]").first).to_contain_text("张三")
    place = dialog.get_by_label("用人单位")
    if known:
        expect(place.locator("option:checked")).to_have_text("安泰劳务")
    else:
        place.select_option(label="安泰劳务")
    dialog.get_by_label("从事主要工种").select_option(label="钢筋工")
    dialog.get_by_label("文化程度").select_option(label="高中")
    dialog.get_by_role("button", name="添加").click()
    return dialog


def dispose(story, way):
    page = story.page
    page.goto("/health/pre-registrations/")
    row(page, "张三").get_by_role("link", name="处置方式").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[name=way]").select_option(label=way)
    dialog.get_by_role("button", name="添加").click()
    return dialog


def declaration(name, phone) -> Declared:
    return Declared(
        name,
        timezone.now(),
        reported_place="上海市宝山区",
        temperature="36.5",
        condition="无异常症状",
        travelled_on="2026-11-28",
        travelled_by="火车",
        address="沿河路 8 号",
        origin="安徽省阜阳市",
        phone=phone,
    )
