"""The clerk's browser: a card on the reader fills the page, beeps, and saves nothing before the clerk does.

The reader is the simulator on a real pseudo-terminal; between it and the page stand a real loopback bridge, or Web
Serial with the same terminal behind the port.
"""

import json
import os
import select
from base64 import b64decode, b64encode

import pytest
from playwright.sync_api import expect

from shiming.devices.models import CardReading
from shiming.devices.tests.vectors import CARDS, FILE, RESIDENT
from shiming.people.models import Person

MODULES = """
const sam = await import("/static/devices/sam.js");
const bytes = (hex) => Uint8Array.from(hex?.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (data) => data && Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
"""
# The browser's end of a port on the pseudo-terminal: bytes go to and come from this process.
PORT = """
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
class Port {
  async open() {
    if (window.taken) throw new DOMException("Failed to open serial port.", "NetworkError");
    let open = true;
    const gone = () => new DOMException("The device has been lost.", "NetworkError");
    this.readable = new ReadableStream({
      async pull(out) {
        while (open) {
          if (window.unplugged) throw gone();
          const data = await window.lineRead();
          if (data) return out.enqueue(bytes(data));
          await new Promise((done) => setTimeout(done, 10));
        }
      },
      cancel() { open = false; },
    });
    this.writable = new WritableStream({
      write: (data) => {
        if (window.unplugged) throw gone();
        return window.lineWrite(btoa(String.fromCharCode(...data)));
      },
    });
  }
  async close() {}
}
const port = new Port();
const granted = () => sessionStorage.getItem("granted") ? [port] : [];
Object.defineProperty(navigator, "serial", { configurable: true, value: {
  getPorts: async () => granted(),
  requestPort: async () => { sessionStorage.setItem("granted", "1"); return port; },
} });
"""


def run(page, script: str):
    return page.evaluate(f"async (given) => {{ {MODULES} {script} }}", json.loads(FILE.read_text()))


def say(page):
    return page.locator("[data-reader-say]")


@pytest.fixture
def clerk(live, window):
    """陈人事 at the reader page."""
    page = window("desk", live.cast.hr)
    page.goto("/reader/")
    return page


# The browser's reader agrees with the Python reader, byte for byte.


def test_shared_vectors_hold_in_the_browser(clerk):
    vectors = json.loads(FILE.read_text())
    assert run(clerk, "return given.cards.map((each) => sam.parse(bytes(each.text)));") == [
        each["card"] for each in vectors["cards"]
    ]
    for piece in (1, 7, 4096):
        found = run(
            clerk,
            f"""return given.streams.map((each) => {{
                const receiver = new sam.Receiver(), data = bytes(each.bytes), bodies = [];
                for (let at = 0; at < data.length; at += {piece})
                  bodies.push(...receiver.feed(data.subarray(at, at + {piece})).map(hex));
                return bodies;
            }});""",
        )
        assert found == [each["bodies"] for each in vectors["streams"]]
    assert run(
        clerk,
        """return given.talks.map((talk) => {
            const session = new sam.Session();
            return talk.steps.map((step) => {
              const found = session.answer(step.answer === null ? null : bytes(step.answer));
              return [found?.card.number ?? null, session.step, session.trouble];
            });
        });""",
    ) == [[[step["number"], step["next"], step["trouble"]] for step in talk["steps"]] for talk in vectors["talks"]]


def test_browser_sees_contradicting_reading(clerk):
    script = """const { cardOf } = await import("/static/devices/card.js");
        const card = { ...given.cards[0].card };
        const tried = [{}, { birth: "19850313" }, { sex: "2" }, { number: "11990119850312001A" }, { name: "" }];
        return tried.map((change) => cardOf({ ...card, ...change }, { way: "a", label: "" }).problems);"""
    assert run(clerk, script) == [
        *([], ["读到的出生日期与证件号码不一致"], ["读到的性别与证件号码不一致"]),
        *(["读到的证件号码不成立"], ["没有读到姓名"]),
    ]


# Through a bridge.


def test_card_through_bridge_fills_without_saving(desk, clerk):
    desk.reader_bridge()
    clerk.get_by_role("button", name="点击读卡").click()
    say(clerk).get_by_text("请把证件放到阅读器上…").wait_for()
    desk.put(RESIDENT)

    say(clerk).get_by_text("已读到欧阳样例，请核对").wait_for()
    clerk.get_by_alt_text("欧阳样例的证件照片").wait_for()
    shown = {each.get_attribute("data-show"): each.inner_text() for each in clerk.locator("[data-show]").all()}
    assert shown == {
        "name": "欧阳样例", "number": RESIDENT.number, "kind_label": "居民身份证", "sex_label": "男", "birth": "1985-03-12",
        "ethnicity": "维吾尔族", "period": "2020-01-02 至 2040-01-02", "issuer": "澜汀市公安局",
        "address": "澜汀市汀东区样例路1号甲",
    }  # fmt: skip
    assert not Person.by_id_number(RESIDENT.number)

    clerk.get_by_role("button", name="完成读卡返回").click()
    clerk.get_by_text("欧阳样例已实名登记").wait_for()
    reading = CardReading.objects.get()
    assert (reading.person.name, reading.operator, reading.way) == ("欧阳样例", "陈人事", "a")
    assert reading.reader == "05.03-20260101-0000000001-0000000001"
    assert reading.person.card_portrait is not None


