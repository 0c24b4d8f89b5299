"""Steps at a door: by the menu, in a list, in a dialog, at the gate."""

import io
import re

from PIL import Image
from playwright.sync_api import expect


def go(page, label):
    """Open a page by the menu, whose labels are those of the manual."""
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link", name=re.compile(rf"^\s*{label}(\s|$)")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def row(page, *words):
    found = page.locator("tbody tr")
    for word in words:
        found = found.filter(has_text=word)
    return found


def told(page, sentence):
    expect(page.locator("#flash")).to_contain_text(sentence)


def hire(page, name, number):
    page.get_by_role("link", name="新建聘用关系").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("姓名").fill(name)
    dialog.get_by_label("证件号").fill(number)
    dialog.get_by_role("button", name="确定", exact=True).click()


def fill_the_profile(page, name):
    page.get_by_label("从事主要工种").select_option(label="钢筋工")
    page.get_by_label(re.compile(r"^\s*班组长")).select_option(label="王班组")
    page.get_by_role("button", name="保存信息").click()
    told(page, f"已保存{name}的信息，可以分配到工地。")


def answer(page, title, button):
    """待办: open the question and press one of its two buttons."""
    page.goto("/m/")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="待办").click()
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name=re.compile(rf"^\s*{button}")).click()


def dismiss(page, name, reason, sure=True):
    """Press 解聘, give 解聘原因, and confirm twice."""
    go(page, "聘用管理")
    row(page, name, "在职").get_by_role("link", name="解聘").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("解聘原因").fill(reason)
    dialog.get_by_role("button", name="确认").click()
    if sure:
        expect(dialog.get_by_role("heading")).to_have_text("请再次确认解聘")
        dialog.get_by_role("button", name="确认").click()


def code_on_the_screen_of(page) -> bytes:
    """A picture of the 个人建设码 on the worker's phone."""
    page.goto("/m/code/")
    return page.get_by_role("img", name="我的建设码").screenshot()


def scan(camera, page, picture, mode="进场扫码", way=""):
    """Show the picture to the camera of that phone and return the verdict; `way` chooses the direction of a punch."""
    hold_up(camera, picture)
    page.goto("/site/scan/")
    page.get_by_label(mode).check()
    if way:
        page.get_by_role("radiogroup", name="进出方向").get_by_text(way, exact=True).click()
    page.get_by_role("button", name="开始扫码").click()
    verdict = page.locator("[data-answer] [data-verdict]")
    expect(verdict).to_be_visible()
    page.get_by_role("button", name="暂停").click()
    return verdict


def hold_up(camera, picture: bytes):
    view = Image.new("RGB", camera.SIZE, "#cfd4d6")
    code = Image.open(io.BytesIO(picture)).convert("RGB")
    code.thumbnail((460, 460))
    view.paste(code, ((view.width - code.width) // 2, (view.height - code.height) // 2))
    camera.show_picture(view)


def refused(verdict, code, sentence):
    expect(verdict).to_have_attribute("data-verdict", "stop")
    expect(verdict.get_by_text(sentence)).to_contain_text(code)
