"""Chromium as a clerk's PC and as a worker's phone, with a camera that shows pictures of the test."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--use-fake-ui-for-media-stream"),
    "--use-fake-device-for-media-stream",
    "--lang=zh-CN",
)
KINDS = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 1,
        "is_mobile": True,
        "has_touch": True,
    },
}
CHINA = {"reduced_motion": "reduce", "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "permissions": ["camera"]}
FILM_FRAME = 65_000  # bytes
PATIENCE = 10_000  # milliseconds until a missing expectation fails the test


def options(camera: Path | None = None) -> dict:
    """The arguments of `playwright.chromium.launch(**options())`."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    arguments = [*ARGUMENTS, *([f"--use-file-for-fake-video-capture={camera}"] if camera else [])]
    path = os.environ.get("SHIMING_CHROMIUM") or program
    chinese = os.environ | {"LANGUAGE": "zh_CN"}  # on Linux date fields follow this, not --lang
    return {"executable_path": path, "headless": True, "args": arguments, "env": chinese}


class Camera:
    """The camera of every browser of the test run. Show the picture before the page opens the camera."""

    SIZE = (640, 640)

    def __init__(self, path: Path):
        self.path = path
        self.show_picture(Image.new("RGB", self.SIZE, "#888888"))

    def show_code(self, text: str) -> None:
        """Show a QR code in the middle of the view."""
        drawn = io.BytesIO()
        segno.make(text, error="m").save(drawn, kind="png", scale=8, border=4)
        code = Image.open(drawn).convert("RGB")
        code.thumbnail((420, 420))
        view = Image.new("RGB", self.SIZE, "#cfd4d6")
        view.paste(code, ((view.width - code.width) // 2, (view.height - code.height) // 2))
        self.show_picture(view)

    def show_picture(self, picture: Image.Image) -> None:
        self._keep(_jpeg(picture.resize(self.SIZE)) * 5)

    def show_film(self, pictures: list[Image.Image], *, running: bool = False) -> None:
        """A film that is shown again and again, 30 pictures a second. While the page films, the next one of as many
        pictures takes its place: Chromium reads the file as it goes, and every picture is FILM_FRAME bytes long."""
        film = b"".join(_filled(_jpeg(picture.resize(self.SIZE))) for picture in pictures)
        if not running:
            return self._keep(film)
        with self.path.open("r+b") as file:
            file.write(film)

    def _keep(self, content: bytes) -> None:
        unfinished = self.path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(self.path)


def _jpeg(picture: Image.Image) -> bytes:
    frame = io.BytesIO()
    picture.convert("RGB").save(frame, "JPEG", quality=92)
    return frame.getvalue()


def _filled(jpeg: bytes) -> bytes:
    """With a comment after its first marker that makes it FILM_FRAME bytes long."""
    spare = FILM_FRAME - len(jpeg) - 4
    assert spare >= 0, "the picture needs more bytes than a frame of a film has"
    return jpeg[:2] + b"\xff\xfe" + (spare + 2).to_bytes(2, "big") + bytes(spare) + jpeg[2:]


@pytest.fixture(scope="session")
def camera(tmp_path_factory) -> Camera:
    return Camera(tmp_path_factory.mktemp("camera") / "view.mjpeg")


@pytest.fixture(scope="session")
def browser(camera):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(**options(camera.path))
        yield opened
        opened.close()


@pytest.fixture
def window(live, browser, request) -> Iterator[Callable]:
    """`window("phone")` opens a browser of its own with one empty page; `window("desk", cast.hr)` has logged in."""
    contexts, troubles = [], []

    def open_window(kind: str = "desk", actor=None, **more):
        context = browser.new_context(base_url=live.url, **KINDS[kind], **CHINA, **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if actor is not None:
            context.add_cookies([live.cookie(actor)])
        page = context.new_page()
        page.on("pageerror", lambda error: _note_broken(page, error, troubles))
        page.on("console", lambda message: _note_refused(message, troubles))
        return page

    yield open_window
    if _failed(request.node):
        _keep_pictures(request.node.name, contexts)
    for context in contexts:
        context.close()
    assert troubles == [], "a script broke, or did what the policy forbids"


def _note_broken(page, error, troubles: list[str]) -> None:
    """Ignore a skipped view transition, which slow machines cause; note every other error."""
    if not str(error).startswith("Transition was "):
        troubles.append(f"{page.url}: {error}")


def _note_refused(message, troubles: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        troubles.append(message.text)


def _failed(node) -> bool:
    return getattr(node, "outcome_of_call", None) == "failed"


def _keep_pictures(name: str, contexts) -> None:
    """Save a picture of every open window when the journey fails."""
    folder = Path("screens/failed")
    folder.mkdir(parents=True, exist_ok=True)
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, 1):
        page.screenshot(path=folder / f"{name}-{number}.png".replace("/", "_"), full_page=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call":
        item.outcome_of_call = outcome.get_result().outcome
