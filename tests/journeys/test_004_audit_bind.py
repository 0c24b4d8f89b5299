"""[004] 住宅修缮实名制 (2022): the acceptance script, from the first project of a company to a manager's next one.

安泰劳务 keeps, binds and submits its people; 安居实施 audits them; 恒立幕墙 is the other company. The camera is a canvas
that does what the page asks (shiming/faces/tests/test_in_the_hand.py).
"""

from datetime import timedelta
from functools import cached_property

import cv2
import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shiming.assignment.models import Assignment
from shiming.attachments import commands as attachments
from shiming.attachments.holders import Holder
from shiming.attachments.models import SOCIAL_PROOF, Attachment
from shiming.attachments.tests.conftest import pdf
from shiming.binding.models import SelfForm
from shiming.binding.tests.conftest import TYPED
from shiming.core.actor import Role
from shiming.core.privacy import Secret, blind_index
from shiming.employment.models import Employment
from shiming.employment.tests.test_manager_browser import FIELDS, fill
from shiming.employment.tests.test_managers import NUMBER
from shiming.faces.tests import drawn
from shiming.faces.tests.test_in_the_hand import JUDGED, camera
from shiming.people.items import items_of
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import FiledPerson, Participation
from tests.cast import phone_number
from tests.journeys import logins
from tests.journeys.steps import go, row, told

BLOCKS = {
    "schools": {
        "school": "城东大学",
        "started_on": "1998-09-01",
        "finished_on": "2002-07-01",
        "major": "土木工程",
        "graduated": "True",
    },
    "contacts": {"relation": "配偶", "name": "韩家属", "phone": phone_number(303)},
    "training": {"institution": "城东培训中心", "course": "安全管理", "taken_on": "2025-03-01", "result": "合格"},
    "skills": {"name": "建筑工程师", "level": "中级", "issuer": "城东职称办", "obtained_on": "2015-12-01"},
    "credentials": {"number": "AQ-001", "name": "安全生产考核合格证", "valid_until": "2030-01-01"},
    "awards": {"name": "安全标兵", "issuer": "沿河街道", "awarded_on": "2024-01-15"},
}


class Story:
    def __init__(self, live, window):
        self.live, self.cast, self.window = live, live.cast, window

    @cached_property
    def clerk(self):
        page = self.window("desk")
        logins.company(page, self.cast.staff("冯经办", self.cast.antai, Role.PARTICIPANT_CLERK), "管理人员登记")
        return page

    @cached_property
    def auditor(self):
        page = self.window("desk")
        logins.company(page, self.cast.implementer, "项目人员登记绑定审核")
        return page

    @cached_property
    def other_clerk(self):
        return self.window("desk", self.cast.staff("何经办", self.cast.hengli, Role.PARTICIPANT_CLERK))

    @cached_property
    def hand(self):
        """The phone of 韩管理."""
        return self.window("phone", self.cast.himself(self.manager))

    @property
    def manager(self) -> Person:
        return Person.objects.get(name="韩管理")

    @property
    def place(self) -> Participation:
        return Participation.objects.get(project=self.cast.yanhe, company=self.cast.antai)


@pytest.fixture
def story(live, window):
    told_of = Story(live, window)
    cast = told_of.cast
    assert cast.repair_gc_place and cast.implementer
    cast.participation(cast.yanhe, cast.hengli, "specialist", cast.repair_gc_place)
    cast.employment(cast.person("马安全"), cast.hengli, mode="direct", kind="manager", trade="", duty="安全员")
    return told_of


def test_acceptance_script_of_manual_004(story):
    a_bad_number_is_refused(story)
    manager_of_another_company_is_refused(story)
    a_new_manager_is_filled_in_with_all_blocks(story)
    an_old_social_proof_is_refused_and_a_fresh_one_passes(story)

    project_is_added_by_its_number(story)
    filed_manager_is_listed_and_refused_without_a_face(story)
    manager_registers_the_own_face(story)
    manager_is_submitted(story)

    project_code_is_printed(story)
    worker_registers_with_the_phone(story)
    company_takes_the_worker_over(story)
    auditor_counts(story, draft=1, pending=1, rejected=0, accepted=0)
    manager_registers_the_face_of_the_worker(story)
    worker_is_submitted(story)

    auditor_counts(story, draft=0, pending=2, rejected=0, accepted=0)
    both_are_returned_with_one_reason(story)
    auditor_counts(story, draft=0, pending=0, rejected=2, accepted=0)
    company_corrects_the_worker_and_submits_again(story)
    an_old_proof_is_refused_at_the_second_submission(story)
    manager_with_a_fresh_proof_is_submitted_again(story)
    auditor_counts(story, draft=0, pending=2, rejected=0, accepted=0)
    both_pass(story)
    auditor_counts(story, draft=0, pending=0, rejected=0, accepted=2)
    both_are_bound_and_on_site(story)

    manager_is_moved_out(story)
    another_company_registers_the_manager(story)


