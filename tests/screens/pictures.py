"""The pictures of the README, taken in a demonstration: the entrance, a site's start page, the phone."""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser import CHINA, KINDS, options

DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = KINDS["phone"] | {"device_scale_factor": 2}  # sharp in print
WIDTH, GAP = 333, 17
GROUND = "#f7f6f3"
PAGES = {"entrance": ("nobody", "/"), "site": ("gc-pm", "/site/")}
PHONES = (("worker", "/m/code/"), ("gc-pm", "/site/scan/"), ("worker", "/m/"), ("worker", "/m/attendance/"))


def draw(visitors, url: str, folder: Path) -> None:
    clients = {visitor.key: visitor.client for visitor in visitors}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options())
        for name, (key, address) in PAGES.items():
            seen = _look(browser, clients[key], url, address, DESK)
            _keep(seen.resize((1200, 750), Image.LANCZOS), folder / f"{name}.png")
        phones = [_look(browser, clients[key], url, address, PHONE) for key, address in PHONES]
        _keep(_side_by_side(phones), folder / "phones.png")
        browser.close()


def _look(browser, client, url: str, address: str, kind: dict) -> Image.Image:
    context = browser.new_context(base_url=url, **kind, **CHINA)
    cookies = client.cookies.values()
    context.add_cookies([{"name": each.key, "value": each.value, "url": url} for each in cookies])
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    height = WIDTH * pictures[0].height // pictures[0].width
    sheet = Image.new("RGB", (4 * WIDTH + 5 * GAP, height + 2 * GAP), GROUND)
    for number, picture in enumerate(pictures):
        sheet.paste(picture.resize((WIDTH, height), Image.LANCZOS), (GAP + number * (WIDTH + GAP), GAP))
    return sheet


def _keep(picture: Image.Image, path: Path) -> None:
    """192 colours are enough for a page, at a third of the size."""
    picture.quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)
