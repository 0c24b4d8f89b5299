"""A worker scans the poster with a cheap phone and registers; the number fills in what it says."""

from shiming.binding import poster_codes
from shiming.binding.models import SelfForm
from shiming.binding.tests.conftest import TYPED
from shiming.people.tests.conftest import card


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
    for name in ("native_place", "phone", "residence", "residence_detail", "household_place"):
        page.fill(f"#id_{name}", TYPED[name])
    for name in ("ethnicity", "trade", "household_type"):
        page.select_option(f"#id_{name}", TYPED[name])
    page.check("#id_agreed")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("main form button.btn-primary")

    page.wait_for_url("**/q/sent/**")
    form = SelfForm.objects.get()
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
