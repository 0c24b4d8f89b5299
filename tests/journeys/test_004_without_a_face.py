"""[004] for a worker who refuses the face, has no phone and reads little (domain.md §11.5): everything by other hands.

Two clerks of 安泰劳务 check the worker by hand; the card that is printed in the office stands for the phone at the gate.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Role
from shiming.faces.models import FaceSession, FaceTemplate
from shiming.faces.tests.conftest import drafted
from shiming.people.models import Person
from shiming.presence.models import Stay
from tests.cast import invented_id, phone_number
from tests.journeys import logins
from tests.journeys.steps import go, row, scan, told

NAME, NUMBER = "覃老实", invented_id(812)


class Story:
    def __init__(self, live, window, camera):
        self.live, self.cast, self.window, self.camera = live, live.cast, window, camera
        self.clerk = window("desk", self.cast.clerk)
        self.clerk.goto("/home/")

    @property
    def worker(self) -> Person:
        return Person.objects.get(name=NAME)


@pytest.fixture
def story(live, window, camera):
    cast = live.cast
    assert cast.repair_place and cast.implementer
    return Story(live, window, camera)


def test_worker_without_face_and_phone_comes_works_and_leaves(story):
    clerk_registers_the_worker(story)
    worker_refuses_the_face(story)
    two_clerks_check_by_hand(story)
    worker_is_submitted_and_passes(story)
    worker_is_on_site(story)
    card_is_printed_in_the_office(story)
    worker_attends_with_the_card(story)
    company_lets_the_worker_go(story)


def clerk_registers_the_worker(story):
    page = story.clerk
    open_workers(page)
    page.get_by_role("main").get_by_role("link", name="新增").last.click()
    page.get_by_label("身份证号码").fill(NUMBER)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("main")).to_contain_text("1985-03-12")
    regions = {"household_place": "贵州省遵义市播州区", "residence": "上海市宝山区", "native_place": "贵州省遵义市"}
    phone = phone_number(812)  # of the family
    typed = regions | {"name": NAME, "residence_detail": "沿河路工棚 3 号", "contact_phone": phone}
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    for label, text in {"工种": "钢筋工", "民族": "汉族", "户口类型": "农村户口"}.items():
        page.get_by_label(label).select_option(label=text)
    page.get_by_role("button", name="保存", exact=True).click()
    told(page, f"{NAME}已登记，待提交。")
    expect(row(page, NAME, "待提交", "R-26")).to_be_visible()


def worker_refuses_the_face(story):
    """The phone of the manager, handed over; nothing is photographed."""
    phone = story.window("phone", story.cast.himself(a_manager_with_a_face(story.cast)))
    phone.goto("/m/faces/")
    phone.locator("li", has_text=NAME).get_by_role("link", name="登记").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"{NAME}，请您自己看")
    phone.get_by_role("button", name="不同意", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("没有登记人脸")
    expect(phone.get_by_role("main")).to_contain_text("照样可以上工")
    assert not FaceTemplate.objects.exists()


def two_clerks_check_by_hand(story):
    page = story.clerk
    open_workers(page)
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="人工核验").last.click()
    page.get_by_label("核对地点").fill("项目部")
    page.get_by_label("不用人脸的原因").fill("本人不同意登记人脸")
    page.get_by_label("本人在我面前").check()
    page.get_by_role("button", name="保存，等第二人").click()
    told(page, f"请另一名同事登录后在“人工核验”里确认{NAME}。")
    row(page, NAME).get_by_role("link", name="查看").click()
    expect(page.get_by_role("main")).to_contain_text("第一人自己不能确认")

    second = story.window("desk", story.cast.staff("另一经办", story.cast.antai, Role.PARTICIPANT_CLERK))
    second.goto("/home/")
    go(second, "人工核验")
    row(second, NAME).get_by_role("link", name="查看").click()
    second.get_by_label("本人在我面前").check()
    second.get_by_role("button", name="确认，完成核验").click()
    told(second, f"{NAME}已完成人工核验")
    worker = story.worker
    assert (worker.face_answer, worker.identity_status, worker.identity_source) == (
        "否（人工核验）",
        "verified",
        "hand",
    )


def worker_is_submitted_and_passes(story):
    page = story.clerk
    open_workers(page)
    row(page, NAME, "否（人工核验）").get_by_role("button", name="提交").click()
    told(page, "已提交，等待实施单位审核")

    auditor = story.window("desk", story.cast.implementer)
    auditor.goto("/home/")
    go(auditor, "项目人员登记绑定审核")
    row(auditor, "沿河修缮").locator("[data-label=实施单位待审核人员]").get_by_role("link").click()
    row(auditor, NAME, "否（人工核验）").get_by_role("link", name="查看").click()
    expect(auditor.get_by_role("main")).to_contain_text("人工核验时间")
    auditor.get_by_role("link", name="确认").click()
    dialog = auditor.get_by_role("dialog")
    dialog.get_by_label("通过", exact=True).check()
    dialog.get_by_role("button", name="确认").click()
    told(auditor, "审核通过")


def worker_is_on_site(story):
    story.foreman = story.window("phone")
    pm = story.cast.pm("孙劳务", story.cast.repair_place)
    logins.site(story.foreman, story.live, pm)
    story.foreman.goto("/stays/")
    expect(story.foreman.locator("[data-list]")).to_contain_text(NAME)
    stay = Stay.objects.get(person=story.worker)
    assert (stay.method, stay.entered_on, stay.exited_on) == ("approval", timezone.localdate(), None)


def card_is_printed_in_the_office(story):
    page = story.window("desk", story.cast.himself(story.worker))
    page.goto("/m/card/")
    page.get_by_role("button", name="打印建设卡").click()
    expect(page.locator("main")).to_contain_text(NAME)
    story.card = page.get_by_alt_text("建设卡二维码").screenshot()


def worker_attends_with_the_card(story):
    """The card may be lent, so the guard compares the face before the punch counts."""
    page = story.foreman
    verdict = scan(story.camera, page, story.card, mode="考勤扫码")
    expect(verdict).to_contain_text("请核对照片")
    assert not AttendanceEvent.objects.exists()
    page.get_by_role("button", name="是本人").click()
    expect(page.locator("[data-answer] [data-verdict=ok]")).to_contain_text(NAME)
    punch = AttendanceEvent.objects.get()
    assert (punch.person_id, punch.direction) == (story.worker.pk, "unknown")


def company_lets_the_worker_go(story):
    page = story.clerk
    open_workers(page)
    row(page, NAME, "审核通过").get_by_role("link", name="退场").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("退场原因").fill("工程完工")
    dialog.get_by_role("button", name="确认退场").click()
    told(page, "已退场")
    expect(row(page, NAME)).to_have_count(0)
    stay = Stay.objects.get(person=story.worker)
    assert (stay.exited_on, stay.assignment.status) == (timezone.localdate(), "ended")


# Helpers.


def open_workers(page):
    go(page, "项目人员绑定")
    row(page, "沿河修缮").locator("[data-label=现场作业人员数量]").get_by_role("link").click()


def a_manager_with_a_face(cast) -> Person:
    """Of the same company on the same site, whose own face was compared a moment ago."""
    person = cast.person("孙经理")
    drafted(cast, person, kind="manager", role="安全员")
    person.face_status, person.face_registered_at = Person.Face.REGISTERED, timezone.now()
    person.save()
    session = FaceSession(person=person, purpose="prove", status="passed", judged_at=timezone.now(), moves=[])
    session.by, session.expires_at = cast.user("孙经理", person), timezone.now() + timedelta(minutes=3)
    session.save()
    return person
