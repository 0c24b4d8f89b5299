"""Forms in dialogs go to the dialog's address; exports of a list ask for no ticked row."""

from playwright.sync_api import expect

from shiming.admission import commands
from shiming.admission.tests.test_admission import SETTINGS


def test_draft_is_started_and_stopped_in_dialogs(live, window):
    cast = live.cast
    commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.admin)
    page = window("desk", cast.admin)
    page.goto(f"/projects/{cast.binjiang.pk}/checks/")
    page.get_by_role("link", name="启用", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="启用").click()
    expect(page.get_by_role("main")).to_contain_text("已启用")
    page.get_by_role("link", name="停用", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(page.get_by_role("main")).to_contain_text("已停用")


def test_list_with_boxes_is_exported_without_a_tick(live, window):
    cast = live.cast
    cast.assignment(status="pending", confirmed_at=None)
    page = window("desk", cast.gc_pm)
    page.goto("/assignments/waiting/")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")
