"""What somebody has to see is on the screen he has, without scrolling: 390×844 in the hand, 1440×900 on the desk."""

from playwright.sync_api import expect

from shiming.presence import codes


def box(locator):
    return locator.bounding_box()


def test_the_verdict_of_a_scan_is_seen_whole_below_the_camera(live, window):
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


def test_figures_on_the_phone_leave_no_hole(live, window):
    page = window("phone", live.cast.gc_pm)
    page.goto("/site/")
    whole, last = box(page.locator(".kpis")), box(page.locator(".kpi").last)
    assert last["x"] + last["width"] >= whole["x"] + whole["width"] - 2


def test_a_whole_month_fits_beside_the_menu_and_no_menu_entry_breaks(live, window):
    live.cast.stay()
    page = window("desk", live.cast.gc_pm)
    page.goto("/attendance/month/?month=2026-10")
    sheet = page.locator(".month-sheet")
    assert sheet.evaluate("box => box.scrollWidth <= box.clientWidth")
    desk = window("desk", live.cast.hr)
    desk.goto("/")
    heights = desk.locator(".side a").evaluate_all("links => links.map(link => link.offsetHeight)")
    assert set(heights) == {38}


def test_possible_numbers_stand_above_the_buttons_of_the_dialog(live, window):
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
