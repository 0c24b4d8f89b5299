"""A queue of 80 workers: keys pressed twice, too early and offline. No worker is lost, doubled or mixed up.

A slow server is simulated in the browser, which holds a response back until the test releases it.
"""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from shiming.desk.commands import Work, register
from shiming.presence.commands import leave_site
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id
from tests.journeys.steps import row, told

ANSWERED = (
    "window.answered = new Promise((done) => addEventListener('htmx:afterRequest', () => done(), { once: true })), 0"
)
QUEUE, WHO, UNDO = "**/stays/desk/queue/", "**/stays/desk/who/", "**/stays/desk/undo/"


class Clerk:
    """王总包 at 快速登记, with firm, trade and education chosen."""

    def __init__(self, page):
        self.page, self.keyboard = page, page.keyboard
        self.number, self.slot = page.locator("form[data-queue] [name=number]"), page.locator("[data-who-slot]")
        self.answer, self.count = page.locator("[data-queue-answer]"), page.locator("[data-queue-count]")

    def choose(self):
        for name, label in {"place": "安泰劳务", "trade": "钢筋工", "education": "高中"}.items():
            self.page.locator(f"form[data-queue] [name={name}]").select_option(label=label)
        self.number.focus()

    def type(self, person):
        self.keyboard.insert_text(person.id_number.plain)

    def holds_back(self, address) -> list:
        """Hold back the next request to this address; it is appended to the returned list."""
        held = []
        self.page.route(address, lambda route: route.fallback() if held else held.append(route))
        return held


@pytest.fixture
def clerk(live, window):
    cast = live.cast
    assert cast.labour_place and cast.gc_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    page = window("desk", cast.gc_pm)
    page.goto("/stays/desk/queue/")
    return Clerk(page)


def here() -> list[str]:
    return sorted(Stay.objects.filter(exited_on=None).values_list("person__name", flat=True))


def test_missing_choice_gets_focus_and_number_stays(live, clerk):
    clerk.type(live.cast.zhang)
    clerk.keyboard.press("Enter")
    expect(clerk.answer).to_contain_text("请填写：用人单位（R-10）")
    expect(clerk.page.locator("form[data-queue] [name=place]")).to_be_focused()
    expect(clerk.number).to_have_value(live.cast.zhang.id_number.plain)
    expect(clerk.slot).to_contain_text("张三")
    clerk.choose()
    clerk.keyboard.press("Enter")
    expect(clerk.answer).to_contain_text("张三 已进场")
    assert here() == ["张三"]


def test_double_enter_enters_once(live, clerk):
    clerk.choose()
    clerk.type(live.cast.zhang)
    clerk.keyboard.press("Enter")
    expect(clerk.count).to_have_text("1")
    clerk.keyboard.press("Enter")
    clerk.type(live.cast.person("李四"))
    expect(clerk.slot).to_contain_text("李四")
    expect(clerk.answer).to_contain_text("张三 已进场")
    expect(clerk.answer).not_to_contain_text("R-10")


def test_refused_worker_stays_on_screen_with_reason(live, clerk):
    clerk.choose()
    young = live.cast.person("小王", born=date.today().replace(year=date.today().year - 16, day=1))
    clerk.type(young)
    clerk.keyboard.press("Enter")
    expect(clerk.answer).to_contain_text("未满 18 周岁，不能进场")
    expect(clerk.slot).to_contain_text("小王")
    expect(clerk.number).to_be_focused()
    clerk.type(live.cast.zhang)  # the number is selected, so typing replaces it
    expect(clerk.slot).to_contain_text("张三")
    clerk.keyboard.press("Enter")
    expect(clerk.count).to_have_text("1")
    expect(clerk.slot).to_be_empty()


def test_late_portrait_is_dropped_for_another_number(live, clerk):
    clerk.choose()
    late = clerk.holds_back(WHO)
    clerk.type(live.cast.zhang)
    clerk.keyboard.press("Enter")
    expect(clerk.count).to_have_text("1")
    clerk.keyboard.insert_text("1199")
    clerk.page.evaluate(ANSWERED)
    late[0].continue_()
    clerk.page.evaluate("window.answered")
    expect(clerk.slot).to_be_empty()
    clerk.number.fill("")
    clerk.type(live.cast.person("李四"))
    expect(clerk.slot).to_contain_text("李四")


