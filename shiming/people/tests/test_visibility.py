"""Visibility of people as a table; a new employer learns nothing about the old one."""

import pytest
from django.db import transaction
from django.utils import timezone

from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.people import commands, queries, rules
from shiming.people.models import Person
from shiming.people.tests.conftest import card
from tests import callers
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db

OTHERS = ("hr", "gc_hr", "stranger_hr", "gc_pm", "specialist_pm", "labour_pm", "supervision_pm", "stranger_pm")


def actor(cast, who):
    match who:
        case "himself":
            return cast.himself()
        case "another":
            return cast.himself(cast.person("李四"))
        case "regulator":
            return cast.regulator()
        case "other_regulator":
            return cast.regulator("外监督", "西区监督站")
        case _:
            return getattr(cast, who)


@pytest.fixture
def places(cast):
    """Builds the whole chain before the first query."""
    return cast.gc_place, cast.specialist_place, cast.labour_place, cast.supervision_place, cast.stranger_place


def sees(cast, who) -> bool:
    return Person.objects.filter(rules.visible_to(actor(cast, who)), pk=cast.zhang.pk).exists()


@pytest.mark.parametrize(
    ("given", "who_sees"),
    [
        ("unknown", {"himself", "admin"}),
        ("awaiting_identity", {"himself", "admin"}),
        ("invited", {"himself", "admin"}),
        ("declined", {"himself", "admin"}),
        ("hired", {"himself", "admin", "hr"}),
        (
            "pending",
            {"himself", "admin", "hr", "gc_pm", "specialist_pm", "labour_pm"},
        ),
        (
            "accepted",
            {"himself", "admin", "hr", "gc_hr", "gc_pm", "specialist_pm", "labour_pm", "supervision_pm", "regulator"},
        ),
        ("removed", {"himself", "admin", "hr"}),
    ],
)
def test_visibility_of_labour_worker_by_role(cast, places, given, who_sees):
    _make(cast, given)
    asked = (*OTHERS, "himself", "another", "admin", "regulator", "other_regulator")
    assert {who for who in asked if sees(cast, who)} == who_sees


def test_labour_firm_does_not_see_upper_worker(cast, places):
    cast.assignment(cast.employment(company=cast.hengli), cast.specialist_place)
    asked = ("hr", "gc_hr", "gc_pm", "specialist_pm", "labour_pm")
    assert {who for who in asked if sees(cast, who)} == {"gc_hr", "gc_pm", "specialist_pm"}


@pytest.mark.parametrize("who", ["stranger_hr", "stranger_pm", "other_regulator"])
@pytest.mark.parametrize("page", ["", "photo/portrait/", "reveal/"])
def test_person_is_404_for_strangers(cast, places, who, page):
    _make(cast, "accepted")
    answer = client_of(actor(cast, who)).get(f"/people/{cast.zhang.pk}/{page}")
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["himself", "hr", "gc_pm", "regulator"])
@pytest.mark.parametrize("page", ["", "{pk}/", "{pk}/photos/", "{pk}/verification/", "{pk}/failure/", "run/"])
def test_identity_check_is_for_administrator_only(cast, places, who, page):
    client, url = client_of(actor(cast, who)), f"/people/identity/{page.format(pk=cast.zhang.pk)}"
    assert {client.get(url).status_code, client.post(url).status_code} <= {403, 405}
    cast.zhang.refresh_from_db()
    assert cast.zhang.identity_status == "verified"


@pytest.mark.parametrize("who", ["himself", "hr", "gc_hr", "gc_pm", "regulator", "admin", "stranger_hr"])
def test_list_shows_exactly_visible_people(cast, places, who):
    _make(cast, "accepted")
    answer = client_of(actor(cast, who)).get("/people/")
    if who == "gc_hr":
        assert cast.zhang.name not in answer.content.decode()  # not employed here: listed under 本单位项目上已确认的
        answer = client_of(actor(cast, who)).get("/people/?scope=below")
    if who == "himself":
        assert answer.status_code == 403
    else:
        assert (cast.zhang.name in answer.content.decode()) is sees(cast, who)


