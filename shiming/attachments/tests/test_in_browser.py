"""附件 in a real browser, on the desk and in the hand: pause, a cut line, a reload, a refusal, 删除 with undo."""

import re

import pytest
from playwright.sync_api import expect

from shiming.attachments import queries
from shiming.attachments.models import Attachment
from shiming.attachments.tests.conftest import pdf

WHOLE = pdf(3_000_000)


class Line:
    """The pieces that a page sends; it can be made slow, and cut after so many of them."""

    def __init__(self, page):
        self.offsets, self.left = [], None
        page.route(re.compile(r"/uploads/[0-9a-f-]{36}/$"), self.carry)

    def carry(self, route):
        if route.request.method != "PATCH":
            return route.abort() if self.left == 0 else route.continue_()
        if self.left == 0:
            return route.abort()
        self.left = None if self.left is None else self.left - 1
        self.offsets.append(int(route.request.headers["upload-offset"]))
        return route.continue_()


def opened(live, window, kind):
    row = live.cast.employment()
    assert live.cast.repair_place
    page = window(kind, live.cast.clerk)
    page.goto(f"/people/{row.person_id}/")
    expect(page.get_by_role("button", name="上传")).to_be_visible()
    return page


def add(page, tmp_path, name="毕业证.pdf", whole=WHOLE):
    path = tmp_path / name
    if not path.exists():
        path.write_bytes(whole)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="添加文件").click()
    chooser.value.set_files(path)


def test_panel_by_its_own_address_starts_at_once(live, window):
    row = live.cast.employment()
    assert live.cast.repair_place
    page = window("desk", live.cast.clerk)
    page.goto(f"/attachments/for/employments/{row.pk}/")
    expect(page.get_by_role("button", name="添加文件")).to_be_visible()


def test_panel_starts_in_the_form_of_a_manager(live, window):
    row = live.cast.employment(kind="manager")
    assert live.cast.repair_place
    page = window("desk", live.cast.clerk)
    page.goto(f"/managers/{row.pk}/")
    expect(page.get_by_role("button", name="添加文件")).to_be_visible()


@pytest.mark.parametrize("kind", ["desk", "phone"])
def test_cut_line_and_reload_resume_where_they_stopped(live, window, tmp_path, kind):
    page = opened(live, window, kind)
    line = Line(page)
    line.left = 2
    page.get_by_label("附件类型").select_option("学历证书")
    add(page, tmp_path)
    expect(page.locator("[data-count]")).to_have_text("已传 0 / 1 个文件")
    page.evaluate("navigator.__defineGetter__('onLine', () => false)")  # no waiting for the retries
    page.get_by_role("button", name="上传").click()
    expect(page.locator("[data-state]")).to_have_text("连接中断，已传的部分还在，点“继续”接着传")

    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "/uploads/" in kept and "毕业证" not in kept

    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("cell", name="没有传完")).to_be_visible()
    line.left = None
    page.get_by_label("附件类型").select_option("学历证书")
    add(page, tmp_path)
    page.get_by_role("button", name="上传").click()

    expect(page.get_by_role("row").filter(has_text="毕业证.pdf")).to_contain_text("已上传")
    expect(page.locator("[data-count]")).to_have_text("已传 1 / 1 个文件")
    pieces = range(0, len(WHOLE), 512 * 1024)
    assert line.offsets == list(pieces)  # each piece travelled once, although the page was reloaded
    assert b"".join(queries.content(Attachment.objects.get())) == WHOLE
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('upload:'))") == []


def test_pause_and_continue_by_keyboard_then_remove_and_undo(live, window, tmp_path):
    page = opened(live, window, "desk")
    page.get_by_label("附件类型").select_option("社保记录")
    add(page, tmp_path)
    page.get_by_role("button", name="上传").press("Enter")
    expect(page.get_by_role("alert").filter(has_text="社保记录须填写开具日期")).to_be_visible()
    expect(page.get_by_label("开具日期")).to_be_focused()
    page.get_by_label("开具日期").fill("2026-01-31")

    page.route("**/vendor/tus.min*.js", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.get_by_role("button", name="上传").press("Enter")
    page.get_by_role("button", name="暂停").press("Enter")
    expect(page.locator("[data-state]")).to_have_text("已暂停")
    expect(page.get_by_role("button", name="继续")).to_be_focused()
    page.keyboard.press("Enter")

    row = page.get_by_role("row").filter(has_text="毕业证.pdf")
    expect(row).to_contain_text("已上传")
    row.get_by_role("button", name="删除").press("Enter")
    expect(row).to_contain_text("已删除")
    row.get_by_role("button", name="撤销删除").press("Enter")
    expect(row).to_contain_text("已上传")
    with page.expect_download() as download:
        row.get_by_role("button", name="下载").press("Enter")
    assert download.value.suggested_filename == "毕业证.pdf"


def test_refused_file_says_why_and_the_next_one_goes_on(live, window, tmp_path):
    page = opened(live, window, "phone")
    page.get_by_label("附件类型").select_option("其他")
    add(page, tmp_path, "坏的.pdf", b"MZ" + b"\0" * 4_000)
    add(page, tmp_path)
    page.get_by_role("button", name="上传").click()
    refused = page.locator(".upload--refused")
    expect(refused).to_contain_text("这个文件不是 PDF，也不是 JPG、PNG 或 WEBP 图片，请另存为 PDF")
    expect(page.get_by_role("row").filter(has_text="毕业证.pdf")).to_contain_text("已上传")
    refused.get_by_role("button", name="移除").click()
    expect(refused).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
