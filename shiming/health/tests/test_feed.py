"""2-02: the feed to a third authority, from the switch to the file that arrived."""

import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pytest
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.api.models import ApiAnswer
from shiming.core.actor import Right, system
from shiming.core.environment import environment
from shiming.core.errors import Conflict, NotAllowed
from shiming.core.models import AuditEntry
from shiming.demo.city.moments import clock_at
from shiming.health import commands
from shiming.health.feed import commands as feed
from shiming.health.feed.receivers import Undelivered, local
from shiming.health.models import Feed, FeedDelivery, PreRegistration
from shiming.health.tests.cases import declared, gate, preregister
from shiming.inbox.models import InboxItem
from shiming.people.sections import own_data
from shiming.web import signatures
from tests.callers import site as caller
from tests.doors import client_of

pytestmark = pytest.mark.django_db
JOB, RECEIVER, BASIS = system("预登记报送"), "公安机关", "沪防疫〔2026〕1 号"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(environment(), "feed_folder", tmp_path)
    return tmp_path


@pytest.fixture
def site(cast):
    """The feed was switched on two days ago; 张三 was pre-registered yesterday with a family member."""
    gate(cast, on=timezone.localdate())
    with clock_at(timezone.now() - timedelta(days=2)):
        switch_on(cast)
    with clock_at(timezone.now() - timedelta(days=1)):
        row = preregister(cast, cast.zhang)
        child = cast.person("张小三")
        given = {"origin": "安徽省阜阳市", "declared": declared(child), "by": cast.gc_pm}
        commands.add_family_member(row, number=child.id_number.plain, name=child.name, **given)
    return cast


def switch_on(cast, by=None):
    return feed.start(cast.binjiang, receiver=RECEIVER, basis=BASIS, by=by or cast.gc_pm)


def run():
    return feed.prepare_due(by=JOB), feed.deliver_due(by=JOB)


def test_file_of_a_day_arrives_signed_with_families_at_their_person(site, folder):
    assert run() == (1, 1)
    [path] = folder.iterdir()
    [row] = FeedDelivery.objects.all()
    assert (row.status, row.rows, row.receiver, row.attempts) == ("sent", 2, RECEIVER, 1)
    assert (row.file, row.digest) == (path.name, sha256(path.read_bytes()).hexdigest())
    assert path.stat().st_mode & 0o077 == 0
    checked = signatures.check(path)
    assert (checked.genuine, checked.rows, checked.taken) == (True, 2, RECEIVER)
    with zipfile.ZipFile(path) as opened:
        document = json.loads(opened.read(checked.file))
    [person] = document["people"]
    assert (person["id_number"], person["employer"]) == (site.zhang.id_number.plain, "安泰劳务")
    assert [member["name"] for member in person["family"]] == ["张小三"]
    assert not {"temperature", "condition", "symptoms"} & {*person}
    assert run() == (0, 0)


def test_day_without_people_is_delivered_as_an_empty_file(cast, folder):
    gate(cast)
    with clock_at(timezone.now() - timedelta(days=3)):
        switch_on(cast)
    assert run() == (2, 2)
    assert set(FeedDelivery.objects.values_list("rows", flat=True)) == {0}


def test_nothing_is_delivered_unless_switched_on(cast, folder):
    check = gate(cast)
    with clock_at(timezone.now() - timedelta(days=1)):
        preregister(cast, cast.zhang)
    assert run() == (0, 0)
    switched = switch_on(cast)
    assert run() == (0, 0)  # what was registered before is not shared
    Feed.objects.update(from_day=timezone.localdate() - timedelta(days=1))
    assert feed.prepare_due(by=JOB) == 1
    feed.stop(switched, by=cast.gc_pm)
    assert run() == (0, 0) and list(folder.iterdir()) == []
    assert FeedDelivery.objects.get().problem == "报送已停止"
    Feed.objects.update(stopped_at=None, from_day=timezone.localdate() - timedelta(days=3))
    admission.stop(check, on=timezone.localdate(), by=cast.admin)
    assert run() == (0, 0)


def test_missed_delivery_is_tried_again_and_shown(site, monkeypatch):
    def away(sent):
        raise Undelivered("接收单位的接口没有应答")

    monkeypatch.setattr(local, "deliver", away)
    assert run() == (1, 0) and feed.deliver_due(by=JOB) == 0
    row = FeedDelivery.objects.get()
    assert (row.status, row.attempts, row.problem) == ("waiting", 1, "接收单位的接口没有应答")
    for _ in range(feed.ATTEMPTS - 1):
        FeedDelivery.objects.update(next_at=timezone.now())
        feed.deliver_due(by=JOB)
    browser = client_of(site.gc_pm)
    page = browser.get("/health/feed/").content.decode()
    assert all(word in page for word in ("未送达", "接收单位的接口没有应答", row.digest[:16], RECEIVER))
    assert InboxItem.objects.filter(project=site.binjiang, title__contains="没有送达").exists()
    monkeypatch.undo()
    assert browser.post(f"/health/feed/deliveries/{row.pk}/again/").status_code == 302
    assert FeedDelivery.objects.get().status == "waiting"


