"""The clerk's browser: 新增项目, the list that fills itself, a worker by ID number, 提交, 删除项目 and back."""

import pytest
from playwright.sync_api import expect

from shiming.binding.tests.cases import filed, manager, proved
from shiming.people.models import SkillItem
from tests.cast import invented_id


@pytest.mark.parametrize("kind", ["desk", "phone"])
def test_a_clerk_binds_people_to_a_project(live, window, kind):
    cast = live.cast
    assert cast.repair_gc_place and cast.implementing_place
    clerk = cast.clerk
    filed(cast, proved(cast, manager(cast)).person)
    filed(cast, cast.person("郑资料"), "资料员")
    second = cast.project("沿江修缮", policy="audit_bind")
    cast.participation(second, cast.hongji, "general")

    page = window(kind, clerk)
    page.goto("/binding/projects/")
    page.get_by_role("link", name="新增项目").click()
    page.get_by_role("dialog").get_by_label("报建编号").fill(second.filing_code)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("dialog")).to_contain_text("沿江修缮")
    page.get_by_role("button", name="确定").click()
    expect(page.locator("main")).to_contain_text("沿江修缮")

    page.goto(f"/binding/places/{cast.repair_place.pk}/managers/")
    expect(page.locator("tr", has_text="马安全")).to_contain_text("待提交")
    page.locator("tr", has_text="马安全").get_by_role("button", name="提交").click()
    expect(page.locator("tr", has_text="马安全")).to_contain_text("待审核")

    page.goto(f"/binding/places/{cast.repair_place.pk}/workers/")
    page.get_by_role("link", name="新增").last.click()
    page.get_by_label("身份证号码").fill(invented_id(970))
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("#section-basic")).to_contain_text("1985-03-12")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-form-errors]")).to_contain_text("有 9 处需要修改")
    regions = {"household_place": "安徽省阜阳市颍上县", "residence": "上海市宝山区", "native_place": "安徽省阜阳市"}
    typed = regions | {"name": "韩新来", "residence_detail": "滨江路 1 号", "contact_phone": "15499000071"}
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)
    for name in ("trade", "ethnicity", "household_type"):
        page.locator(f"[name={name}]").select_option(index=1)
    page.locator("[data-block=skills] [data-add]").click()
    page.keyboard.type("钢筋工高级")
    assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]
    page.get_by_role("button", name="保存并下一个").click()
    expect(page.get_by_role("button", name="下一步")).to_be_visible()
    assert SkillItem.objects.get().name == "钢筋工高级"
    page.goto(f"/binding/places/{cast.repair_place.pk}/workers/")
    expect(page.locator("tr", has_text="韩新来")).to_contain_text("R-26")

    page.goto("/binding/projects/")
    page.locator("tr", has_text="沿江修缮").get_by_role("link", name="删除项目").click()
    page.get_by_role("dialog").get_by_role("button", name="删除项目").click()
    page.get_by_role("button", name="撤销删除").click()
    expect(page.locator("tr", has_text="沿江修缮")).to_be_visible()
