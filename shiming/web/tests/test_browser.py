"""The components in a real browser: keyboard, dialogs, refusals, and a camera that sees a code."""

import io
import os
import shutil

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect, sync_playwright

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("shiming.web.urls")]
# Playwright keeps an event loop in this thread; our code does not use it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

CHROMIUM = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory, django_db_setup):
    """Chromium whose camera shows a code that begins with 1: a worker who may enter."""
    film = tmp_path_factory.mktemp("camera") / "code.mjpeg"
    film.write_bytes(picture_of_a_code("1-may-enter") * 3)
    with sync_playwright() as playwright:
        arguments = [*CHROMIUM, f"--use-file-for-fake-video-capture={film}"]
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server):
    opened = []

    def opener(path, width=1440, height=900):
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(15_000)
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        assert page.goto(live_server.url + path).ok
        opened.append((page, complaints))
        return page

    yield opener
    for page, complaints in opened:
        page.close()
        assert complaints == []


def picture_of_a_code(text):
    code = io.BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=9, border=4)
    paper = Image.new("RGB", (640, 480), "white")
    paper.paste(Image.open(code).convert("RGB"), (190, 110))
    frame = io.BytesIO()
    paper.save(frame, "JPEG", quality=92)
    return frame.getvalue()


def test_dialog_keeps_input_and_names_missing(open_page):
    page = open_page("/_gallery/")
    page.get_by_role("link", name="新建聘用关系").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("姓名").fill("武安")
    dialog.get_by_role("button", name="确定").click()

    expect(dialog).to_contain_text("请填写：身份证号")
    expect(dialog.get_by_label("姓名")).to_have_value("武安")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_closed_dialog_keeps_what_was_typed(open_page):
    page, dialog = typed_in_dialog(open_page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name="新建聘用关系").click()

    expect(dialog.get_by_label("姓名")).to_have_value("武安")
    expect(dialog).to_contain_text("上次填过、没有提交的内容已放回")
    dialog.get_by_role("button", name="清空").click()
    expect(dialog.get_by_label("姓名")).to_have_value("")
    dialog.get_by_role("button", name="撤销").click()
    expect(dialog.get_by_label("姓名")).to_have_value("武安")

    page.reload()
    page.get_by_role("link", name="新建聘用关系").click()
    expect(dialog.get_by_label("姓名")).to_have_value("武安")
    assert "11010119" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_cancelled_dialog_is_discarded_and_can_be_undone(open_page):
    page, dialog = typed_in_dialog(open_page)
    dialog.get_by_role("button", name="取消").click()
    page.get_by_role("link", name="新建聘用关系").click()
    expect(dialog.get_by_label("姓名")).to_have_value("")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="撤销").click()
    expect(dialog.get_by_label("姓名")).to_have_value("武安")


def typed_in_dialog(open_page):
    page = open_page("/_gallery/")
    page.get_by_role("link", name="新建聘用关系").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("姓名").fill("武安")
    dialog.get_by_label("身份证号").fill("110101190001010000")
    return page, dialog


def test_refusal_above_form_keeps_input(open_page):
    page = open_page("/_gallery/")
    form = page.locator("form[action='/_gallery/refused/']")
    form.get_by_label("姓名").fill("改过的名字")
    form.get_by_role("button", name="保存信息").click()

    expect(form.locator(".refusal").first).to_contain_text("管理员须先在工地端退场 R-24")
    expect(form.get_by_label("姓名")).to_have_value("改过的名字")


def test_list_works_by_keyboard_alone(open_page):
    page = open_page("/_gallery/")
    rows = page.locator("tbody tr")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked-count]")).to_have_text("· 已选 1 人")
    page.keyboard.press("Control+a")
    expect(page.locator("[data-ticked-count]")).to_have_text("· 已选 12 人")
    page.keyboard.press("/")
    expect(page.locator("[data-filters] [name=name]")).to_be_focused()


def test_phone_list_folds_its_search(open_page):
    page = open_page("/_gallery/?status=active", 390, 844)
    fold, search = page.locator(".filters-fold summary"), page.get_by_role("search")
    expect(fold).to_have_text("查询条件（已用 1 个）")
    expect(search).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(search.get_by_label("姓名")).to_be_visible()
    page.keyboard.press("Tab")
    expect(search.get_by_label("姓名")).to_be_focused()


