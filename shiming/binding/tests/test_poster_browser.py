"""A worker scans the poster with a cheap phone and registers; the number fills in what it says."""

from playwright.sync_api import expect

from shiming.binding import poster_codes
from shiming.binding.models import SelfForm
from shiming.binding.tests.conftest import TYPED
from shiming.people.tests.conftest import card


def choose(page, name: str, *levels: str) -> None:
    """Tap through the levels of a division and take the last one."""
    page.locator(f"#id_{name}").tap()
    for place, label in enumerate(levels):
        shown = label.removeprefix(levels[place - 1]) if place else label
        option = page.get_by_role("option", name=shown, exact=True)
        assert option.bounding_box()["height"] >= 56
        option.tap()
    page.get_by_role("heading", level=1).tap()
    expect(page.locator(f"#id_{name}")).to_have_value(levels[-1])
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_worker_registers_by_the_poster(live, window, tmp_path):
    page, place = window("phone"), live.cast.repair_place
    page.goto(f"/q/{poster_codes.code_of(place)}/")
    page.fill("#id_name", TYPED["name"])
    page.click("main form button.btn-primary")
    page.wait_for_selector(".form-errors")
    assert page.input_value("#id_name") == TYPED["name"] and SelfForm.objects.count() == 0

    page.locator("#id_id_number").press_sequentially(TYPED["id_number"])
    assert page.input_value("#id_birth_date") == TYPED["birth_date"]
    assert page.is_checked("[name=sex][value='1']") and page.inner_text("[data-age]").isdigit()
    choose(page, "native_place", "安徽省", "安徽省阜阳市")  # level by level
    page.locator("#id_household_place").press_sequentially("fyys")  # by initials
    page.get_by_role("option", name=TYPED["household_place"]).tap()
    for name in ("phone", "residence", "residence_detail"):
        page.fill(f"#id_{name}", TYPED[name])
    for name in ("ethnicity", "trade", "household_type"):
        page.select_option(f"#id_{name}", TYPED[name])
    page.check("#id_agreed")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("main form button.btn-primary")

    page.wait_for_url("**/q/sent/**")
    form = SelfForm.objects.get()
    assert (form.values["native_place"], form.values["household_place"]) == ("安徽省阜阳市", TYPED["household_place"])
    assert form.receipt_in_groups in page.inner_text("main")
    assert TYPED["id_number"] not in page.evaluate("JSON.stringify(sessionStorage)")
    page.click("text=身份证人像面")
    photo = tmp_path / "front.jpg"
    photo.write_bytes(card(9).front)
    page.set_input_files("input[type=file]", photo)
    page.wait_for_selector(".has-photo")
    page.click("text=交这张照片")
    page.wait_for_selector("text=已收到")
    form.refresh_from_db()
    assert form.id_front is not None