def test_typing_ahead_loses_no_digit(live, clerk):
    clerk.choose()
    late = clerk.holds_back(QUEUE)
    for person in (live.cast.zhang, live.cast.person("李四")):
        clerk.type(person)
        clerk.keyboard.press("Enter")
    expect(clerk.number).to_have_value(live.cast.person("李四").id_number.plain)
    late[0].continue_()
    expect(clerk.count).to_have_text("2")
    expect(clerk.number).to_have_value("")
    assert here() == ["张三", "李四"]


def test_double_f9_undoes_one_entry(live, clerk):
    clerk.choose()
    for count, person in enumerate((live.cast.zhang, live.cast.person("李四")), 1):
        clerk.type(person)
        clerk.keyboard.press("Enter")
        expect(clerk.count).to_have_text(str(count))
    late = clerk.holds_back(UNDO)
    clerk.keyboard.press("F9")
    clerk.keyboard.press("F9")
    late[0].continue_()
    expect(clerk.answer).to_contain_text("已撤销李四的进场")
    expect(clerk.count).to_have_text("1")
    assert here() == ["张三"]
    clerk.page.get_by_role("button", name="撤销刚才一位").click()  # the button, for devices without F9
    expect(clerk.count).to_have_text("0")
    assert here() == []


def test_offline_entry_is_kept_and_nothing_undone(live, clerk):
    clerk.choose()
    clerk.type(live.cast.zhang)
    clerk.keyboard.press("Enter")
    expect(clerk.count).to_have_text("1")
    clerk.page.context.set_offline(True)
    clerk.keyboard.press("F9")
    expect(clerk.page.locator("#flash")).to_contain_text("网络没有连上")
    expect(clerk.count).to_have_text("1")
    clerk.type(live.cast.person("李四"))
    clerk.keyboard.press("Enter")
    expect(clerk.number).to_have_value(re.compile(r"\d{17}[\dX]"))

    clerk.page.context.set_offline(False)
    clerk.keyboard.press("Enter")
    expect(clerk.count).to_have_text("2")
    expect(clerk.page.locator("#flash")).not_to_contain_text("网络没有连上")
    assert here() == ["张三", "李四"]


def test_leader_selects_the_firm(live, clerk):
    team, other = live.cast.team("王强班组"), live.cast.team("恒立班组", live.cast.hengli)
    page = clerk.page
    assert live.cast.specialist_place
    page.reload()
    place, leader = (page.locator(f"form[data-queue] [name={name}]") for name in ("place", "team"))
    leader.select_option(value=str(team.pk))
    expect(place.locator("option:checked")).to_have_text("安泰劳务")
    expect(leader.locator("optgroup[label=恒立幕墙]")).to_be_disabled()
    place.select_option(label="恒立幕墙")
    expect(leader).to_have_value("")
    leader.select_option(value=str(other.pk))
    page.reload()
    expect(place.locator("option:checked")).to_have_text("恒立幕墙")
    expect(leader).to_have_value(str(other.pk))


def test_choices_survive_a_reload(live, clerk):
    clerk.choose()
    clerk.type(live.cast.zhang)
    expect(clerk.slot).to_contain_text("张三")
    clerk.page.reload()
    expect(clerk.number).to_have_value("")
    assert live.cast.zhang.id_number.plain not in clerk.page.url
    clerk.type(live.cast.zhang)
    clerk.keyboard.press("Enter")
    expect(clerk.answer).to_contain_text("张三 已进场")


def test_entries_before_a_reload_can_be_undone(live, clerk):
    clerk.choose()
    for number, person in enumerate((live.cast.zhang, live.cast.person("李四")), 1):
        clerk.type(person)
        clerk.keyboard.press("Enter")
        expect(clerk.count).to_have_text(f"{number}")
    clerk.page.reload()
    expect(clerk.count).to_have_text("2")
    clerk.keyboard.press("F9")
    expect(clerk.answer).to_contain_text("已撤销李四的进场")
    expect(clerk.count).to_have_text("1")
    assert here() == ["张三"]


def test_irregular_entry_is_undone_as_well(clerk):
    clerk.choose()
    clerk.keyboard.insert_text(invented_id(499, date(1990, 5, 6)))
    expect(clerk.slot).to_contain_text("R-06")
    clerk.keyboard.press("F2")
    dialog = clerk.page.get_by_role("dialog")
    dialog.locator("[name=name]").fill("新来的")
    dialog.get_by_label("出生日期").fill("1990-05-06")
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")
    dialog.get_by_role("link", name="完成").click()
    expect(clerk.page).to_have_url(re.compile("/stays/desk/queue/"))
    expect(clerk.number).to_be_focused()
    assert here() == ["新来的"]
    clerk.keyboard.press("F9")
    expect(clerk.answer).to_contain_text("已撤销新来的的进场")
    assert here() == []


