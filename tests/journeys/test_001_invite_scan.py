"""[001] 建设工程实名制管理系统 (2023): from the photo of an ID card to the end of the employment, in the manual's order.

张三 of the manual is an invented person here and registers on a phone; the others act at their own doors: 陈人事 of 安泰劳务,
王总包 of the general contractor, 孙劳务 of the subcontractor, and 李四, still employed by 远大总包.
"""

import os
import re
import sys
from datetime import date
from functools import cached_property
from itertools import islice
from subprocess import run

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shiming.demo import cards, invented
from shiming.employment.models import Employment
from shiming.presence.models import Stay
from tests.journeys import logins
from tests.journeys.steps import (
    answer,
    code_on_the_screen_of,
    dismiss,
    fill_the_profile,
    go,
    hire,
    hold_up,
    refused,
    row,
    scan,
    told,
)
from tests.server import addresses, at

ON = date(2026, 1, 5)
READING = 60_000  # milliseconds: a slow machine may need this to read both sides of the card


class Story:
    """The users of the story, each with a window that opens on first use."""

    def __init__(self, live, window, camera, folder):
        self.live, self.cast, self.window, self.camera, self.folder = live, live.cast, window, camera, folder
        self.me = next(islice(invented.people(7, 40, on=ON), 9, None))
        self.li = self.cast.person("李四")

    @cached_property
    def worker(self):
        """The worker's phone, logged in by number and code."""
        page = self.window("phone")
        logins.person(page, self.live, self.me.phone)
        return page

    @cached_property
    def clerk(self):
        """陈人事's PC, logged in by password and app."""
        page = self.window("desk")
        logins.company(page, self.cast.hr)
        return page

    @cached_property
    def site(self):
        """王总包's PC, logged in by ID number, phone, picture and dynamic code."""
        page = self.window("desk")
        logins.site(page, self.live, self.cast.gc_pm)
        return page

    @cached_property
    def gate(self):
        """王总包's phone at the gate."""
        return self.window("phone", self.cast.gc_pm)

    @cached_property
    def li_phone(self):
        return self.window("phone", self.cast.himself(self.li))

    def files(self) -> dict[str, str]:
        """The two sides of the worker's card, photographed."""
        card = cards.card_of(self.me, on=ON)
        sides = {"front": cards.front(card), "back": cards.back(card)}
        for name, image in sides.items():
            (self.folder / f"{name}.jpg").write_bytes(cards.photograph(image))
        return {name: str(self.folder / f"{name}.jpg") for name in sides}


@pytest.fixture
def story(live, window, camera, tmp_path) -> Story:
    """Contracts are filed, 王五 and 孙劳务 have long been employed by 安泰劳务, 李四 by 远大总包."""
    told = Story(live, window, camera, tmp_path)
    cast = told.cast
    assert cast.gc_pm and cast.labour_pm and cast.stranger_hr
    cast.employment(cast.person("王五"), team=cast.team())
    cast.employment(cast.person("孙劳务"), kind="manager", duty="项目经理", trade="")
    cast.employment(told.li, cast.yuanda)
    return told


def test_acceptance_script_of_manual_001(story):
    person_uploads_the_photos_of_his_id_card(story)
    company_hires_before_the_batch_and_waits(story)
    batch_runs_and_the_hiring_goes_on_by_itself(story)
    company_withdraws_and_invites_again(story)
    person_confirms_and_is_employed(story)
    company_completes_his_profile_as_a_worker(story)

    somebody_employed_elsewhere_cannot_be_hired(story)
    he_asks_to_leave_and_the_old_employer_agrees(story)
    now_the_hire_works(story)

    company_allocates_site_first(story)
    company_allocates_people_first_in_a_batch(story)
    company_allocates_a_manager_by_position(story)
    nobody_enters_before_the_site_agrees(story)
    site_agrees(story)

    general_contractors_pm_scans_the_labour_worker_in(story)
    subcontractors_pm_may_not(story)
    no_attendance_before_entry(story)
    pm_scans_the_worker_for_attendance(story)
    worker_scans_the_site_code_again_soon(story)
    pm_scans_the_worker_out(story)

    company_dismisses_a_worker_on_site(story)
    he_agrees_and_leaves_the_site_by_that(story)
    manager_on_site_cannot_be_dismissed(story)
    he_leaves_the_site_first_and_then_it_works(story)


# 一、个人信息登记 and 二、聘用


