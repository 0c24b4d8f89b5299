"""Photographs each page in the size of a PC and of a phone with two browsers, and checks it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page as BrowserPage
from playwright.async_api import async_playwright

from tests.browser import CHINA, options
from tests.screens.crawl import Page

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
AT_ONCE = 2
PATIENCE = 20_000
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
TALLEST = 6000
LOOK_OVER = Path(__file__).with_name("look_over.js").read_text(encoding="utf-8")


@dataclass
class Shot:
    page: Page
    files: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def shoot(pages: list[Page], url: str, folder: Path, kinds: list[str]) -> list[Shot]:
    return asyncio.run(_shoot(pages, url, folder, kinds))


async def _shoot(pages, url, folder, kinds) -> list[Shot]:
    waiting, shots = list(pages), []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**options())

        async def photographer():
            while waiting:
                shots.append(await _one(browser, waiting.pop(0), url, folder, kinds))

        await asyncio.gather(*(photographer() for _ in range(AT_ONCE)))
        await browser.close()
    order = {id(page): number for number, page in enumerate(pages)}
    return sorted(shots, key=lambda shot: order[id(shot.page)])


async def _one(browser, page: Page, url: str, folder: Path, kinds: list[str]) -> Shot:
    shot = Shot(page)
    context = await browser.new_context(base_url=url, viewport=SIZES[kinds[0]], **CHINA)
    try:
        cookies = page.visitor.client.cookies.values()
        await context.add_cookies([{"name": each.key, "value": each.value, "url": url} for each in cookies])
        view = await context.new_page()
        view.on("pageerror", lambda error: shot.faults.append(f"脚本出错：{error}"))
        view.on("console", lambda message: _note(message, shot))
        answer = await view.goto(page.url, timeout=PATIENCE)
        if answer.status >= 400:
            shot.faults.append(f"答复 {answer.status}")
        for kind in kinds:
            await _photograph(view, shot, folder, kind)
    except Exception as error:
        shot.faults.append(f"{type(error).__name__}：{str(error)[:200]}")
    finally:
        await context.close()
    return shot


def _note(message, shot: Shot) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        shot.faults.append(message.text[:200])


async def _photograph(view: BrowserPage, shot: Shot, folder: Path, kind: str) -> None:
    await view.set_viewport_size(SIZES[kind])
    await view.wait_for_timeout(120)  # drawings that follow the size need a moment
    await view.evaluate(DRAWN)
    seen = await view.evaluate(LOOK_OVER)
    shot.page.title = seen["title"]
    shot.faults += seen["faults"]
    name = f"{shot.page.visitor.key}-{shot.page.route}-{kind}.png".replace(":", "-")
    height = await view.evaluate("() => document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": SIZES[kind]["width"], "height": min(max(height, SIZES[kind]["height"]), TALLEST)}
    await view.screenshot(path=folder / name, full_page=True, clip=clip)
    shot.files[kind] = name