def test_ended_session_leads_to_entrance_and_back(live, clerk):
    clerk.choose()
    clerk.page.context.clear_cookies(name="sessionid")
    clerk.type(live.cast.zhang)
    expect(clerk.page).to_have_url(re.compile(r"/login/site/\?next=/stays/desk/queue/"))
    expect(clerk.page.locator("#flash")).to_contain_text("登录已过期，请重新登录；填过的内容已保留")
    assert here() == []


def test_failed_page_is_not_drawn_into_verdict(live, clerk):
    clerk.choose()
    clerk.page.context.clear_cookies(name="csrftoken")  # as after a login in another tab
    clerk.type(live.cast.zhang)
    expect(clerk.page.locator("#flash")).to_contain_text("没有办成，请刷新本页再试")
    expect(clerk.slot).to_be_empty()


@pytest.fixture
def three_on_site(live, clerk):
    for name in ("张三", "李四", "王五"):
        work = Work("钢筋工", "高中")
        number = (live.cast.zhang if name == "张三" else live.cast.person(name)).id_number.plain
        register(live.cast.labour_place, work, by=live.cast.gc_pm, number=number)
    return clerk.page


def test_row_is_edited_in_place_and_search_stays(three_on_site):
    page = three_on_site
    page.goto("/stays/query/?trade=钢筋工")
    row(page, "李四").get_by_role("link", name="编辑").click()
    editing = page.locator(".desk-row")
    editing.get_by_label("文化程度").select_option(label="本科")
    page.keyboard.press("Escape")
    expect(editing).to_have_count(0)
    expect(row(page, "李四").get_by_role("link", name="编辑")).to_be_focused()
    expect(row(page, "李四")).to_contain_text("高中")

    page.keyboard.press("Enter")
    editing.get_by_label("文化程度").select_option(label="本科")
    editing.get_by_role("button", name="保存").click()
    told(page, "保存成功!李四")
    expect(row(page, "李四")).to_contain_text("本科")
    expect(row(page, "李四").get_by_role("link", name="编辑")).to_be_focused()
    assert "/stays/query/?trade=" in page.url
    row(page, "张三").focus()
    page.keyboard.press("ArrowUp")
    expect(row(page, "李四")).to_be_focused()


def test_row_of_worker_who_left_is_not_changed(live, three_on_site):
    page = three_on_site
    page.goto("/stays/desk/")
    row(page, "李四").get_by_role("link", name="编辑").click()
    expect(page.locator(".desk-row")).to_be_visible()
    leave_site(Stay.objects.filter(person__name="李四"), by=live.cast.gc_pm, rating="good")
    page.locator(".desk-row").get_by_role("button", name="保存").click()
    expect(page.locator(".desk-row")).to_contain_text("R-43")
    leave_site(Stay.objects.filter(person__name="张三"), by=live.cast.gc_pm, rating="good")
    row(page, "张三").get_by_role("link", name="编辑").click()
    told(page, "没有办成，请刷新本页再试")
    expect(row(page, "张三").get_by_role("link", name="编辑")).to_be_visible()


def registration(page):
    """Open 进场登记 and fill in every choice."""
    page.get_by_role("link", name="进场登记").first.click()
    dialog = page.get_by_role("dialog")
    for label, chosen in {"用人单位": "安泰劳务", "从事主要工种": "钢筋工", "文化程度": "高中"}.items():
        dialog.get_by_label(label).select_option(label=chosen)
    return dialog


def test_entered_worker_is_listed_after_closing(live, clerk):
    page = clerk.page
    page.goto("/stays/desk/?company=安泰")
    dialog = registration(page)
    dialog.get_by_label("身份证号").fill(live.cast.zhang.id_number.plain)
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("保存成功!")
    page.keyboard.press("Escape")
    expect(row(page, "张三")).to_be_visible()
    assert "company=" in page.url


def test_enter_in_dialog_always_saves(live, clerk):
    page = clerk.page
    page.goto("/stays/desk/")
    dialog = registration(page)
    number = dialog.get_by_label("身份证号")
    number.fill(invented_id(499, date(1990, 5, 6)))
    number.press("Enter")
    expect(dialog.get_by_role("button", name="去实名登记")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    number.fill(live.cast.zhang.id_number.plain)
    number.press("Enter")
    expect(dialog).to_contain_text("保存成功!")
    assert here() == ["张三"]
