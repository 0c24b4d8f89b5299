"""健康云: the provider behind HTTP, with a server that answers, refuses, drips, and is away."""

import json
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest

from shiming.core.environment import environment
from shiming.core.errors import Refused
from shiming.health import commands
from shiming.health.declarations import Declared, Unreachable, http
from shiming.health.tests.cases import gate
from tests.cast import invented_id

NUMBER = invented_id(472)
ANSWER = {
    "name": "周新",
    "reported_at": "2026-11-30T08:00:00+08:00",
    "temperature": "36.5",
    "condition": "无异常症状",
    "from_hubei": True,
    "phone": "15499000076",
    "added_later": "ignored",
}


class Cloud(ThreadingHTTPServer):
    daemon_threads = True
    status, body, asked = 200, json.dumps(ANSWER).encode(), None


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked = (self.headers["Authorization"], json.loads(content))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def cloud(monkeypatch):
    server = Cloud(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(environment(), "health_declarations", "http")
    monkeypatch.setattr(environment(), "health_declarations_url", f"http://127.0.0.1:{server.server_port}/find")
    monkeypatch.setattr(environment(), "health_declarations_token", "secret")
    yield server
    server.shutdown()
    server.server_close()


def test_answer_becomes_a_declaration(cloud):
    at = datetime(2026, 11, 30, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    answer = Declared("周新", at, temperature="36.5", condition="无异常症状", from_hubei=True, phone="15499000076")
    assert http.find(NUMBER, "周新") == answer
    assert cloud.asked == ("Bearer secret", {"id_number": NUMBER, "name": "周新"})


def test_unknown_person_is_none(cloud):
    cloud.status = 404
    assert http.find(NUMBER, "周新") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b""),
        (302, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"name": "x"}'),
        (200, b'{"name": "x", "reported_at": "yesterday"}'),
        (200, b'"' + b"x" * 70_000 + b'"'),
    ],
    ids=["error", "redirect", "html", "list", "without time", "wrong time", "too large"],
)
def test_other_answers_mean_away(cloud, status, body):
    cloud.status, cloud.body = status, body
    with pytest.raises(Unreachable):
        http.find(NUMBER, "周新")


def test_server_that_does_not_answer_means_away(cloud, monkeypatch):
    cloud.shutdown()
    cloud.server_close()
    with pytest.raises(Unreachable):
        http.find(NUMBER, "周新")


@pytest.mark.parametrize("url", ["", "http://cloud.example/find", "ftp://127.0.0.1/"])
def test_address_without_tls_is_not_asked(cloud, monkeypatch, url):
    monkeypatch.setattr(environment(), "health_declarations_url", url)
    with pytest.raises(Unreachable):
        http.find(NUMBER, "周新")


@pytest.mark.django_db
def test_away_has_a_sentence_of_its_own(cast, cloud):
    gate(cast)
    cloud.status = 503
    with pytest.raises(Refused) as refused:
        commands.look_up(NUMBER, "周新", by=cast.gc_pm)
    assert refused.value.codes == ["R-90"]
