"""The simulator on a real pseudo-terminal and real loopback ports, read by our reader and by plain HTTP."""

import io
import json
from argparse import Namespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from shiming.devices.bridges.command import SerialSource, serve
from shiming.devices.reader.line import NoLine, Reader
from shiming.devices.reader.photo import is_wlt
from shiming.devices.simulator import command
from shiming.devices.tests.conftest import DECODER
from shiming.devices.tests.vectors import CARDS, RESIDENT

OURS = "http://127.0.0.1:8000"


def test_every_layout_is_read_over_the_line(desk):
    reader = Reader(desk.terminal.path)
    for card in CARDS.values():
        desk.put(card)
        reading = reader.read(1)
        assert (reading.card, is_wlt(reading.photo)) == (card, True)
    assert reader.version() == "05.03-20260101-0000000001-0000000001"


def test_empty_reader_reads_nothing(desk):
    assert Reader(desk.terminal.path).read(0) is None


@pytest.mark.parametrize("trouble", ["noise", "cut"])
def test_noise_and_cuts_do_not_stop_reading(desk, monkeypatch, trouble):
    monkeypatch.setattr("shiming.devices.reader.line.QUIET", 0.2)
    setattr(desk.terminal.sam, trouble, True)
    desk.put(RESIDENT)
    assert Reader(desk.terminal.path).read(5).card == RESIDENT


def test_strict_module_needs_card_lifted(desk):
    desk.terminal.sam.reselect = False
    reader = Reader(desk.terminal.path)
    desk.put(RESIDENT)
    assert reader.read(1).card == RESIDENT
    assert reader.read(0.5) is None
    desk.put(RESIDENT)
    assert reader.read(1).card == RESIDENT


def test_missing_reader_is_named(tmp_path):
    with pytest.raises(NoLine, match="nowhere"):
        Reader(str(tmp_path / "nowhere")).read(0)
    assert serve(str(tmp_path / "nowhere")) == 1


def ask(bridge, path: str, method: str = "GET", **headers) -> str:
    headers = {"Origin": OURS} | {name.capitalize(): value for name, value in headers.items()}
    data = b"" if method == "POST" else None
    with urlopen(Request(f"http://127.0.0.1:{bridge.port}{path}", data, headers), timeout=10) as answer:
        return answer.read().decode()


def test_reader_bridge_returns_the_card(desk):
    bridge = desk.reader_bridge()
    assert json.loads(ask(bridge, "/api/Version"))["version"].startswith("05.03-")
    assert json.loads(ask(bridge, "/api/ReadMsg")) == {"code": "1", "retmsg": "未放卡"}

    desk.put(RESIDENT)
    output = json.loads(ask(bridge, "/api/ReadMsg?waitTime=5"))
    assert (output["code"], output["name"], output["cardno"]) == ("0", "欧阳样例", RESIDENT.number)
    assert output["photobase64"].startswith("/9j/")


def test_bridges_answer_as_makers_document(desk):
    desk.put(RESIDENT)
    b = ask(desk.maker_bridge("b"), "/ZKIDROnline/ScanReadIdCardInfo?OP-DEV=1&CMD-URL=4")
    assert "C:\\IDReader\\temp" in b  # back-slashes are not escaped
    assert json.loads(b.replace("\\", "\\\\"))["Certificate"]["Birthday"] == "1985.03.12"

    c = desk.maker_bridge("c")
    assert json.loads(ask(c, "/api/connect", "POST"))["resultFlag"] == 0
    assert json.loads(ask(c, "/api/readCard", "POST"))["resultContent"]["certNumber"] == RESIDENT.number
    desk.stack.take_away()
    assert json.loads(ask(c, "/api/readCard", "POST"))["errorMsg"] == "未放卡"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://127.0.0.1.elsewhere.example"},
        {"origin": ""},
        {"host": "elsewhere.example:8989"},
    ],
)
def test_real_cards_are_refused_to_strange_pages(desk, headers):
    desk.put(RESIDENT)
    bridge = desk.reader_bridge()
    with pytest.raises(HTTPError) as refused:
        ask(bridge, "/api/ReadMsg", **headers)
    assert refused.value.code == 403


def test_unplugged_reader_is_found_again(desk):
    source = SerialSource(desk.terminal.path, DECODER)
    desk.put(RESIDENT)
    assert source.read(1)
    source.reader.line.close()
    with pytest.raises(OSError, match="断开"):
        source.read(0)
    desk.put(RESIDENT)
    assert source.read(1).card == RESIDENT


def test_simulator_follows_typed_commands(drawn, capsys):
    options = Namespace(serial=True, noise=False, cut=False, bridges="ab", port=0, card=1)
    assert command.serve(drawn, options, io.StringIO("next\nlist\noff\n7\nwhat\nquit\n")) == 0
    output = capsys.readouterr().out
    assert "SAM_A: /dev/" in output and "Bridge B: 127.0.0.1:" in output
    assert "放上第 2 张：阿卜杜拉·样例" in output and "放上第 7 张：样例乙" in output and "拿开了" in output