def test_slash_opens_folded_search_on_phone(open_page):
    page = open_page("/_gallery/", 390, 844)
    page.locator(".filters-fold summary").focus()
    page.keyboard.press("/")
    expect(page.locator("[data-filters] [name=name]")).to_be_focused()


def test_search_is_open_on_pc(open_page):
    page = open_page("/_gallery/")
    expect(page.locator(".filters-fold")).to_be_hidden()
    expect(page.get_by_role("search").get_by_label("姓名")).to_be_visible()


def test_empty_selection_is_reported_before_request(open_page):
    page = open_page("/_gallery/")
    page.get_by_role("button", name="批量处理").click()
    expect(page.locator("[data-ticked-hint]")).to_contain_text("请至少选择一人")
    expect(page.locator("#confirm")).to_be_hidden()


def test_row_action_sends_only_its_row(open_page):
    page = open_page("/_gallery/")
    page.get_by_role("button", name="撤回").first.click()
    expect(page.locator("#confirm")).to_contain_text("撤回对苏晓岚的聘用邀请？")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("[data-confirm-yes]").click()
    assert "ids=" not in sent.value.post_data


def test_search_leaves_no_name_in_address(open_page):
    page = open_page("/_gallery/")
    page.locator("[data-filters] [name=name]").fill("陆文轩")
    page.get_by_role("button", name="查询").click()
    page.wait_for_url("**/_gallery/?f=*")
    assert "%E9%99%86" not in page.url


def test_camera_code_shows_the_verdict(open_page):
    page = open_page("/_gallery/scan/", 390, 844)
    page.get_by_role("button", name="开始扫码").click()
    expect(page.locator("[data-verdict=ok]")).to_contain_text("进场成功")


def test_hardware_scanner_shows_refusal_reason(open_page):
    page = open_page("/_gallery/scan/", 390, 844)
    page.get_by_label("没有摄像头，或使用扫码枪").fill("9-labour")
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict=stop]")).to_contain_text("劳务分包人员须由施工总包项目经理扫码进场 R-21")


def test_photo_is_shown_and_shrunk_before_upload(open_page, tmp_path):
    big = tmp_path / "card.png"
    Image.effect_noise((3000, 1900), 40).convert("RGB").save(big)
    page = open_page("/_gallery/phone/", 390, 844)
    page.set_input_files("[name=good-photo]", big)

    expect(page.get_by_alt_text("照片预览")).to_be_visible()
    kind, size = page.evaluate("(({type, size}) => [type, size])(document.querySelector('[name=good-photo]').files[0])")
    assert kind == "image/jpeg" and size < big.stat().st_size / 2


@pytest.mark.parametrize("path", ["/_gallery/", "/_gallery/phone/", "/_gallery/entrance/", "/_gallery/scan/"])
def test_phone_page_never_scrolls_sideways(open_page, path):
    page = open_page(path, 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_phone_touch_targets_are_large_enough(open_page):
    page = open_page("/_gallery/phone/", 390, 844)
    small = page.evaluate("""() => [...document.querySelectorAll('main a, main button, .tabs a, .bar button, .bar a')]
        .filter(each => each.checkVisibility() && !each.closest('p:not(.buttons)') && !each.matches('td a:not(.act)'))
        .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
        .filter(([, box]) => box.height && (box.height < 44 || box.width < 40)).map(([text]) => text)""")
    assert small == []


@pytest.mark.parametrize("path", ["/_gallery/", "/_gallery/phone/", "/_gallery/entrance/", "/_gallery/scan/"])
def test_controls_have_names_and_unique_ids(open_page, path):
    page = open_page(path)
    nameless = page.evaluate("""() => {
        const named = (each) => each.textContent.trim() || each.ariaLabel || each.querySelector('img[alt]')
        return [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a')]
            .filter(each => !(each.labels?.length || named(each)))
            .map(each => each.outerHTML)
    }""")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert (nameless, sorted(ids)) == ([], sorted(set(ids)))