def test_file_is_downloaded_again_on_record(site, folder):
    run()
    row = FeedDelivery.objects.get()
    answer = client_of(site.gc_pm).post(f"/health/feed/deliveries/{row.pk}/file/")
    assert sha256(answer.content).hexdigest() == row.digest
    assert AuditEntry.objects.filter(event="feed.opened", object_id=str(row.pk)).count() == 1
    operator = site.operator("陈资料", rights=(Right.PREREGISTER,))
    assert client_of(operator).post(f"/health/feed/deliveries/{row.pk}/file/").status_code == 403


@pytest.mark.parametrize("who", ["labour_pm", "supervision_pm"])
def test_only_the_pm_of_the_general_contractor_switches(cast, who):
    gate(cast)
    with pytest.raises(NotAllowed):
        switch_on(cast, by=getattr(cast, who))
    switched = switch_on(cast)
    with pytest.raises(NotAllowed):
        feed.stop(switched, by=getattr(cast, who))


def test_site_without_the_check_has_nothing_to_feed(cast):
    with pytest.raises(Conflict):
        switch_on(cast)


def test_person_is_told_the_receiver_and_sees_what_was_sent(site, folder):
    row = PreRegistration.objects.get()
    assert row.notice_version == "2026-12"
    titles = InboxItem.objects.filter(person=site.zhang).values_list("title", flat=True)
    assert f"您的预登记会送{RECEIVER}" in titles
    page = client_of(site.gc_pm).get("/health/pre-registrations/new/").content.decode()
    assert f"每天送{RECEIVER}" in page
    run()
    [told] = dict(own_data(site.zhang))["进场预登记"]
    assert told["已送"] == RECEIVER


def test_person_of_a_site_without_feed_is_told_that_nothing_is_shared(cast):
    gate(cast)
    preregister(cast, cast.zhang)
    titles = InboxItem.objects.filter(person=cast.zhang).values_list("title", flat=True)
    assert not [title for title in titles if "会送" in title]
    assert "不送给别的单位" in client_of(cast.gc_pm).get("/health/pre-registrations/new/").content.decode()


def test_api_takes_a_past_day_and_puts_it_on_record(site, folder):
    day = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = caller(site.gc_pm).post("/feed/takings", day=day)
    assert answer.status_code == 200
    [person] = answer.json()["document"]["people"]
    assert person["id_number"] == site.zhang.id_number.plain and len(person["family"]) == 1
    assert answer.json()["signature"]["algorithm"] == "Ed25519"
    assert caller(site.gc_pm).post("/feed/takings", once="first", day=day).status_code == 200
    assert not ApiAnswer.objects.exists()  # the answer holds whole numbers
    row = FeedDelivery.objects.filter(kind="api").first()
    assert (row.rows, row.status) == (2, "sent")
    assert caller(site.gc_pm).post("/feed/takings", day=timezone.localdate().isoformat()).status_code == 422
    assert caller(site.gc_pm, [Right.ENTRY]).post("/feed/takings", day=day).status_code == 403
    assert caller(site.labour_pm).post("/feed/takings", day=day).status_code == 403
    feed.stop(Feed.objects.get(), by=site.gc_pm)
    assert caller(site.gc_pm).post("/feed/takings", day=day).json()["refusals"][0]["code"] == "R-93"


def test_files_go_with_the_health_data_and_the_record_stays(site, folder):
    run()
    commands.forgetting.forget(site.binjiang.pk, by=JOB)
    row = FeedDelivery.objects.get()
    assert row.stored is None and row.digest
    assert Feed.objects.get().stopped_at


@pytest.fixture
def authority(monkeypatch):
    """A receiver on this machine that notes what came and answers what `codes` says."""
    came, codes = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((dict(self.headers), content))
            self.send_response(codes.pop(0))
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(environment(), "feed", "http")
    monkeypatch.setattr(environment(), "feed_url", f"http://127.0.0.1:{server.server_port}/in")
    monkeypatch.setattr(environment(), "feed_token", "token-of-the-receiver")
    yield came, codes
    server.shutdown()
    server.server_close()


def test_http_receiver_gets_the_same_file_again_until_it_accepts(site, authority):
    came, codes = authority
    codes += [503, 202]
    assert run() == (1, 0)
    assert FeedDelivery.objects.get().problem == "接收单位的接口答复 503"
    FeedDelivery.objects.update(next_at=timezone.now())
    assert feed.deliver_due(by=JOB) == 1
    (first, content), (second, same) = came
    assert first["Idempotency-Key"] == second["Idempotency-Key"] and content == same
    assert second["Authorization"] == "Bearer token-of-the-receiver"
    assert second["X-Content-SHA256"] == sha256(content).hexdigest()
    assert signatures.check(BytesIO(content)).genuine


def test_plain_http_beyond_this_machine_is_refused(site, monkeypatch):
    monkeypatch.setattr(environment(), "feed", "http")
    monkeypatch.setattr(environment(), "feed_url", "http://receiver.invalid/in")
    assert run() == (1, 0)
    assert "https" in FeedDelivery.objects.get().problem
