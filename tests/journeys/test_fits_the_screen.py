"""The important parts of a page fit the screen without scrolling: 390×844 on a phone, 1440×900 on a PC."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from shiming.assignment.commands import accept
from shiming.companies.models import Company
from shiming.core import files
from shiming.desk.commands import Work, register
from shiming.people.models import Person
from shiming.presence import codes
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id


def box(locator):
    return locator.bounding_box()


def test_verdict_fits_below_the_camera(live, window):
    live.cast.assignment()
    gate = window("phone", live.cast.gc_pm)
    gate.goto("/site/scan/")
    gate.get_by_label("没有摄像头，或使用扫码枪").fill(codes.personal_code(live.cast.zhang.pk))
    gate.keyboard.press("Enter")

    verdict = gate.locator("[data-verdict=ok]")
    expect(verdict).to_contain_text("已进场")
    expect(gate.locator(".scanner__view")).to_be_in_viewport()
    seen = box(verdict)
    assert seen["y"] >= 0 and seen["y"] + seen["height"] <= box(gate.locator(".tabs"))["y"]


@pytest.fixture
def blocked(live) -> Person:
    """A worker with every reason of refusal: not verified, not confirmed, too young, on a suspended project."""
    cast, face = live.cast, BytesIO()
    Image.new("RGB", (300, 400), "#8a9ba8").save(face, "JPEG")
    person = cast.person("李四", status="pending", born=date.today().replace(year=date.today().year - 16, day=1))
    person.portrait = files.store(face.getvalue(), kind="portrait", media_type="image/jpeg")
    person.save()
    cast.assignment(cast.employment(person), status="pending", confirmed_at=None)
    cast.binjiang.status = "suspended"
    cast.binjiang.save()
    return person


def test_many_reasons_leave_verdict_and_face_visible(live, window, blocked):
    gate = window("phone", live.cast.gc_pm)
    gate.goto("/site/scan/")
    for scanned in ("1", "2"):  # the second scan starts scrolled to the end of the reasons
        gate.get_by_label("没有摄像头，或使用扫码枪").fill(codes.personal_code(blocked.pk))
        gate.keyboard.press("Enter")
        expect(gate.locator("[data-scanned]")).to_have_text(scanned)
        verdict = gate.locator("[data-verdict=stop]")
        expect(verdict.locator(".refusal")).to_have_count(4)
        top, bottom = box(gate.locator(".bar")), box(gate.locator(".tabs"))
        for part in (".verdict__shape", ".verdict__face", ".verdict__name", ".verdict__title"):
            seen = box(verdict.locator(part))
            assert seen["y"] >= top["y"] + top["height"] and seen["y"] + seen["height"] <= bottom["y"], part
        gate.get_by_text("扫不了码？按姓名找").scroll_into_view_if_needed()


def test_figures_on_phone_leave_no_gap(live, window):
    page = window("phone", live.cast.gc_pm)
    page.goto("/site/")
    whole, last = box(page.locator(".kpis")), box(page.locator(".kpi").last)
    assert last["x"] + last["width"] >= whole["x"] + whole["width"] - 2


def test_month_sheet_fits_beside_the_menu(live, window):
    came = timezone.make_aware(datetime(2026, 1, 5, 7))
    live.cast.stay(entered_on=came.date(), entered_at=came)
    page = window("desk", live.cast.gc_pm)
    page.goto("/attendance/month/?month=2026-01")
    sheet = page.locator(".month-sheet")
    assert sheet.evaluate("box => box.scrollWidth <= box.clientWidth")
    desk = window("desk", live.cast.hr)
    desk.goto("/")
    heights = desk.locator(".side a").evaluate_all("links => links.map(link => link.offsetHeight)")
    assert set(heights) == {38}


def test_possible_numbers_stand_above_the_buttons(live, window):
    page = window("desk", live.cast.hr)
    page.goto("/employments/")
    page.get_by_role("link", name="新建聘用关系").first.click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("姓名").fill("张三")
    number = live.cast.zhang.id_number.plain
    dialog.get_by_label("证件号").fill(number[:-1] + ("0" if number[-1] != "0" else "1"))
    dialog.get_by_role("button", name="确定", exact=True).click()
    expect(dialog.locator(".slip")).to_be_visible()
    slip, buttons = box(dialog.locator(".slip")), box(dialog.locator(".buttons"))
    assert slip["y"] + slip["height"] <= buttons["y"] + 1


def test_desk_lists_fit_without_scrolling(live, window):
    """[003] has thirteen columns, here with the longest names of firm, trade and schooling."""
    cast, day = live.cast, date.today() - timedelta(days=3)
    assert cast.labour_place and cast.gc_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    Company.objects.filter(pk=cast.antai.pk).update(name="澜汀市安泰建筑劳务分包有限公司")
    trade, team = "建筑、装饰工程普工", cast.team("王强班组")
    work = Work(trade, "中专及中专以下", day, team=team)
    stay = register(cast.labour_place, work, by=cast.gc_pm, number=cast.zhang.id_number.plain).stay

    page = window("desk", cast.gc_pm)
    for path in ("/stays/desk/", "/stays/desk/exits/", "/stays/query/"):
        page.goto(f"{path}?trade={trade}&company=安泰")
        assert page.locator(".roll-wrap").evaluate("box => box.scrollWidth <= box.clientWidth"), path
        bar, used = box(page.locator(".filters")), box(page.locator(".filters__active"))
        assert used["x"] + used["width"] < bar["x"] + bar["width"], path
    page.locator(f"a[href='/stays/{stay.pk}/edit/']").click()
    editing, wrap = box(page.locator(".desk-row form")), box(page.locator(".roll-wrap"))
    assert editing["x"] + editing["width"] <= wrap["x"] + wrap["width"]


def test_acceptance_desk_shows_its_last_column(live, window):
    """[000] asks whether the worker lodges on the site: the answer is the last column."""
    cast = live.cast
    assert cast.gc_pm and cast.labour_place
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    Company.objects.filter(pk=cast.antai.pk).update(name="澜汀市安泰建筑劳务分包有限公司")
    work = {"trade": "建筑、装饰工程普工", "team": cast.team("王强班组")}
    pending = cast.assignment(cast.employment(**work), status="pending", confirmed_at=None, **work)
    page = window("desk", cast.specialist_pm)
    page.goto("/assignments/acceptance/")
    assert page.locator(".roll-wrap").evaluate("box => box.scrollWidth <= box.clientWidth")
    accept([pending], lodges_on_site=True, by=cast.specialist_pm)
    page.get_by_role("link", name="已处理人员").click()
    expect(page.get_by_role("cell", name="接收", exact=True)).to_be_visible()
    assert page.locator(".roll-wrap").evaluate("box => box.scrollWidth <= box.clientWidth")


def test_list_prints_all_columns_without_buttons(live, window):
    cast = live.cast
    cast.stay()
    page = window("desk", cast.gc_pm)
    page.set_viewport_size({"width": 1031, "height": 700})  # A4 landscape without its margins
    page.goto("/stays/query/")
    page.emulate_media(media="print")
    for hidden in (".filters", ".list__buttons", ".roll__do", ".side"):
        expect(page.locator(hidden).first).to_be_hidden()
    table = box(page.locator(".roll"))
    assert (table["x"], table["x"] + table["width"] <= 1031) == (0, True)
    expect(page.locator("thead th").last).to_be_hidden()  # 操作
    expect(page.get_by_role("columnheader", name="退场日期")).to_be_in_viewport()


def test_help_stands_beside_reason_and_f2_opens_it(live, window):
    cast = live.cast
    assert cast.labour_place and cast.gc_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    page = window("desk", cast.gc_pm)
    page.goto("/stays/desk/")
    page.get_by_role("link", name="进场登记").first.click()
    dialog = page.get_by_role("dialog")
    for label, chosen in {"用人单位": "安泰劳务", "从事主要工种": "钢筋工", "文化程度": "高中"}.items():
        dialog.get_by_label(label).select_option(label=chosen)
    number = invented_id(498, date(1990, 5, 6))
    dialog.get_by_label("身份证号").fill(number)
    dialog.get_by_role("button", name="添加").click()
    expect(dialog).to_contain_text("（R-06）")
    fields = box(dialog.locator(".buttons").last)["y"]
    for helps in (dialog.get_by_role("button", name="去实名登记"), dialog.get_by_role("link", name="改用非正常登记")):
        assert box(helps)["y"] + box(helps)["height"] < fields
    page.keyboard.press("F2")
    expect(dialog.get_by_role("heading", name="证件信息")).to_be_visible()
    expect(dialog.get_by_label("身份证号")).to_have_value(number)
