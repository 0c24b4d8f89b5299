"""The long form of 管理人员登记 in a browser: keys, rows, regions, the draft, a session that ends meanwhile."""

from playwright.sync_api import expect

from shiming.employment.models import Employment, ManagerDraft
from shiming.employment.tests.test_managers import ABOUT, NUMBER, WORK
from shiming.people.items import items_of

FIELDS = WORK | ABOUT | {"name": "韩管理"}


def begin(window, actor, kind="desk"):
    page = window(kind, actor)
    page.goto("/managers/new/")
    page.get_by_label("身份证号码").fill(NUMBER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="基本信息")).to_be_visible()
    return page


def fill(page, **values):
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        field.select_option(value) if field.evaluate("field => field.matches('select')") else field.fill(value)


def focused(page) -> str:
    return page.evaluate("document.activeElement.name")


def test_form_is_filled_with_the_keyboard_and_submitted(live, window):
    page = begin(window, live.cast.clerk)
    page.locator("[name=name]").fill("韩管理")
    page.keyboard.press("Enter")
    assert focused(page) == "former_name"

    place = page.locator("[name=household_place]")
    place.press_sequentially("hzxh")
    expect(page.get_by_role("option", name="浙江省杭州市西湖区")).to_be_visible()
    place.press("Enter")
    expect(place).to_have_value("浙江省杭州市西湖区")
    place.press("Enter")
    assert focused(page) == "residence"

    fill(page, **{name: value for name, value in FIELDS.items() if name not in ("name", "household_place")})
    schools = page.locator("[data-block=schools]")
    for school in ("滨江建筑学校", "城东大学", "多余的"):
        schools.locator("[data-add]").click()
        page.keyboard.type(school)
    schools.locator("[data-up]").nth(1).click()
    schools.locator("[data-remove]").nth(2).click()
    expect(page.locator("[data-index] a").first).to_contain_text("已填全")
    page.keyboard.press("Escape")
    page.locator("[name=name]").press("Control+Enter")
    expect(page.get_by_text("韩管理已登记")).to_be_visible()

    person = Employment.objects.get(kind="manager").person
    assert [row.school for row in items_of(person)["schools"]] == ["城东大学", "滨江建筑学校"]
    assert not ManagerDraft.objects.exists()


def test_closed_tab_loses_nothing_and_errors_lead_to_their_fields(live, window):
    page = begin(window, live.cast.clerk)
    fill(page, name="韩管理", residence_detail="滨江路 1 号")
    address = page.url
    page.goto("/managers/")  # left at once, before the pause of the autosave is over
    expect(page.get_by_text("没有填完的登记")).to_be_visible()
    page.goto(address)
    expect(page.locator("[name=residence_detail]")).to_have_value("滨江路 1 号")

    page.locator("[data-submit]").click()
    errors = page.locator("[data-form-errors]")
    expect(errors).to_contain_text("处需要修改")
    errors.get_by_role("link", name="请填写：籍贯").click()
    assert focused(page) == "native_place"
    expect(page.locator("[name=name]")).to_have_value("韩管理")


def test_session_that_ends_takes_nothing_along(live, window):
    clerk = live.cast.clerk
    page = begin(window, clerk)
    fill(page, name="韩管理")
    expect(page.locator("[data-saved]")).to_contain_text("已自动保存")
    page.context.clear_cookies()
    fill(page, former_name="韩小")
    page.locator("[data-submit]").click()
    expect(page.locator("[data-saved]")).to_contain_text("登录已失效")
    expect(page.locator("[name=former_name]")).to_have_value("韩小")
    assert ManagerDraft.objects.get().name == "韩管理"


def test_phone_has_the_index_folded_and_everything_in_its_width(live, window):
    page = begin(window, live.cast.clerk, "phone")
    expect(page.locator("[data-index] ol")).to_be_hidden()
    page.locator("[data-index] summary").click()
    page.get_by_role("link", name="执业证书").click()
    expect(page.locator("[data-index] ol")).to_be_hidden()
    expect(page.locator("#section-credentials h2")).to_be_in_viewport()
    page.locator("[data-block=credentials] [data-add]").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
