"""扫码预登记: the worker fills in the own pre-registration, the site confirms it, and nothing is learned on the way."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.binding import poster_codes
from shiming.binding.self_forms import commands as self_forms
from shiming.core.limits import Limit
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.health.feed import commands as feed
from shiming.health.models import Feed, PreRegistration, Proposal
from shiming.health.proposals import codes, commands
from shiming.health.tests.cases import declared, gate, preregister
from shiming.people.models import Person
from tests.cast import invented_id
from tests.doors import client_of

pytestmark = pytest.mark.django_db
NUMBER = invented_id(480)
TYPED = {"name": "周新", "id_number": NUMBER, "phone": "15499000480", "origin": "安徽省阜阳市", "agreed": "on"}


@pytest.fixture
def site(cast):
    gate(cast)
    cast.filing(cast.labour_place, "孙劳务")
    return cast


@pytest.fixture
def address(site):
    return f"/p/{codes.code_of(site.labour_place)}/"


def scan(address, browser=None, **given):
    return (browser or Client()).post(address, TYPED | given)


def test_worker_fills_in_and_the_site_confirms(site, address):
    page = Client().get(address).content.decode()
    assert "滨江一期" in page and "安泰劳务" in page and "不送给别的单位" in page
    receipt = Client().get(scan(address, firm="王班组").url).content.decode()
    row = Proposal.objects.get()
    assert row.receipt_in_groups in receipt and NUMBER not in receipt
    assert not PreRegistration.objects.exists() and not Person.objects.filter(name="周新").exists()
    assert NUMBER not in str([*AuditEntry.objects.values_list()])

    browser, one = client_of(site.labour_pm), f"/health/proposals/{row.pk}/"
    assert "王班组" in browser.get("/health/proposals/").content.decode()
    employer = str(site.filing(site.labour_place, "孙劳务").pk)
    assert f'value="{employer}" selected' in browser.get(one).content.decode()
    chosen = {"origin": "安徽省阜阳市", "employer": employer}
    assert "请先在健康云完成" in browser.post(one, chosen).content.decode()
    _declare(site)
    assert browser.post(one, chosen).status_code == 302
    made = PreRegistration.objects.get()
    assert (made.person.name, made.participation, made.phone.plain) == ("周新", site.labour_place, "15499000480")
    row.refresh_from_db()
    assert (row.status, row.preregistration) == ("taken", made)
    assert browser.post(one, chosen).status_code == 422


def test_doubtful_declaration_is_confirmed_by_a_second_press(site, address):
    scan(address)
    _declare(site, temperature="38.0")
    browser, one = client_of(site.gc_pm), f"/health/proposals/{Proposal.objects.get().pk}/"
    chosen = {"origin": "安徽省阜阳市", "employer": str(site.filing(site.labour_place, "孙劳务").pk)}
    page = browser.post(one, chosen).content.decode()
    assert "体温与症状不一致" in page and Proposal.objects.get().status == "open"
    sure = re.search(r'name="sure" value="([^"]*)"', page)[1]
    assert browser.post(one, chosen | {"sure": sure}).status_code == 302


def test_known_and_unknown_numbers_are_answered_alike(site, address):
    """A registered, a pre-registered and an unknown number: the same page and the same work."""
    preregister(site, site.zhang)
    li = site.person("李四")
    answers = {}
    for name, number in (("张三", site.zhang.id_number.plain), ("李四", li.id_number.plain), ("周新", NUMBER)):
        with CaptureQueriesContext(connection) as seen:
            answer = scan(address, name=name, id_number=number)
        work = len(seen)  # the next request empties the log
        assert not any("people_person" in query["sql"] for query in seen)
        page = Client().get(answer.url).content.decode()
        answers[name] = (answer.status_code, work, re.sub(r"[0-9A-Za-z_-]{20,}|[0-9]{3}", "", page))
    assert len(set(answers.values())) == 1
    # another name for a known number is nobody's business on the phone
    assert scan(address, name="别人", id_number=site.zhang.id_number.plain).status_code == 302


def test_second_scan_replaces_the_first_and_keeps_its_receipt(site, address):
    scan(address)
    first = Proposal.objects.get()
    scan(address, origin="上海市")
    row = Proposal.objects.get()
    assert (row.receipt, row.times, row.values["origin"]) == (first.receipt, 2, "上海市")


def test_logged_in_worker_finds_the_own_data(site, address):
    declared(site.zhang, origin="河南省周口市")
    browser = client_of(site.himself())
    page = browser.get(address).content.decode()
    assert "张三" in page and str(site.zhang.id_number) in page and "河南省周口市" in page
    assert site.zhang.id_number.plain not in page and 'name="id_number"' not in page
    other = {"name": "别人", "id_number": NUMBER}
    assert browser.post(address, {"origin": "河南省周口市", "agreed": "on"} | other).status_code == 302
    row = Proposal.objects.get()
    assert (row.name, row.id_number.plain) == ("张三", site.zhang.id_number.plain)
    assert row.phone.plain == site.zhang.phone.plain


def test_wrong_values_are_named_at_their_fields(address):
    page = scan(address, id_number=NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), phone="123", agreed="")
    text = page.content.decode()
    assert page.status_code == 422 and not Proposal.objects.exists()
    assert all(said in text for said in ("请核对第 18 位", "手机号应为 11 位", "请填写：我看过须知"))


def test_scans_are_limited_with_those_of_the_other_posters(site, address, monkeypatch):
    monkeypatch.setattr(self_forms, "PER_POSTER", Limit(1, self_forms.WINDOW, "R-80"))
    assert (scan(address).status_code, scan(address).status_code) == (302, 429)


def test_code_dies_when_renewed_stopped_or_the_check_ends(site):
    place = site.labour_place

    def opens(code):
        return Client().get(f"/p/{code}/").status_code

    first = codes.code_of(place)
    assert opens(first) == 200 and opens(first[:-1] + ("A" if first[-1] != "A" else "B")) == 404
    assert opens(poster_codes.code_of(place)) == 404  # a code of another kind
    browser = client_of(site.labour_pm)
    browser.post("/health/code/renewal/")
    second = codes.code_of(place)
    assert (opens(first), opens(second)) == (410, 200)
    browser.post("/health/code/stopping/")
    assert opens(second) == 410
    browser.post("/health/code/renewal/")
    third = codes.code_of(place)
    assert opens(third) == 200
    admission.stop(place.project.checks.get(), on=timezone.localdate(), by=site.admin)
    assert opens(third) == 410


def test_proposal_is_seen_within_the_chain_of_its_firm(site, address):
    scan(address)
    one = f"/health/proposals/{Proposal.objects.get().pk}/"
    other = site.pm("何包", site.participation(site.binjiang, site.company("宏远劳务"), "labour", site.gc_place))
    seen = {who: client_of(who).get(one).status_code for who in (site.gc_pm, site.specialist_pm, site.labour_pm, other)}
    assert [*seen.values()] == [200, 200, 200, 404]
    assert client_of(site.supervision_pm).get(one).status_code == 403


def test_discarded_proposal_says_why_and_old_ones_go(site, address):
    scan(address)
    row = Proposal.objects.get()
    answer = client_of(site.gc_pm).post(f"/health/proposals/{row.pk}/discarding/", {"reason": "本人不来了"})
    row.refresh_from_db()
    assert answer.status_code == 302 and (row.status, row.discard_reason) == ("discarded", "本人不来了")
    assert commands.forget_old(by=site.admin) == 0
    Proposal.objects.update(decided_at=timezone.now() - timedelta(days=31))
    assert commands.forget_old(by=site.admin) == 1


def test_notice_names_the_receiver_where_the_site_shares(site, address):
    feed.start(site.binjiang, receiver="公安机关", basis="通知", by=site.gc_pm)
    Feed.objects.update(from_day=timezone.localdate())
    assert "每天送公安机关" in Client().get(address).content.decode()


def test_code_is_printed(site):
    browser = client_of(site.gc_pm)
    assert "预登记二维码" in browser.get("/health/code/").content.decode()
    assert "报凭证号" in browser.get("/health/code/sheet/").content.decode()
    assert browser.get("/health/code/pdf/").content.startswith(b"%PDF")


def _declare(site, **values):
    declared(SimpleNamespace(name="周新", id_number=Secret(NUMBER), phone=None), **values)
