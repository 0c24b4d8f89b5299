"""Certificates: what the check asks, who records, corrects, deletes and sees a certificate, Excel, the phone."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.admission import queries as admission_queries
from shiming.core.errors import Conflict, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.credentials import commands, queries
from shiming.credentials.check import NeedsField, default_needs
from shiming.dictionaries.models import DictionaryEntry
from shiming.inbox.models import InboxItem
from shiming.people.commands.items import keep_items
from shiming.people.models import Credential
from shiming.people.sections import sections
from shiming.presence.eligibility import eligibility, facts_for, warnings
from tests.doors import client_of, export
from tests.tables import commit, problems, tally, upload

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
SCAFFOLD, WELD, HOT = "建筑架子工操作资格证", "建筑焊工操作资格证", "焊接与热切割作业操作证"


def days(count: int):
    return timedelta(days=count)


def need(trade, *names) -> dict:
    return {"trade": trade, "any_of": list(names)}


def check(cast, *needs, effect="refuse"):
    settings = {"needs": list(needs) or default_needs()}
    row = admission.draft(cast.binjiang, "credentials", effect=effect, settings=settings, by=cast.admin)
    return admission.start(row, on=TODAY(), by=cast.admin)


def worker(cast, trade="架子工", name="张三"):
    """An accepted worker of this trade who is not on site."""
    return cast.assignment(cast.employment(cast.person(name), trade=trade))


def certify(cast, row, name=SCAFFOLD, *, by=None, until=400, number="T310001", **values):
    given = {"valid_until": None if until is None else TODAY() + days(until)} | values
    return commands.record_credential(row.employment, name=name, number=number, by=by or cast.hr, **given)


def refused(cast, row, on=None) -> list[str]:
    found = eligibility(row.person, cast.binjiang, on or TODAY())
    return [item.sentence for item in found if item.code == "R-50"]


# The check


def test_trade_asks_for_its_certificate(cast):
    row, other = worker(cast), worker(cast, "木工", "李木")
    check(cast)
    assert refused(cast, row) == [f"{SCAFFOLD}缺失或已过期"]
    assert refused(cast, other) == []
    certify(cast, row)
    assert refused(cast, row) == []


def test_certificate_counts_from_its_first_day_through_its_last(cast):
    row = worker(cast)
    check(cast)
    certify(cast, row, until=5, valid_from=TODAY() + days(2))
    last = f"{TODAY() + days(5)}"
    missing, ended = f"{SCAFFOLD}缺失或已过期", f"{SCAFFOLD}缺失或已过期（{last} 到期）"
    asked = {ahead: refused(cast, row, TODAY() + days(ahead)) for ahead in (1, 2, 5, 6)}
    assert asked == {1: [missing], 2: [], 5: [], 6: [ended]}


def test_certificate_without_an_end_stays_valid(cast):
    row = worker(cast)
    check(cast)
    certify(cast, row, until=None)
    assert refused(cast, row, TODAY() + days(9_000)) == []


def test_one_of_the_alternatives_is_enough(cast):
    row = worker(cast, "电焊工")
    check(cast, need("电焊工", WELD, HOT))
    assert refused(cast, row) == [f"{WELD}或{HOT}缺失或已过期"]
    certify(cast, row, HOT)
    assert refused(cast, row) == []


def test_every_line_of_a_trade_is_asked_for(cast):
    row = worker(cast, "电焊工")
    check(cast, need("电焊工", WELD), need("电焊工", HOT))
    certify(cast, row, HOT)
    assert refused(cast, row) == [f"{WELD}缺失或已过期"]


def test_certificate_of_another_person_does_not_count(cast):
    row = worker(cast)
    certify(cast, worker(cast, name="李四"))
    check(cast)
    assert len(refused(cast, row)) == 1


def test_certificate_from_the_form_of_managers_counts(cast):
    row = worker(cast)
    check(cast)
    keep_items(cast.zhang, {"credentials": [{"number": "A1", "name": SCAFFOLD}]}, by=cast.hr)
    assert refused(cast, row) == []


def test_warning_names_the_certificate(cast):
    row = worker(cast)
    check(cast, effect="warn")
    facts = facts_for(row.person_id, cast.binjiang.pk)
    assert [item.sentence for item in warnings(facts, TODAY())] == [f"{SCAFFOLD}缺失或已过期"]
    assert refused(cast, row) == []


def test_check_costs_a_scan_no_round_trip(cast):
    row = worker(cast)
    check(cast)
    certify(cast, row)
    facts_for(row.person_id, cast.binjiang.pk)
    with CaptureQueriesContext(connection) as asked:
        facts_for(row.person_id, cast.binjiang.pk)
    assert len(asked) == 1


def test_what_if_names_who_lacks_what(cast):
    row, welder = worker(cast), worker(cast, "电焊工", "王焊")
    certify(cast, welder, WELD, until=-3)
    would = admission_queries.would_stop(cast.binjiang, "credentials", {"needs": default_needs()})
    sentences = {pk: [item.sentence for item in lacking] for pk, lacking in would.items()}
    ended = f"{WELD}或{HOT}缺失或已过期（{TODAY() - days(3)} 到期）"
    assert sentences == {row.pk: [f"{SCAFFOLD}缺失或已过期"], welder.pk: [ended]}


# Settings


def test_administrator_writes_the_needs_of_a_site_as_lines(cast):
    client, at = client_of(cast.admin), f"/projects/{cast.binjiang.pk}/checks/credentials/"
    assert f"架子工：{SCAFFOLD}" in client.get(at).content.decode()
    lines = f"架子工: {SCAFFOLD}\n\n电焊工：{WELD} 或 {HOT}\n建筑、装饰工程普工：{SCAFFOLD}"
    assert client.post(at, {"effect": "warn", "needs": lines}).status_code == 302
    needs = [need("架子工", SCAFFOLD), need("电焊工", WELD, HOT), need("建筑、装饰工程普工", SCAFFOLD)]
    assert cast.binjiang.checks.get().settings == {"needs": needs}
    assert f"电焊工：{WELD}或{HOT}" in client.get(at).content.decode()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("架子工", "第 1 行看不懂"),
        (f"\n架子王：{SCAFFOLD}", "第 2 行的“架子王”不在字典“工种”里"),
        ("架子工：驾照", "第 1 行的“驾照”不在字典“证书名称”里"),
    ],
)
def test_line_that_cannot_be_read_is_named(cast, line, sentence):
    answer = client_of(cast.admin).post(
        f"/projects/{cast.binjiang.pk}/checks/credentials/", {"effect": "warn", "needs": line}
    )
    assert answer.status_code == 422 and sentence in answer.content.decode()


def test_dictionary_gives_the_defaults(cast):
    entry = DictionaryEntry.objects.get(table="credential", code="高处作业吊篮安装拆卸工操作资格证")
    fields = {"label": entry.label, "order": entry.order, "active": "on", "trades": ["安装起重工"]}
    at = f"/admin-tools/dictionaries/credential/{entry.pk}/"
    assert client_of(cast.admin).post(at, fields).status_code == 302
    assert need("安装起重工", entry.code) in default_needs()
    page = client_of(cast.admin).get("/admin-tools/dictionaries/credential/").content.decode()
    assert "须有此证书的工种：安装起重工" in page
    assert NeedsField().clean(NeedsField().prepare_value(default_needs())) == default_needs()


# Who lacks a certificate


def test_clerk_finds_who_lacks_a_certificate_and_records_it(cast):
    row, client = worker(cast), client_of(cast.hr)
    assert "没有人缺证" in client.get("/credentials/missing/").content.decode()
    check(cast)
    page = client.get("/credentials/missing/").content.decode()
    at = f"/credentials/new/?employment={row.employment_id}"
    assert f"{SCAFFOLD}缺失或已过期" in page and at in page and row.person.id_number.plain not in page
    fields = {"name": SCAFFOLD, "number": "T1", "valid_until": TODAY() + days(9)}
    assert client.post(at, fields)["Location"] == "/credentials/missing/"
    assert queries.lacking(cast.hr) == {}


def test_lacking_names_own_people_and_coming_checks(cast):
    row = worker(cast)
    settings = {"needs": default_needs()}
    draft = admission.draft(cast.binjiang, "credentials", effect="warn", settings=settings, by=cast.admin)
    assert queries.lacking(cast.hr) == {}
    admission.start(draft, on=TODAY() + days(5), by=cast.admin)
    assert set(queries.lacking(cast.gc_pm)) == {row.pk}
    certify(cast, row, until=4)
    found = queries.lacking(cast.hr)
    assert list(queries.people_lacking(cast.hr, found)) == [row]
    assert list(queries.people_lacking(cast.gc_hr, queries.lacking(cast.gc_hr))) == []


@pytest.mark.parametrize("who", ["stranger_hr", "stranger_pm"])
def test_strangers_choose_no_employee(cast, who):
    at = f"/credentials/new/?employment={worker(cast).employment_id}"
    assert client_of(getattr(cast, who)).get(at).status_code == 404
    assert client_of(getattr(cast, who)).get("/credentials/new/?employment=x").status_code == 404


# Records


@pytest.mark.parametrize("who", ["stranger_hr", "stranger_pm", "supervision_pm", "gc_hr"])
def test_strangers_record_no_certificate(cast, who):
    row = worker(cast)
    with pytest.raises(NotAllowed):
        certify(cast, row, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["hr", "gc_pm", "labour_pm"])
def test_company_and_site_record_correct_and_delete(cast, who):
    row, by = worker(cast), getattr(cast, who)
    found = certify(cast, row, by=by)
    assert queries.credentials(by).get() == found
    assert commands.correct(found, by=by, valid_until=TODAY() + days(900)).valid_until == TODAY() + days(900)
    commands.remove(found, by=by)
    assert not Credential.objects.exists()


def test_site_sees_and_records_only_what_a_trade_asks_for(cast):
    row = worker(cast)
    practice = certify(cast, row, "注册建造师")
    assert list(queries.credentials(cast.gc_pm)) == [] and list(queries.credentials(cast.hr)) == [practice]
    with pytest.raises(NotAllowed):
        certify(cast, row, "注册建造师", by=cast.gc_pm, number="2")
    with pytest.raises(NotAllowed):
        commands.correct(practice, by=cast.gc_pm, name=SCAFFOLD)


def test_same_certificate_is_recorded_once(cast):
    row = worker(cast)
    certify(cast, row)
    with pytest.raises(Invalid):
        certify(cast, row, until=900)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_record_one_certificate(cast):
    row, start, refusals = worker(cast), threading.Barrier(2), []
    clerks = [cast.hr, cast.clerk]

    def run(by):
        start.wait()
        try:
            certify(cast, row, by=by)
        except Invalid as refusal:
            refusals.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=run, args=[by]) for by in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Credential.objects.count() == len(refusals) == 1


def test_papers_open_to_the_company_and_not_to_the_site(cast):
    row = worker(cast)
    certify(cast, row)
    pages = {who: client_of(getattr(cast, who)).get("/credentials/").content.decode() for who in ("hr", "labour_pm")}
    at = f"/attachments/for/employments/{row.employment_id}/"
    assert at in pages["hr"] and SCAFFOLD in pages["labour_pm"] and "/attachments/" not in pages["labour_pm"]


def test_end_before_the_first_day_is_refused_by_the_database(cast):
    found = certify(cast, worker(cast), valid_from=TODAY())
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=found.pk).update(valid_until=TODAY() - days(1))


def test_stale_page_changes_nothing(cast):
    found = certify(cast, worker(cast))
    seen = found.person.version - 1
    with pytest.raises(Conflict):
        commands.correct(found, by=cast.hr, seen=seen, number="2")


def test_deleted_certificate_is_not_corrected(cast):
    found = certify(cast, worker(cast))
    commands.remove(Credential.objects.get(), by=cast.hr)
    with pytest.raises(Conflict):
        commands.correct(found, by=cast.hr, number="2")


def test_form_of_managers_keeps_the_first_day(cast):
    found = certify(cast, worker(cast), valid_from=TODAY())
    row = {"id": str(found.pk), "number": "T2", "name": SCAFFOLD, "valid_until": found.valid_until}
    keep_items(cast.zhang, {"credentials": [row]}, by=cast.hr)
    kept = Credential.objects.get()
    assert (kept.number, kept.valid_from) == ("T2", TODAY())


def test_trail_keeps_the_content_and_the_person_is_notified(cast):
    found = certify(cast, worker(cast))
    commands.correct(found, by=cast.hr, number="T310002")
    commands.remove(found, by=cast.hr)
    entries = AuditEntry.objects.filter(event__startswith="credential.").order_by("pk")
    assert [str(entry) for entry in entries] == [
        f"陈人事登记张三的{SCAFFOLD}，有效期至{found.valid_until}",
        f"陈人事更正张三的{SCAFFOLD}：证书编号",
        f"陈人事删除张三的{SCAFFOLD}",
    ]
    assert entries[2].before["number"] == "T310002"
    assert InboxItem.objects.filter(person=cast.zhang, title__contains=SCAFFOLD).count() == 3


# Pages


def test_clerk_records_corrects_and_deletes_on_the_pages(cast):
    row, client = worker(cast), client_of(cast.hr)
    fields = {"person_number": row.person.id_number.plain, "name": SCAFFOLD, "number": "T1"}
    assert client.post("/credentials/new/", fields | {"valid_until": TODAY() + days(9)}).status_code == 302
    found = Credential.objects.get()
    page = client.get("/credentials/?state=30").content.decode()
    assert "还有 9 天" in page and "扫描件" in page and row.person.id_number.plain not in page
    at = f"/credentials/{found.pk}/"
    version = found.person.version
    longer = fields | {"valid_until": TODAY() + days(99), "version": version}
    assert client.post(at, longer).status_code == 302
    stale = client.post(at, longer | {"number": "T2"})
    assert stale.status_code == 422 and "已被他人更新" in stale.content.decode()
    assert client.post(f"{at}removal/").status_code == 302 and not Credential.objects.exists()


def test_number_of_a_stranger_is_not_found(cast):
    stranger = cast.employment(cast.person("外人"), cast.yuanda)
    fields = {"person_number": stranger.person.id_number.plain, "name": SCAFFOLD, "number": "T1"}
    answer = client_of(cast.hr).post("/credentials/new/", fields)
    assert answer.status_code == 422 and "没有这名在职人员" in answer.content.decode()


def test_phone_of_the_worker_shows_the_certificates(cast):
    row = worker(cast)
    certify(cast, row, until=20)
    page = client_of(cast.himself()).get("/m/me/").content.decode()
    assert SCAFFOLD in page and "还有 20 天" in page


def test_person_page_shows_certificates_to_those_who_may_see_them(cast):
    row = worker(cast)
    certify(cast, row, "注册建造师")
    shown = {who: [s.title for s in sections(row.person, getattr(cast, who))] for who in ("hr", "gc_pm")}
    assert "证书" in shown["hr"] and "证书" not in shown["gc_pm"]


def test_menu_offers_the_list_where_a_site_asks(cast):
    assert cast.labour_place
    assert not queries.is_asked(cast.gc_pm)
    check(cast)
    for who in (cast.hr, cast.gc_pm):
        assert "/credentials/" in client_of(who).get("/inbox/").content.decode()


def test_list_is_exported_with_masked_numbers(cast):
    row = worker(cast)
    certify(cast, row)
    text = b"".join(export(client_of(cast.gc_pm), "/credentials/", kind="csv")).decode()
    assert SCAFFOLD in text and row.person.id_number.plain not in text


# Excel

HEADS = ["姓名", "身份证号", "证书名称", "证书编号", "发证机关", "有效期自", "有效期至"]


def test_excel_adds_certificates_and_renews_them(cast):
    row = worker(cast)
    who = [row.person.name, row.person.id_number.plain]
    line = [*who, SCAFFOLD, "T1", "市住建委", "2025-06-01", "2027-05-31"]
    renewed = [*line[:-1], "长期"]
    for lines, expected in ((line, (1, 0, 0, [])), (line, (0, 0, 1, [])), (renewed, (0, 1, 0, []))):
        assert tally(commit(upload("credentials", cast.hr, HEADS, lines), cast.hr)) == expected
    found = Credential.objects.get()
    assert (found.name, found.number, found.valid_until) == (SCAFFOLD, "T1", None)


def test_excel_refuses_at_the_cell(cast):
    row, stranger = worker(cast), cast.employment(cast.person("外人"), cast.yuanda)
    who = [row.person.name, row.person.id_number.plain]
    lines = [
        HEADS,
        [stranger.person.name, stranger.person.id_number.plain, SCAFFOLD, "T1", "", "", "长期"],
        [*who, "驾照", "T1", "", "", "长期"],
        [*who, SCAFFOLD, "T1", "", "2026-01-01", "2025-01-01"],
    ]
    found = problems(upload("credentials", cast.hr, *lines))
    assert "没有这名在职人员" in found[2]["number"]
    assert "credential" in found[3] and "早于有效期自" in found[4]["valid_until"]