def person_uploads_the_photos_of_his_id_card(story):
    page, files = story.worker, story.files()
    expect(page.get_by_role("heading", name="填报须知")).to_be_visible()
    page.get_by_label("已阅读填报须知").check()
    page.get_by_role("button", name="开始登记").click()
    for side in ("front", "back"):
        expect(page).to_have_url(re.compile(f"/photo/{side}/"))
        page.locator("input[type=file]").set_input_files(files[side])
        expect(page.locator(".has-photo")).to_be_visible()
        page.get_by_role("button", name="下一步").click()
    expect(page).to_have_url(re.compile("/photo/portrait/"), timeout=READING)
    page.get_by_role("button", name="现在不拍").click()

    page.get_by_label("姓名").fill(story.me.name)
    page.get_by_label("身份证号").fill(story.me.id_number)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("heading", name="待核验")).to_be_visible()
    page.get_by_role("button", name="进入个人端").click()
    expect(page.get_by_role("heading", name=f"{story.me.name}，您好")).to_be_visible()


def company_hires_before_the_batch_and_waits(story):
    go(story.clerk, "聘用管理")
    hire(story.clerk, story.me.name, story.me.id_number)
    told(story.clerk, f"{story.me.name}：个人信息正在处理，无需重复登记，处理完成后自动继续（第")
    expect(story.clerk.get_by_role("heading", level=1)).to_contain_text("待建档")


def batch_runs_and_the_hiring_goes_on_by_itself(story):
    env = os.environ | {"DATABASE_URL": at(addresses()[0].app, story.live.database)}
    env["DJANGO_SETTINGS_MODULE"] = "shiming.config.settings"
    batch = [sys.executable, "-m", "django", "identity_batch"]
    done = run(batch, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "核验 1 人：通过 1，失败 0，待人工 0\n"), done.stderr

    go(story.clerk, "聘用管理")
    expect(row(story.clerk, story.me.name)).to_contain_text("聘用待确认")


def company_withdraws_and_invites_again(story):
    page = story.clerk
    row(page, story.me.name).get_by_role("button", name="撤回").click()
    page.locator("#confirm").get_by_role("button", name="确认").click()
    told(page, f"已撤回对{story.me.name}的聘用邀请。")
    expect(row(page, story.me.name)).to_contain_text("已撤回")

    hire(page, story.me.name, story.me.id_number)
    told(page, f"已向{story.me.name}发出聘用邀请，请本人在手机上确认。")
    expect(row(page, story.me.name, "聘用待确认")).to_be_visible()


def person_confirms_and_is_employed(story):
    answer(story.worker, "安泰劳务请您受聘", "确认")
    told(story.worker, "您已在安泰劳务在职。")


def company_completes_his_profile_as_a_worker(story):
    page = story.clerk
    go(page, "完善建筑工人信息")
    page.get_by_role("link", name="添加人员").click()
    expect(page.get_by_label("身份")).to_have_value("worker")
    row(page, story.me.name).get_by_role("link", name="选择").click()
    fill_the_profile(page, story.me.name)


def somebody_employed_elsewhere_cannot_be_hired(story):
    page = story.clerk
    go(page, "聘用管理")
    hire(page, "李四", story.li.id_number.plain)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出（R-05）")
    expect(dialog).not_to_contain_text("远大")
    dialog.get_by_role("button", name="取消").click()


def he_asks_to_leave_and_the_old_employer_agrees(story):
    page = story.li_phone
    page.goto("/m/employments/")
    page.get_by_role("link", name="离职申请").click()
    page.get_by_label("换工作").check()
    page.get_by_role("button", name="提交离职申请").click()
    told(page, "离职申请已提交")

    old_employer = story.window("desk", story.cast.stranger_hr)
    old_employer.goto("/employments/leaves/")
    row(old_employer, "李四").get_by_role("link", name="同意离职").click()
    old_employer.get_by_role("dialog").get_by_role("button", name="同意离职").click()
    told(old_employer, "李四的聘用已结束。")


def now_the_hire_works(story):
    hire(story.clerk, "李四", story.li.id_number.plain)
    told(story.clerk, "已向李四发出聘用邀请，请本人在手机上确认。")
    answer(story.li_phone, "安泰劳务请您受聘", "确认")
    told(story.li_phone, "您已在安泰劳务在职。")
    go(story.clerk, "完善建筑工人信息")
    row(story.clerk, "李四").get_by_role("link", name="完善信息").click()
    fill_the_profile(story.clerk, "李四")


# 三、人员分配 and 四、确认


def company_allocates_site_first(story):
    page = story.clerk
    go(page, "人员分配")
    row(page, "滨江一期").get_by_role("link", name="分配人员").click()
    row(page, story.me.name).get_by_role("checkbox").check()
    page.get_by_role("button", name="保存信息").click()
    told(page, "分配成功")


def company_allocates_people_first_in_a_batch(story):
    page = story.clerk
    page.get_by_role("link", name="待分配人员").click()
    expect(row(page, "李四").get_by_role("link", name="分配人员")).to_be_visible()
    for name in ("李四", "王五"):
        row(page, name).get_by_role("checkbox").check()
    page.get_by_role("button", name="批量分配").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("工地").select_option(index=1)
    dialog.get_by_label("角色").select_option(label="建筑工人")
    dialog.get_by_role("button", name="保存信息").click()
    told(page, "分配成功 2 人。")