@pytest.mark.parametrize("letter", ["b", "c", "d"])
@pytest.mark.parametrize("name", ["long term", "permit", "beyond the basic plane"])
def test_each_makers_bridge_is_found_and_read(desk, clerk, letter, name):
    card = CARDS[name]
    desk.maker_bridge(letter)
    desk.put(card)
    clerk.keyboard.press("F8")
    clerk.get_by_alt_text(f"{card.name}的证件照片").wait_for()
    kept = json.loads(clerk.locator("[name=reading]").input_value())
    assert (kept["number"], kept["way"], kept["long_term"]) == (card.number, letter, card.long_term)
    assert (kept["kind"], kept["problems"]) == (card.kind, [])


def test_working_way_is_remembered_without_personal_data(desk, clerk):
    bridge = desk.maker_bridge("c")
    desk.put(RESIDENT)
    clerk.keyboard.press("F8")
    clerk.get_by_alt_text("欧阳样例的证件照片").wait_for()
    assert clerk.evaluate("JSON.stringify(localStorage)") == '{"shiming:reader":"c"}'

    bridge.stop()
    desk.running.clear()
    desk.maker_bridge("b")
    clerk.reload()
    clerk.keyboard.press("F8")
    clerk.get_by_alt_text("欧阳样例的证件照片").wait_for()
    assert clerk.evaluate("localStorage.getItem('shiming:reader')") == "b"


def test_page_without_reader_shows_help(clerk):
    clerk.keyboard.press("F8")
    say(clerk).get_by_text("没有找到阅读器").wait_for()
    clerk.locator(".read-card").get_by_role("link", name="环境检测").wait_for()


def test_refused_card_stays_on_the_page(live, desk, clerk):
    verified = live.cast.person("早已实名")
    desk.maker_bridge("b")
    desk.put(RESIDENT)
    clerk.keyboard.press("F8")
    clerk.get_by_alt_text("欧阳样例的证件照片").wait_for()
    kept = json.loads(clerk.locator("[name=reading]").input_value()) | {"number": verified.id_number.plain}
    clerk.locator("[name=reading]").evaluate("(input, value) => (input.value = value)", json.dumps(kept))
    clerk.get_by_role("button", name="完成读卡返回").click()
    clerk.get_by_text("R-07").wait_for()
    clerk.get_by_alt_text("欧阳样例的证件照片").wait_for()


# The button on any form, and in a search.

FORM = """(target) => {
  const box = document.querySelector("[data-read-card]").cloneNode(true);
  const form = document.createElement("form");
  form.id = "any";
  for (const name of ["number", "name", "birth_date", "register_address", "valid_to", "q"]) {
    form.append(Object.assign(document.createElement("input"), { name, id: `any_${name}` }));
  }
  const sex = document.createElement("select");
  sex.name = "sex";
  for (const value of ["", "1", "2"]) sex.append(new Option(value, value));
  if (target) box.dataset.target = target;
  form.append(sex, box);
  form.addEventListener("submit", (event) => { event.preventDefault(); window.submitted = true; });
  document.getElementById("main").replaceChildren(form);
}"""


def fields(page) -> dict:
    return page.evaluate("Object.fromEntries(new FormData(document.getElementById('any')))")


def test_button_fills_form_and_never_submits(desk, clerk):
    clerk.evaluate(FORM, "")
    desk.maker_bridge("b")
    desk.put(CARDS["long term"])
    clerk.keyboard.press("F8")
    say(clerk).get_by_text("已读到阿卜杜拉·样例").wait_for()
    assert fields(clerk) == {
        "number": CARDS["long term"].number, "name": "阿卜杜拉·样例", "birth_date": "1960-02-29",
        "register_address": "样例村", "valid_to": "", "q": "", "sex": "2",
    }  # fmt: skip
    assert clerk.evaluate("window.submitted") is None


def test_search_takes_only_the_number(desk, clerk):
    clerk.evaluate(FORM, "any_q")
    desk.maker_bridge("d")
    desk.put(RESIDENT)
    clerk.keyboard.press("F8")
    say(clerk).get_by_text("已读到欧阳样例").wait_for()
    assert {name: value for name, value in fields(clerk).items() if value} == {"q": RESIDENT.number}
    assert clerk.evaluate("document.activeElement.name") == "q"  # Enter searches


