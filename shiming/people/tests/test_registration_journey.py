"""Registration on a phone from 验证码 to 待核验, with one wrong digit corrected by a choice."""

from shiming.people.models import Person
from shiming.people.tests.conftest import card

PHONE = "15499555555"


def photographed(page, folder, side):
    file = folder / f"{side}.jpg"
    file.write_bytes(getattr(card(9), side))
    page.set_input_files("input[type=file]", file)
    page.wait_for_selector(".has-photo")
    page.click("text=下一步")


def test_worker_registers_by_phone(live, window, tmp_path):
    page, mine = window("phone"), card(9)
    page.goto("/login/person/")
    page.fill("input[name=phone]", PHONE)
    page.click("main form button")
    page.wait_for_url("**/code/**")
    page.fill("input[name=code]", live.code(PHONE))
    page.click("main form button >> nth=0")

    page.wait_for_url("**/m/register/notice/")
    page.check("input[name=agreed]")
    page.click("text=开始登记")
    page.wait_for_url("**/front/")
    photographed(page, tmp_path, "front")
    page.wait_for_url("**/back/")
    photographed(page, tmp_path, "back")
    page.wait_for_url("**/portrait/", timeout=60_000)  # both sides are read here
    page.click("text=现在不拍")
    page.wait_for_url("**/identity/")
    assert page.input_value("#id_name") == mine.name
    assert page.input_value("#id_number") == mine.number

    wrong = mine.number[:-1] + ("1" if mine.number[-1] != "1" else "2")
    page.fill("#id_number", wrong)
    page.click("text=核对好了")
    page.wait_for_selector(".slip")
    assert "身份证号码无效，请核对第 18 位" in page.inner_text("main")
    assert page.input_value("#id_number") == wrong  # offered, not inserted
    page.click(f"[data-value='{mine.number}']")
    assert page.input_value("#id_number") == mine.number
    page.click("text=核对好了")

    page.wait_for_url("**/card/")
    assert page.input_value("#id_issuer") == mine.card.issuer
    page.click("text=完成，提交")
    page.wait_for_url("**/status/")
    assert "第 1 个工作日/共 15" in page.inner_text("main")
    assert Person.objects.get().identity_status == "pending"
    page.click("text=进入个人端")
    page.wait_for_url("**/m/")
    assert mine.name in page.inner_text("main")


def test_touch_targets_are_large_enough(live, window):
    page = window("phone", live.cast.himself(live.cast.person("李四", status="failed")))
    page.goto("/m/register/notice/")
    heights = page.eval_on_selector_all(
        "main .btn, main .reg__agree", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 56