def test_new_employer_does_not_see_old_one(cast, places):
    """The pages of a new employer show no employment, allocation, stay, reveal or change of the old one (§7.9)."""
    old = cast.employment()
    commands.update_profile(cast.zhang, by=cast.hr, native_place="江苏")
    commands.reveal(cast.zhang, "phone", purpose="发放工资", by=cast.hr)
    old.delete()
    old = cast.employment(status="ended", ended_at="2026-01-01T00:00Z")
    stay = cast.stay(cast.assignment(old, status="ended"), exited_on=timezone.localdate(), exited_at=timezone.now())
    with transaction.atomic():
        words = {"by": cast.hr, "person": "张三", "company": "安泰劳务", "project": "滨江一期"}
        record(Event.EMPLOYMENT_CONFIRMED, old, **words)
        record(Event.ASSIGNMENT_PROPOSED, stay.assignment, **words, role="建筑工人")
        record(Event.STAY_OPENED, stay, **words, method="扫码")
    new = cast.employment(company=cast.yuanda)
    with transaction.atomic():
        record(Event.EMPLOYMENT_CONFIRMED, new, by=cast.himself(), person="张三", company="远大总包")

    page = client_of(cast.stranger_hr).get(f"/people/{cast.zhang.pk}/").content.decode()
    assert "张三确认受聘于远大总包" in page
    for trace in ("安泰", "陈人事", "滨江"):
        assert trace not in page


def test_old_employer_does_not_see_new_one(cast, places):
    cast.employment(status="ended", ended_at="2026-01-01T00:00Z")
    new = cast.employment(company=cast.yuanda)
    with transaction.atomic():
        record(Event.EMPLOYMENT_CONFIRMED, new, by=cast.himself(), person="张三", company="远大总包")

    page = client_of(cast.hr).get(f"/people/{cast.zhang.pk}/").content.decode()
    assert "远大" not in page and "安泰劳务" in page


def test_person_sees_all_own_entries(cast, places):
    employment = cast.employment()
    with transaction.atomic():
        record(Event.EMPLOYMENT_INVITED, employment, by=cast.hr, person="张三", company="安泰劳务")
    commands.reveal(cast.zhang, "phone", purpose="发放工资", by=cast.hr)

    sentences = [line.sentence for line in queries.story(cast.zhang, cast.himself())]
    assert sentences == ["陈人事查看张三的手机号，用途：发放工资", "陈人事邀请张三受聘于安泰劳务"]


@pytest.mark.parametrize("asked", ["awaiting_identity", "invited", "withdrawn", "declined", "expired"])
def test_invitation_alone_reveals_nothing(cast, asked):
    """Before the person agrees, an invitation opens no page, photo, data, attendance, API or export.

    The company sees name and state on its own invitation.
    """
    commands.set_portrait(cast.zhang, card().front, by=cast.himself())
    invitation = cast.employment(status=asked, started_at=None)
    browser, key, page = client_of(cast.hr), callers.firm(cast, cast.antai), f"/people/{cast.zhang.pk}/"

    for closed in (page, f"{page}photo/portrait/", f"{page}reveal/", f"{page}edit/", f"/attendance{page}"):
        assert browser.get(closed).status_code == 404, closed
    assert key.get(page.rstrip("/")).status_code == 404
    assert key.post("/people/search", number=cast.zhang.id_number.plain).status_code == 404
    assert cast.zhang.name not in browser.get("/people/").content.decode() + key.get("/people").content.decode()
    export(browser, "/people/")
    assert str(AuditEntry.objects.latest("id")) == "陈人事导出人员 0 行"

    own = browser.get(f"/employments/{invitation.pk}/").content.decode()
    assert cast.zhang.name in own and invitation.get_status_display() in own
    for hidden in (str(cast.zhang.phone), "/people/"):
        assert hidden not in own.replace('href="/people/"', "")


def test_page_counts_only_visible_days(cast, places):
    cast.stay(cast.assignment(cast.employment(status="ended", ended_at=timezone.now())))
    page = client_of(cast.hr).get(f"/people/{cast.zhang.pk}/").content.decode()
    assert "近 30 天考勤" in page
    cast.employment(company=cast.yuanda)
    assert "近 30 天考勤" not in client_of(cast.stranger_hr).get(f"/people/{cast.zhang.pk}/").content.decode()


def test_page_query_count_is_constant(cast, places, django_assert_max_num_queries):
    cast.stay()
    client = client_of(cast.hr)
    for number in range(5):
        commands.reveal(cast.zhang, "phone", purpose=f"第 {number} 次", by=cast.hr)
    with django_assert_max_num_queries(36):
        client.get(f"/people/{cast.zhang.pk}/")


def test_search_finds_every_specified_part(cast):
    person = cast.person("欧阳莉莉")
    number = person.id_number.plain
    born = f"{person.birth_date:%Y%m%d}"
    for text in ("莉", "欧阳", "oyll", "ll", number, number.lower(), number[:6], born, number[-4:], number[-5:]):
        found = queries.people(cast.admin, text)
        assert person in found, text
    assert not queries.people(cast.admin, "诸葛").exists()


def _make(cast, given):
    match given:
        case "awaiting_identity" | "invited" | "declined":
            cast.employment(status=given)
        case "hired":
            cast.employment()
        case "pending" | "accepted" | "removed":
            cast.assignment(status=given)
