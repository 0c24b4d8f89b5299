"""One showing of a code is one punch and one notice: real pages with a stopped clock and a picture of the test."""

import time

import pytest

from shiming.attendance.models import AttendanceEvent
from shiming.core.models import AuditEntry
from shiming.inbox.models import InboxItem
from shiming.presence import codes

# In place of the browser's detector: what the test holds in view.
DETECTOR = """
window.inView = "";
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { window.onLook?.(); return window.inView ? [{ rawValue: window.inView }] : []; }
};
"""


class Gate:
    def __init__(self, page):
        self.page, self.posts = page, []
        page.clock.install()
        page.add_init_script(DETECTOR)
        page.on("request", lambda request: request.method == "POST" and self.posts.append(request))
        page.goto("/site/scan/")

    def start(self, mode: str = "") -> None:
        if mode:
            self.page.get_by_text(mode).click()
        self.page.get_by_role("button", name="开始扫码").click()
        self.page.locator("[data-scan-stop]:not([hidden])").wait_for()

    def hold(self, text: str, seconds: int) -> None:
        """Hold a code in view; each second the scanner looks, whatever answer it still waits for."""
        self.page.evaluate("text => { window.inView = text }", text)
        for _ in range(seconds):
            self.page.evaluate("() => { window.looked = new Promise(done => { window.onLook = done }) }")
            self.page.clock.fast_forward(1000)
            self.page.evaluate("() => window.looked")

    def answer(self, tone: str) -> str:
        found = self.page.locator(f"[data-verdict={tone}]")
        found.wait_for()
        return found.inner_text()


@pytest.fixture
def gate(live, window) -> Gate:
    return Gate(window("phone", live.cast.gc_pm))


def code_of(person, steps_back: int = 0) -> str:
    return codes.personal_code(person.pk, time.time() - 30 * steps_back)


def test_code_held_for_ninety_seconds_is_one_punch(live, gate):
    cast = live.cast
    cast.stay()
    gate.start("考勤扫码")
    for steps_back in (2, 1, 0):  # the code changes every 30 seconds
        gate.hold(code_of(cast.zhang, steps_back), 30)
    assert "进场打卡" in gate.answer("ok")
    assert (len(gate.posts), AttendanceEvent.objects.count()) == (1, 1)

    gate.hold("", 10)
    gate.hold(code_of(cast.zhang), 3)
    assert "已打过卡" in gate.answer("warn")
    assert (len(gate.posts), AttendanceEvent.objects.count()) == (2, 1)

    gate.page.get_by_role("radiogroup", name="进出方向").get_by_text("出").click()
    gate.hold("", 10)
    gate.hold(code_of(cast.zhang), 3)
    assert "出场打卡" in gate.answer("ok")
    assert list(AttendanceEvent.objects.order_by("seq").values_list("direction", flat=True)) == ["unknown", "out"]


def test_refused_code_held_for_a_minute_is_one_notice(live, gate):
    cast = live.cast
    cast.assignment(status="pending", confirmed_at=None)
    gate.start()
    for steps_back in (1, 0):
        gate.hold(code_of(cast.zhang, steps_back), 30)
    gate.answer("stop")
    assert AuditEntry.objects.filter(event="entry.refused").count() == 1

    gate.hold("", 10)
    gate.hold(code_of(cast.zhang), 3)
    gate.answer("stop")
    assert len(gate.posts) == 2
    (notice,) = InboxItem.objects.filter(person=cast.zhang, kind="entry.refused")
    assert notice.times == 2