def test_cursor_moves_to_first_missing_field(desk, clerk):
    clerk.evaluate(FORM, "")
    desk.maker_bridge("b")
    desk.put(RESIDENT)
    clerk.keyboard.press("F8")
    say(clerk).get_by_text("已读到欧阳样例").wait_for()
    assert clerk.evaluate("document.activeElement.name") == "number"  # nothing is missing: Enter submits
    clerk.evaluate("document.forms.any.elements.q.required = true")
    clerk.evaluate("document.querySelector('[data-read]').focus()")
    clerk.keyboard.press("F8")
    expect(clerk.locator("#any_q")).to_be_focused()


# Web Serial.


@pytest.fixture
def line(terminal):
    file = os.open(terminal.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    yield file
    os.close(file)


def connected(page, line):
    page.expose_function("lineWrite", lambda data: os.write(line, b64decode(data)) and None)
    page.expose_function("lineRead", lambda: _waiting(line))
    page.add_init_script(PORT)


def _waiting(line) -> str:
    return b64encode(os.read(line, 4096)).decode() if select.select([line], [], [], 0)[0] else ""


@pytest.mark.parametrize("noise", [False, True])
def test_page_reads_card_over_serial_port(live, desk, window, line, noise):
    desk.terminal.sam.noise = noise
    page = window("desk", live.cast.gc_pm)
    connected(page, line)
    page.goto("/reader/")
    page.get_by_role("button", name="点击读卡").click()
    desk.put(RESIDENT)
    page.get_by_role("button", name="连接阅读器").click()  # no port is allowed yet, so the browser asks once

    page.get_by_alt_text("欧阳样例的证件照片").wait_for()
    page.get_by_role("button", name="完成读卡返回").click()
    page.get_by_text("欧阳样例已实名登记").wait_for()
    reading = CardReading.objects.get()
    assert (reading.way, reading.project_id) == ("serial", live.cast.binjiang.pk)
    assert reading.wlt is not None and reading.person.card_portrait is not None


@pytest.fixture
def serial_clerk(live, window, line):
    """王总包 at the reader page, with a port that is already allowed."""
    page = window("desk", live.cast.gc_pm)
    connected(page, line)
    page.add_init_script("sessionStorage.setItem('granted', '1')")
    page.goto("/reader/")
    return page


def test_unplugged_reader_is_reported_and_read_again(desk, serial_clerk):
    page = serial_clerk
    page.keyboard.press("F8")
    say(page).get_by_text("请把证件放到阅读器上…").wait_for()
    page.evaluate("window.unplugged = true")
    say(page).get_by_text("阅读器断开了，请检查连线，再读一次。").wait_for()
    page.evaluate("window.unplugged = false")
    desk.put(RESIDENT)
    page.keyboard.press("F8")
    page.get_by_alt_text("欧阳样例的证件照片").wait_for()


def test_port_in_use_is_reported_in_chinese(desk, serial_clerk):
    serial_clerk.evaluate("window.taken = true")
    serial_clerk.keyboard.press("F8")
    say(serial_clerk).get_by_text("阅读器打不开：请看看是否接好，是否正被别的程序使用，然后再试。").wait_for()


def test_stopped_bridge_is_reported_in_chinese(desk, clerk):
    bridge = desk.maker_bridge("b")
    clerk.keyboard.press("F8")
    say(clerk).get_by_text("请把证件放到阅读器上…").wait_for()
    bridge.stop()
    desk.running.clear()
    say(clerk).get_by_text("阅读器程序没有回应，请检查它是否还在运行").wait_for()


# 环境检测


def test_check_page_shows_findings_and_help(live, desk, window, line):
    page = window("desk", live.cast.hr)
    connected(page, line)
    desk.maker_bridge("b")
    page.goto("/reader/check/")
    page.get_by_text("找到 1 种连接方式，可以读卡").wait_for()
    found = {
        each.get_attribute("data-row"): each.locator("[data-said]").inner_text()
        for each in page.locator("[data-row]").all()
    }
    assert found["serial"].startswith("还没有允许过阅读器")
    assert found["b"] == "正在运行，版本 05.03-20260101-0000000001-0000000001"
    assert found["a"].startswith("没有运行")

    page.get_by_role("button", name="连接阅读器").click()
    page.get_by_text("找到 2 种连接方式").wait_for()
    page.get_by_text("已连接，阅读器编号 05.03-20260101-0000000001-0000000001").wait_for()

    desk.put(RESIDENT)
    page.get_by_role("button", name="试读一张").click()
    page.get_by_text(f"读到欧阳样例 {RESIDENT.number[:3]}*****{RESIDENT.number[-3:]}，居民身份证").wait_for()
    assert not CardReading.objects.exists()