def a_bad_number_is_refused(story):
    page = story.clerk
    begin(page, NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1"))
    expect(page.get_by_role("main")).to_contain_text("身份证号码无效，请核对第 18 位")


def manager_of_another_company_is_refused(story):
    page = story.clerk
    begin(page, story.cast.person("马安全").id_number.plain)
    expect(page.get_by_role("main")).to_contain_text("该人员在另外一家单位未离职")
    expect(page.get_by_role("main")).not_to_contain_text("恒立幕墙")


def a_new_manager_is_filled_in_with_all_blocks(story):
    page = story.clerk
    begin(page, NUMBER)
    fill(page, **FIELDS)
    for code, cells in BLOCKS.items():
        block = page.locator(f"[data-block={code}]")
        block.locator("[data-add]").click()
        for name, value in cells.items():
            cell = block.locator(f"[data-rows] [name$='-{name}']")
            cell.select_option(value) if cell.evaluate("cell => cell.matches('select')") else cell.fill(value)


def an_old_social_proof_is_refused_and_a_fresh_one_passes(story):
    page = story.clerk
    add_social_proof(story, days=61)
    page.locator("[data-submit]").click()
    expect(page.locator("[data-form-errors]")).to_contain_text("社保缴费证明须在 60 天有效期内")
    expect(page.locator("[name=name]")).to_have_value("韩管理")
    add_social_proof(story, days=1)
    page.locator("[data-submit]").click()
    told(page, "韩管理已登记")
    expect(row(page, "韩管理")).to_contain_text("未提交")
    assert {code: len(rows) for code, rows in items_of(story.manager).items()} == dict.fromkeys(BLOCKS, 1)


def project_is_added_by_its_number(story):
    page, project = story.clerk, story.cast.yanhe
    go(page, "项目人员绑定")
    page.get_by_role("link", name="新增项目").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("报建编号").fill("没有这个编号")
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog).to_contain_text("未找到该报建编号")
    dialog.get_by_label("报建编号").fill(project.filing_code)
    dialog.get_by_role("button", name="下一步").click()
    expect(dialog.get_by_role("heading")).to_have_text("确认信息")
    expect(dialog).to_contain_text(project.filing_code)
    expect(dialog).to_contain_text("沿河修缮")
    dialog.get_by_role("button", name="确定").click()
    told(page, "沿河修缮已在列表中")
    expect(row(page, "沿河修缮")).to_be_visible()


def filed_manager_is_listed_and_refused_without_a_face(story):
    the_approval_system_files(story, story.manager, "安全员")
    page = story.clerk
    open_project(page, "管理人员数量")
    expect(row(page, "韩管理")).to_contain_text("待提交")
    row(page, "韩管理").get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有办成")
    expect(page.get_by_role("main")).to_contain_text("请先完成人脸认证")
    expect(page.get_by_role("main")).to_contain_text("R-26")


def manager_registers_the_own_face(story):
    register_face(story, story.manager, drawn.OTHER, "登记我的脸")


def manager_is_submitted(story):
    page = story.clerk
    open_project(page, "管理人员数量")
    row(page, "韩管理").get_by_role("button", name="提交").click()
    told(page, "已提交，等待实施单位审核")
    expect(row(page, "韩管理", "待审核", "是")).to_be_visible()


def project_code_is_printed(story):
    page = story.clerk
    go(page, "项目人员绑定")
    row(page, "沿河修缮").get_by_role("link", name="项目二维码").click()
    page.get_by_role("main").get_by_role("link", name="打印").click()
    sheet = page.locator("main")
    for fact in (story.cast.yanhe.filing_code, "沿河修缮", "安泰劳务"):
        expect(sheet).to_contain_text(fact)
    story.address = read_code(page.get_by_alt_text("项目二维码").screenshot())
    page.goto("/binding/projects/")