def company_allocates_a_manager_by_position(story):
    page = story.clerk
    go(page, "人员分配")
    row(page, "滨江一期").get_by_role("link", name="分配人员").click()
    page.get_by_role("navigation", name="角色").get_by_role("link", name="管理人员").click()
    position = page.locator("[data-position=项目经理]")
    position.get_by_role("link", name="添加人员").click()
    page.get_by_role("dialog").get_by_label("孙劳务").check()
    page.get_by_role("dialog").get_by_role("button", name="分配").click()
    expect(position).to_contain_text("孙劳务")
    page.get_by_role("button", name="保存信息").click()
    told(page, "分配成功")


def nobody_enters_before_the_site_agrees(story):
    refused(scan(story.camera, story.gate, code_on_the_screen_of(story.worker)), "R-20", "该人员尚未确认分配")


def site_agrees(story):
    page = story.site
    go(page, "人员分配")
    row(page, story.me.name).get_by_role("button", name="同意").click()
    told(page, "已同意。")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="同意").first.click()
    told(page, "已同意 3 人。")


# 五、进场 and 六、考勤


def general_contractors_pm_scans_the_labour_worker_in(story):
    verdict = scan(story.camera, story.gate, code_on_the_screen_of(story.worker))
    expect(verdict).to_contain_text(story.me.name)
    expect(verdict).to_contain_text("已进场")
    go(story.site, "进退场管理")
    expect(row(story.site, story.me.name)).to_contain_text("在场")


def subcontractors_pm_may_not(story):
    his_phone = story.window("phone", story.cast.labour_pm)
    verdict = scan(story.camera, his_phone, code_on_the_screen_of(story.li_phone))
    refused(verdict, "R-21", "劳务分包人员须由施工总包项目经理扫码进场")


def no_attendance_before_entry(story):
    verdict = scan(story.camera, story.gate, code_on_the_screen_of(story.li_phone), "考勤扫码")
    refused(verdict, "R-31", "请先办理进场")


def pm_scans_the_worker_for_attendance(story):
    verdict = scan(story.camera, story.gate, code_on_the_screen_of(story.worker), "考勤扫码")
    expect(verdict).to_contain_text(story.me.name)
    expect(verdict).to_contain_text("进场打卡")


def worker_scans_the_site_code_again_soon(story):
    go(story.site, "工地码")
    poster = story.site.get_by_role("img", name="滨江一期的工地码").screenshot()
    hold_up(story.camera, poster)
    page = story.worker
    page.goto("/m/")
    page.get_by_role("link", name="打卡").first.click()
    page.get_by_role("button", name="开始扫码").click()
    expect(page.locator("[data-verdict=warn]")).to_contain_text("已打过卡")


def pm_scans_the_worker_out(story):
    verdict = scan(story.camera, story.gate, code_on_the_screen_of(story.worker), "考勤扫码", "出")
    expect(verdict).to_contain_text("出场打卡")


# 七、退场 and 八、解聘


def company_dismisses_a_worker_on_site(story):
    dismiss(story.clerk, story.me.name, "工程完工")
    told(story.clerk, f"已向{story.me.name}提出解聘，本人同意后生效。")


def he_agrees_and_leaves_the_site_by_that(story):
    answer(story.worker, "安泰劳务提出解聘", "同意")
    told(story.worker, "您已同意解聘，聘用到此结束。")
    employment = Employment.objects.get(person__name=story.me.name, status="ended")
    stay = Stay.objects.get(assignment__employment=employment)
    assert (stay.auto, stay.exited_on) == (True, timezone.localdate())

    go(story.clerk, "聘用管理")
    expect(row(story.clerk, story.me.name, "离职")).to_be_visible()
    story.site.goto(f"/stays/{stay.pk}/")
    expect(story.site.locator("main")).to_contain_text("（自动退场）")


def manager_on_site_cannot_be_dismissed(story):
    page = story.site
    go(page, "项目经理进退场管理")
    row(page, "孙劳务").get_by_role("link", name="进场登记").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    told(page, "已进场。")

    dismiss(story.clerk, "孙劳务", "合同到期", sure=False)
    expect(story.clerk.get_by_role("dialog")).to_contain_text("管理员须先在工地端退场：滨江一期（R-24）")
    story.clerk.get_by_role("dialog").get_by_role("button", name="取消").click()


def he_leaves_the_site_first_and_then_it_works(story):
    page = story.site
    row(page, "孙劳务").get_by_role("link", name="退场").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    told(page, "已退场。")

    dismiss(story.clerk, "孙劳务", "合同到期")
    told(story.clerk, "已向孙劳务提出解聘，本人同意后生效。")
    expect(row(story.clerk, "孙劳务")).to_contain_text("解聘待确认")
