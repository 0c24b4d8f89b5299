"""Pre-registration, families, daily health and dispositions: what is refused, warned and kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.core.environment import environment
from shiming.core.errors import Conflict, DomainError, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.health import commands, queries, readings
from shiming.health.commands.common import Unsure
from shiming.health.models import DailyHealth, Disposition, HealthFile, PreRegistration
from shiming.health.tests.cases import CLEAR, ISOLATE, declared, dispose, gate, preregister, put_on_file, subject
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from tests.cast import invented_id

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 %%EOF"
CHILD = invented_id(470, date(2019, 5, 6))
ADULT = invented_id(471, date(1990, 5, 6))


@pytest.fixture
def site(cast):
    gate(cast)
    return cast


def codes(command, *args, **given) -> list[str]:
    with pytest.raises(DomainError) as refused:
        command(*args, **given)
    return refused.value.codes


def register(cast, *, number=ADULT, name="周新", answer=None, place=None, **given):
    place = place or cast.labour_place
    given = {"origin": "安徽省阜阳市", "phone": "15499000070"} | given
    answer = answer or declared(cast.zhang, name=name, phone="")
    filing = cast.filing(place, "孙劳务")
    return commands.pre_register(place, filing, number=number, name=name, declared=answer, by=cast.gc_pm, **given)


# 获取健康云信息


def test_declaration_is_found_by_number_and_name(site):
    answer = declared(site.zhang)
    assert commands.look_up(site.zhang.id_number.plain, "张三", by=site.gc_pm) == answer


def test_missing_declaration_is_r_35(site):
    assert codes(commands.look_up, ADULT, "周新", by=site.gc_pm) == ["R-35"]


def test_declaration_of_another_name_is_r_07(site):
    put_on_file(ADULT, declared(site.zhang, name="别人"))
    assert codes(commands.look_up, ADULT, "周新", by=site.gc_pm) == ["R-07"]


def test_known_number_with_another_name_is_r_07(site):
    assert codes(commands.look_up, site.zhang.id_number.plain, "张四", by=site.gc_pm) == ["R-07"]


def test_lookup_leaves_a_line_with_a_masked_number(site):
    declared(site.zhang)
    commands.look_up(site.zhang.id_number.plain, "张三", by=site.gc_pm)
    entry = AuditEntry.objects.get(event="declaration.asked")
    assert (entry.person_id, "*****" in entry.params["number"]) == (site.zhang.pk, True)


# 进场预登记


def test_unknown_number_makes_an_unverified_person(site):
    row = register(site)
    assert (row.person.identity_status, row.person.identity_source) == ("unverified", "preregister")
    assert (row.filing.participation, row.registered_on, row.open) == (site.labour_place, timezone.localdate(), True)


def test_known_person_keeps_status_and_phone(site):
    before = site.zhang.phone.plain
    row = preregister(site, site.zhang, declared=declared(site.zhang, phone="15499000071"))
    site.zhang.refresh_from_db()
    assert (site.zhang.identity_status, site.zhang.phone.plain, row.phone.plain) == ("verified", before, "15499000071")


def test_second_open_one_is_refused_in_words(site):
    preregister(site, site.zhang)
    assert codes(preregister, site, site.zhang) == ["R-91"]


def test_database_keeps_one_open_row(site):
    row = preregister(site, site.zhang)
    values = {"person": row.person, "project": row.project, "participation": row.participation, "filing": row.filing}
    with pytest.raises(IntegrityError), transaction.atomic():
        PreRegistration.objects.create(
            **values, registered_on=timezone.localdate(), registered_by_id=site.gc_pm.user_id
        )


def test_firm_without_filed_contract_is_r_36(site):
    given = {"number": ADULT, "name": "周新", "origin": "安徽省阜阳市", "declared": declared(site.zhang, name="周新")}
    assert codes(commands.pre_register, site.labour_place, None, **given, by=site.gc_pm) == ["R-36"]
    draft = site.filing(site.labour_place, "孙劳务", status="draft")
    assert codes(commands.pre_register, site.labour_place, draft, **given, by=site.gc_pm) == ["R-36"]


@pytest.mark.parametrize(("phone", "code"), [("", "R-10"), ("1549900", "R-13")])
def test_phone_not_delivered_is_asked(site, phone, code):
    assert codes(register, site, phone=phone) == [code]


def test_delivered_phone_is_saved_whatever_was_typed(site):
    row = register(site, answer=declared(site.zhang, name="周新", phone="15499000072"), phone="15499000073")
    assert row.phone.plain == "15499000072"


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({"reported_at": timezone.now() - timedelta(days=15)}, ["W-04"]),
        ({"temperature": "38.0", "condition": "无异常症状"}, ["W-01"]),
        ({"temperature": "36.4", "condition": "发热"}, ["W-01"]),
        ({"temperature": "38.0", "condition": "发热、咳嗽"}, []),
    ],
    ids=["old", "hot", "cold fever", "fever"],
)
def test_doubtful_declaration_is_confirmed_by_the_user(site, values, warned):
    answer = declared(site.zhang, **values)
    if warned:
        with pytest.raises(Unsure) as found:
            preregister(site, site.zhang, declared=answer)
        assert found.value.codes == warned
    assert preregister(site, site.zhang, declared=answer, sure=True).open


def test_correction_is_recorded_by_field_names(site):
    row = preregister(site, site.zhang)
    commands.correct(row, row.participation, row.filing, origin="上海市", phone="15499000074", by=site.gc_pm)
    entry = AuditEntry.objects.get(event="preregistration.changed")
    assert (entry.params["fields"], "154" in str(entry.params)) == ("出发地、手机号", False)


def test_return_after_exit_needs_a_new_one(site):
    row = preregister(site, site.zhang)
    commands.end_with_stay(site.zhang.pk, site.binjiang.pk, by=site.admin)
    row.refresh_from_db()
    correct = {"origin": "上海市", "phone": "", "by": site.gc_pm}
    with pytest.raises(Conflict):
        commands.correct(row, row.participation, row.filing, **correct)
    assert preregister(site, site.zhang).open


def test_records_are_read_only_without_the_overlay(cast):
    with pytest.raises(Conflict):
        preregister(cast, cast.zhang)


def test_records_begin_before_the_first_day(cast):
    gate(cast, on=timezone.localdate() + timedelta(days=3))
    assert preregister(cast, cast.zhang).open


# 携带家属


def add_family(cast, row, number=ADULT, name="周新", **given):
    answer = declared(cast.zhang, name=name, phone="")
    return commands.add_family_member(
        row, number=number, name=name, origin="上海市", declared=answer, by=cast.gc_pm, **given
    )


def test_adult_family_member_needs_a_phone_and_a_child_does_not(site):
    row = preregister(site, site.zhang)
    assert codes(add_family, site, row) == ["R-10"]
    assert add_family(site, row, CHILD, "周小").phone is None
    assert [member.person.name for member in queries.family(row)] == ["周小"]


def test_family_member_needs_an_own_preregistration_to_work(site):
    row = preregister(site, site.zhang)
    add_family(site, row, phone="15499000075")
    assert PreRegistration.objects.count() == 1
    register(site)
    assert queries.preregistered([site.binjiang.pk]) == {site.binjiang.pk: 2}


def test_worker_is_not_their_own_family(site):
    row = preregister(site, site.zhang)
    assert codes(add_family, site, row, site.zhang.id_number.plain, "张三") == ["V-01"]


# 每日健康


def note(cast, person, symptoms, temperature, **given):
    given = {"at": timezone.now(), "by": cast.gc_pm} | given
    return commands.note_daily(subject(cast, person), symptoms=symptoms, temperature=temperature, **given)


def test_several_readings_a_day_are_kept(site):
    preregister(site, site.zhang)
    for degrees in ("36.5", "３６．８", "37"):
        note(site, site.zhang, [readings.NOTHING], degrees)
    assert [row.values["temperature"] for row in DailyHealth.objects.order_by("id")] == ["36.5", "36.8", "37.0"]


def test_people_on_site_without_preregistration_have_readings_too(site):
    site.stay()
    assert note(site, site.zhang, [readings.NOTHING], "36.5").person == site.zhang


@pytest.mark.parametrize(
    ("symptoms", "temperature", "code"),
    [
        ([], "36.5", "R-10"),
        ([readings.NOTHING, "咳嗽"], "36.5", "R-39"),
        ([readings.NOTHING], "", "R-10"),
        ([readings.NOTHING], "33.9", "V-01"),
        ([readings.NOTHING], "43.1", "V-01"),
        ([readings.NOTHING], "36.55", "V-01"),
        ([readings.NOTHING], "热", "V-01"),
        ([readings.NOTHING], "NaN", "V-01"),
        (["发热"], "36.4", "W-01"),
        ([readings.NOTHING], "37.3", "W-01"),
    ],
)
def test_reading_is_refused_or_doubted(site, symptoms, temperature, code):
    preregister(site, site.zhang)
    assert codes(note, site, site.zhang, symptoms, temperature) == [code]
    assert not DailyHealth.objects.exists()


@pytest.mark.parametrize("degrees", ["34.0", "43.0"])
def test_bounds_of_the_temperature_pass(site, degrees):
    preregister(site, site.zhang)
    assert note(site, site.zhang, ["发热", "咳嗽"], degrees, sure=True).values["symptoms"] == ["发热", "咳嗽"]


def test_future_reading_is_refused(site):
    preregister(site, site.zhang)
    assert codes(note, site, site.zhang, ["咳嗽"], "36.5", at=timezone.now() + timedelta(hours=1)) == ["V-01"]


# 处置方式


def test_choice_of_the_way_sets_the_status(site):
    preregister(site, site.zhang)
    assert dispose(site, site.zhang, ISOLATE).status == "isolate"
    assert dispose(site, site.zhang, CLEAR).status == "clear"
    assert Disposition.objects.count() == 2


@pytest.mark.parametrize("given", [{"since": None}, {"how": " "}, {"since": None, "how": ""}])
def test_isolation_without_time_or_way_is_r_38(site, given):
    preregister(site, site.zhang)
    assert codes(dispose, site, site.zhang, ISOLATE, **given) == ["R-38"]


def test_unknown_way_is_r_10(site):
    preregister(site, site.zhang)
    assert codes(dispose, site, site.zhang, "随便") == ["R-10"]


def test_site_and_person_are_notified_of_a_block(site):
    preregister(site, site.zhang)
    InboxItem.objects.all().delete()
    dispose(site, site.zhang)
    assert {item.title for item in InboxItem.objects.all()} == {
        "您的防疫处置有变化，暂不能进场",
        "张三的防疫处置有变化，不能进场",
    }


def test_trail_does_not_name_the_status(site):
    preregister(site, site.zhang)
    dispose(site, site.zhang)
    entry = AuditEntry.objects.get(event="disposition.set")
    assert "隔离" not in f"{entry.params} {entry.before} {entry.after} {entry.reason}"


# Files


def test_resumption_form_before_the_information_is_r_37(site):
    given = {"name": "检查表.pdf", "whole": PDF, "by": site.gc_pm}
    assert codes(commands.upload_resumption_form, site.binjiang, **given) == ["R-37"]
    commands.save_site_info(site.binjiang, members="王总包 15499000001", by=site.gc_pm)
    assert commands.upload_resumption_form(site.binjiang, **given).name == "检查表.pdf"


def test_deleted_file_keeps_its_line(site):
    commands.save_site_info(site.binjiang, members="王总包", by=site.gc_pm)
    row = commands.upload_resumption_form(site.binjiang, name="检查表.pdf", whole=PDF, by=site.gc_pm)
    commands.remove_file(row, None, by=site.gc_pm)
    row.refresh_from_db()
    assert (row.stored, row.removed_by_id) == (None, site.gc_pm.user_id)
    assert AuditEntry.objects.filter(event="health_file.removed").exists()


def test_form_with_the_disposition_is_kept_or_nothing_is(site):
    preregister(site, site.zhang)
    assert codes(dispose, site, site.zhang, file=("表.exe", b"MZ")) == ["V-01"]
    assert not Disposition.objects.exists()
    row = dispose(site, site.zhang, file=("登记表.pdf", PDF))
    assert HealthFile.objects.get().disposition == row


def test_each_submission_is_a_version(site):
    for quantity in (100, 80):
        supplies = [{"name": "口罩", "quantity": quantity}]
        commands.save_site_info(site.binjiang, members="王总包", supplies=supplies, by=site.gc_pm)
    assert [row.values["supplies"][0]["quantity"] for row in queries.site_history(site.binjiang.pk)] == [80, 100]


# Who may


WHO = {
    "gc_pm": (True, True, True),
    "specialist_pm": (True, True, False),
    "labour_pm": (True, True, False),
    "supervision_pm": (False, True, False),
    "stranger_pm": (False, False, False),
    "hr": (False, False, False),
}


def allowed(command, *args, **given) -> bool:
    try:
        command(*args, **given)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize(("who", "may"), WHO.items())
def test_who_preregisters_notes_and_keeps_the_site(site, who, may):
    actor = getattr(site, who)
    found = subject(site, preregister(site, site.zhang).person)
    other = site.person("李四")
    daily = {"at": timezone.now(), "symptoms": [readings.NOTHING], "temperature": "36.5"}
    assert (
        allowed(preregister, site, other, by=actor),
        allowed(commands.note_daily, found, **daily, by=actor),
        allowed(commands.save_site_info, site.binjiang, members="王总包", by=actor),
    ) == may


def test_chain_sees_its_own_people_and_contractor_and_supervision_all(site):
    assert site.specialist_pm
    preregister(site, site.zhang)
    preregister(site, site.person("李四"), site.gc_place)
    seen = {who: queries.preregistrations(getattr(site, who)).count() for who in WHO if who != "hr"}
    assert seen == {"gc_pm": 2, "specialist_pm": 1, "labour_pm": 1, "supervision_pm": 2, "stranger_pm": 0}


def test_count_of_a_past_moment(site):
    preregister(site, site.zhang)
    before = timezone.now()
    commands.end_with_stay(site.zhang.pk, site.binjiang.pk, by=site.admin)
    key = site.binjiang.pk
    assert [queries.preregistered([key], at)[key] for at in (before, timezone.now())] == [1, 0]
    assert Person.objects.filter(pk=site.zhang.pk).exists()


# Reminders and the own declaration


def test_end_of_isolation_is_reminded_once_and_blocks_on(site):
    preregister(site, site.zhang)
    dispose(site, site.zhang, until=timezone.localdate())
    InboxItem.objects.all().delete()
    assert [commands.remind_due(by=site.admin) for _ in range(2)] == [1, 0]
    assert InboxItem.objects.get().title == "张三的隔离/就医时间到期"
    assert queries.status_of(site.zhang.pk) == "isolate"


def test_isolation_without_an_end_is_not_reminded(site):
    preregister(site, site.zhang)
    dispose(site, site.zhang)
    assert commands.remind_due(by=site.admin) == 0


def declare(cast, **values):
    given = {"reported_place": "上海市", "temperature": "36.5", "symptoms": [readings.NOTHING], "address": "沿河路"}
    return commands.declare(**given | {"origin": "安徽省阜阳市"} | values, by=cast.himself())


def test_own_declaration_serves_the_site(site):
    declare(site)
    declare(site, temperature="36.9")
    answer = commands.look_up(site.zhang.id_number.plain, "张三", by=site.gc_pm)
    assert (answer.temperature, answer.phone) == ("36.9", site.zhang.phone.plain)


def test_own_declaration_is_refused_with_another_cloud(site, monkeypatch):
    monkeypatch.setattr(environment(), "health_declarations", "http")
    with pytest.raises(Conflict):
        declare(site)


def test_reading_lies_between_preregistration_and_now(site):
    row = preregister(site, site.zhang)
    found = subject(site, site.zhang)
    given = {"symptoms": ["无上述异常症状"], "temperature": "36.5", "by": site.gc_pm}
    for at in (timezone.now() - timedelta(days=1), timezone.now().replace(year=1900)):
        with pytest.raises(Invalid, match=f"日期早于预登记或进场（{row.registered_on}）"):
            commands.note_daily(found, at=at, **given)
    assert commands.note_daily(found, at=timezone.now(), **given)


def test_reading_before_the_preregistration_counts_from_the_entry(site):
    stay = site.stay()
    preregister(site, site.zhang)
    assert subject(site, site.zhang).since == stay.entered_on
