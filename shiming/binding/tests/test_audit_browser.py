"""The audit in the browser: one page ticked, all pages chosen in words, decided in the dialog."""

from playwright.sync_api import expect

from shiming.assignment.models import Assignment
from shiming.binding.tests.test_audits import binding


def test_all_pages_are_chosen_in_words_and_decided_in_one_dialog(live, window):
    for number in range(25):
        binding(live.cast, f"甲{chr(0x4E00 + number)}")
    binding(live.cast, "乙一", face=False)
    page = window("desk", live.cast.implementer)
    page.goto("/audits/")
    page.get_by_role("link", name="26", exact=True).click()

    every = page.locator("[data-every]")
    expect(every).to_be_hidden()
    page.locator("[data-tick-all]").check()
    expect(every).to_contain_text("已选本页 20 人，")
    page.get_by_label("选择全部 26 人").check()
    expect(page.locator("[data-ticked-count]")).to_contain_text("已选 26 人")
    page.get_by_role("button", name="确认").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("共 26 人")
    dialog.get_by_label("通过", exact=True).check()
    dialog.get_by_role("button", name="确认").click()
    expect(page.get_by_text("审核通过 25 人")).to_be_visible()
    expect(page.get_by_text("R-26")).to_be_visible()
    assert Assignment.objects.filter(status="accepted").count() == 25


def test_one_row_less_takes_the_choice_of_all_back(live, window):
    for number in range(21):
        binding(live.cast, f"甲{chr(0x4E00 + number)}")
    page = window("phone", live.cast.implementer)
    page.goto(f"/audits/projects/{live.cast.yanhe.pk}/pending/")
    boxes = page.locator("tbody input[type=checkbox]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    page.get_by_label("选择全部 21 人").check()
    boxes.first.uncheck()
    expect(page.locator("[data-every]")).to_be_hidden()
    expect(page.locator("[data-ticked-count]")).to_contain_text("已选 19 人")