def worker_registers_with_the_phone(story):
    phone = story.window("phone")
    phone.goto(story.address)
    expect(phone.get_by_role("main")).to_contain_text("安泰劳务")
    phone.locator("[name=name]").fill(TYPED["name"])
    phone.locator("[name=id_number]").press_sequentially(TYPED["id_number"])
    expect(phone.locator("[name=birth_date]")).to_have_value(TYPED["birth_date"])
    for name in ("native_place", "phone", "residence", "residence_detail", "household_place"):
        phone.locator(f"[name={name}]").fill(TYPED[name])
    for name in ("ethnicity", "trade", "household_type"):
        phone.locator(f"[name={name}]").select_option(TYPED[name])
    phone.locator("[name=agreed]").check()
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("已提交")
    expect(phone.get_by_role("main")).to_contain_text(SelfForm.objects.get().receipt_in_groups)


def company_takes_the_worker_over(story):
    page = story.clerk
    open_project(page, "现场作业人员数量")
    page.get_by_role("link", name="扫码登记（1）").click()
    expect(row(page, TYPED["name"])).to_contain_text(SelfForm.objects.get().receipt_in_groups)
    row(page, TYPED["name"]).get_by_role("button", name="采用").click()
    page.locator("#confirm").get_by_role("button", name="确认").click()
    told(page, "已采用")
    open_project(page, "现场作业人员数量")
    expect(row(page, TYPED["name"], "扫码", "待提交", "R-26")).to_be_visible()


def manager_registers_the_face_of_the_worker(story):
    register_face(story, Person.objects.get(name=TYPED["name"]), drawn.ZHANG, "登记")


def worker_is_submitted(story):
    page = story.clerk
    open_project(page, "现场作业人员数量")
    page.get_by_label(f"选择 {TYPED['name']}").check()
    page.locator("[data-ticked]").get_by_role("button", name="提交").click()
    told(page, "已提交，等待实施单位审核")


def both_are_returned_with_one_reason(story):
    page = story.auditor
    decide(page, "不通过")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("请填写不通过原因（R-40）")
    dialog.get_by_label("不通过原因").fill("工种与职称请核对")
    dialog.get_by_role("button", name="确认").click()
    told(page, "审核不通过 2 人。")


def company_corrects_the_worker_and_submits_again(story):
    page = story.clerk
    open_project(page, "现场作业人员数量")
    expect(row(page, TYPED["name"], "审核不通过", "工种与职称请核对")).to_be_visible()
    row(page, TYPED["name"]).get_by_role("link", name="编辑").click()
    expect(page.get_by_role("main")).to_contain_text("不通过原因：工种与职称请核对")
    page.get_by_label("工种").select_option(label="木工")
    page.get_by_role("button", name="保存", exact=True).click()
    row(page, TYPED["name"], "木工").get_by_role("button", name="提交").click()
    told(page, "已提交，等待实施单位审核")


def an_old_proof_is_refused_at_the_second_submission(story):
    page = story.clerk
    go(page, "管理人员登记")
    expect(row(page, "韩管理")).to_contain_text("审核不通过")
    row(page, "韩管理").get_by_role("link", name="编辑").click()
    page.locator("[name=title]").select_option(label="高级工程师")
    page.locator("[data-submit]").click()
    told(page, "韩管理的登记已更新")
    Attachment.objects.filter(kind=SOCIAL_PROOF).update(issued_on=timezone.localdate() - timedelta(days=61))
    open_project(page, "管理人员数量")
    row(page, "韩管理").get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有办成")
    expect(page.get_by_role("main")).to_contain_text("社保缴费证明须在 60 天有效期内")
    expect(page.get_by_role("main")).to_contain_text("R-27")


def manager_with_a_fresh_proof_is_submitted_again(story):
    page = story.clerk
    add_social_proof(story, days=1)
    open_project(page, "管理人员数量")
    row(page, "韩管理").get_by_role("button", name="提交").click()
    told(page, "已提交，等待实施单位审核")


def both_pass(story):
    page = story.auditor
    go(page, "项目人员登记绑定审核")
    row(page, "沿河修缮").get_by_role("link", name="2").click()
    row(page, TYPED["name"]).get_by_role("link", name="查看").click()
    expect(page.get_by_role("main")).to_contain_text("上次不通过原因")
    expect(page.get_by_role("main")).to_contain_text("木工")
    decide(page, "通过")
    told(page, "审核通过 2 人。")


def both_are_bound_and_on_site(story):
    page = story.clerk
    open_project(page, "现场作业人员数量")
    expect(row(page, TYPED["name"], "审核通过")).to_be_visible()
    stays = Stay.objects.filter(exited_on=None).select_related("person", "assignment")
    assert {stay.person.name: (stay.method, stay.entered_on) for stay in stays} == dict.fromkeys(
        ("韩管理", TYPED["name"]), ("approval", timezone.localdate())
    )
    assert {stay.assignment.status for stay in stays} == {Assignment.Status.ACCEPTED}


def manager_is_moved_out(story):
    page = story.clerk
    go(page, "管理人员登记")
    expect(row(page, "韩管理", "在职", "审核通过")).to_be_visible()
    row(page, "韩管理").get_by_role("link", name="编辑").click()
    page.get_by_role("link", name="离职迁出").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("沿河修缮")
    dialog.get_by_label("离职原因").fill("合同到期")
    dialog.get_by_role("button", name="确认离职迁出").click()
    told(page, "韩管理已离职迁出")
    expect(row(page, "韩管理")).to_have_count(0)
    stay = Stay.objects.get(person=story.manager)
    assert (stay.exited_on, stay.auto, stay.assignment.status) == (timezone.localdate(), True, "ended")


def another_company_registers_the_manager(story):
    page = story.other_clerk
    page.goto("/home/")
    begin(page, NUMBER)
    fill(page, **FIELDS)
    page.locator("[data-submit]").click()
    told(page, "韩管理已登记")
    rows = Employment.objects.filter(person=story.manager).order_by("started_at")
    assert [(each.company.name, each.status) for each in rows] == [("安泰劳务", "ended"), ("恒立幕墙", "active")]


# Helpers.


def begin(page, number):
    """Open 新增 on 管理人员登记 and type the number."""
    go(page, "管理人员登记")
    page.get_by_role("main").get_by_role("link", name="新增").first.click()
    page.get_by_label("身份证号码").fill(number)
    page.get_by_role("button", name="下一步").click()


def add_social_proof(story, days):
    holder = Holder(story.cast.antai.pk, blind_index("id_number", NUMBER))
    issued_on = timezone.localdate() - timedelta(days=days)
    clerk = story.cast.staff("冯经办", story.cast.antai, Role.PARTICIPANT_CLERK)
    attachments.take(holder, kind=SOCIAL_PROOF, name="社保.pdf", whole=pdf(), issued_on=issued_on, by=clerk)


def the_approval_system_files(story, person, position):
    """The contract of the company on the site, and one of the people it names."""
    filing = story.cast.filing(story.place, "孙劳务")
    number, phone = Secret(person.id_number.plain), Secret(phone_number(301))
    row = FiledPerson(filing=filing, id_number=number, id_digest=person.id_digest, name=person.name, phone=phone)
    row.position = position
    row.save()


def open_project(page, count):
    """Open the list behind a count of 项目人员绑定."""
    go(page, "项目人员绑定")
    row(page, "沿河修缮").locator(f"[data-label={count}]").get_by_role("link").click()


def register_face(story, person, seed, button):
    """立即注册 in the hand of 韩管理, the person in front of the camera."""
    page = story.hand
    page.add_init_script(camera(seed))
    page.goto("/m/faces/")
    page.get_by_role("link", name=button, exact=True).click()
    page.get_by_label("我听懂了，同意登记我的人脸").check()
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登记好了", timeout=JUDGED)
    person.refresh_from_db()
    assert (person.face_answer, person.identity_status) == ("是", "verified")


def read_code(picture: bytes) -> str:
    """What a phone reads from the paper."""
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(seen)
    assert text, "no code on the sheet"
    return text


def auditor_counts(story, **expected):
    page = story.auditor
    go(page, "项目人员登记绑定审核")
    labels = {
        "draft": "待提交人员",
        "pending": "实施单位待审核人员",
        "rejected": "审核不通过人员",
        "accepted": "审核通过人员",
    }
    for state, count in expected.items():
        expect(row(page, "沿河修缮").locator(f"[data-label={labels[state]}]")).to_have_text(str(count))


def decide(page, decision):
    """Tick all people of 沿河修缮 who wait, and decide 通过 or 不通过."""
    go(page, "项目人员登记绑定审核")
    row(page, "沿河修缮").locator("[data-label=实施单位待审核人员]").get_by_role("link").click()
    page.get_by_label("全选").check()
    page.locator("[data-ticked]").get_by_role("button", name="确认").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(decision, exact=True).check()
    dialog.get_by_role("button", name="确认").click()
