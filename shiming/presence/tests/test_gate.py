"""Entry by scan and its undo, with their trail."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from shiming.core.actor import Right
from shiming.core.errors import Conflict, NotAllowed
from shiming.core.models import AuditEntry
from shiming.presence import codes, commands
from shiming.presence.models import Card, Stay
from shiming.presence.tests.conftest import trail

SCAN = Stay.Method.SCAN


def scan(cast, *, by=None, person=None, event_id=None, **more):
    code = codes.personal_code((person or cast.zhang).pk, more["at"].timestamp() if "at" in more else None)
    return commands.enter_by_code(code, event_id=event_id or uuid4(), by=by or cast.gc_pm, **more)


def reasons_of(verdict):
    return [(item.code, item.sentence) for item in verdict.refusals]


def test_contractors_scan_enters_confirmed_worker(cast):
    cast.assignment()

    verdict = scan(cast)

    assert (verdict.tone, verdict.title, verdict.name, verdict.note) == ("ok", "已进场", "张三", "安泰劳务 · 钢筋工")
    stay = Stay.objects.get()
    assert (stay.person, stay.project, stay.method) == (cast.zhang, cast.binjiang, SCAN)
    assert (stay.entered_on, stay.entered_by_id) == (timezone.localdate(), cast.gc_pm.user_id)
    assert trail() == ["王总包办理张三进场（扫码）"]


def test_unconfirmed_worker_is_refused_and_recorded(cast):
    cast.assignment(status="pending", confirmed_at=None)

    verdict = scan(cast)

    assert (verdict.tone, reasons_of(verdict)) == ("stop", [("R-20", "该人员尚未确认分配")])
    assert not Stay.objects.exists()
    assert trail() == ["张三在滨江一期被拒绝进场：该人员尚未确认分配"]


def test_own_manager_scans_labour_people(cast):
    cast.assignment()
    assert reasons_of(scan(cast, by=cast.labour_pm)) == [("R-21", "劳务分包人员须由施工总包项目经理扫码进场")]
    assert reasons_of(scan(cast, by=cast.specialist_pm)) == [("R-21", "劳务分包人员须由施工总包项目经理扫码进场")]
    assert scan(cast, by=cast.gc_pm).tone == "ok"


def test_specialist_scans_own_people(cast):
    cast.assignment(cast.employment(company=cast.hengli), cast.specialist_place)
    assert scan(cast, by=cast.specialist_pm).tone == "ok"


def test_scanner_reads_no_name_outside_charge(cast):
    cast.assignment(cast.employment(company=cast.hengli), cast.specialist_place)
    verdict = scan(cast, by=cast.labour_pm)
    assert (verdict.tone, verdict.name) == ("stop", "")
    assert reasons_of(verdict) == [("R-42", "您没有此项权限，可联系：施工总包项目经理")]


def test_person_has_no_allocation_on_another_site(cast):
    cast.assignment()
    assert [code for code, _ in reasons_of(scan(cast, by=cast.stranger_pm))] == ["R-20"]


@pytest.mark.parametrize("who", ["hr", "supervision_pm"])
def test_scan_without_right_names_a_contact(cast, who):
    cast.assignment()
    with pytest.raises(NotAllowed, match="您没有此项权限，可联系：项目经理，或其授权办理进场的现场操作用户"):
        scan(cast, by=getattr(cast, who))


def test_operator_with_entry_right_scans(cast):
    cast.assignment()
    with pytest.raises(NotAllowed):
        scan(cast, by=cast.operator("只管考勤", rights=(Right.ATTENDANCE,)))
    assert scan(cast, by=cast.operator("管进场", rights=(Right.ENTRY,))).tone == "ok"


def test_repeated_scan_is_one_entry(cast):
    cast.assignment()
    event_id = uuid4()

    first, again = scan(cast, event_id=event_id), scan(cast, event_id=event_id)

    assert (again.tone, again.title, again.stay_id) == (first.tone, first.title, first.stay_id)
    assert (first.repeated, again.repeated) == (False, True)
    assert Stay.objects.count() == 1
    assert trail() == ["王总包办理张三进场（扫码）"]


def test_event_id_for_two_people_conflicts(cast):
    cast.assignment()
    cast.assignment(cast.employment(cast.person("李四")))
    event_id = uuid4()
    scan(cast, event_id=event_id)

    with pytest.raises(Conflict, match="同一编号的扫码内容不同"):
        scan(cast, person=cast.person("李四"), event_id=event_id)


def test_scan_of_worker_on_site_warns(cast):
    cast.assignment()
    scan(cast)
    verdict = scan(cast)
    assert (verdict.tone, verdict.title, reasons_of(verdict)) == ("warn", "已在场", [("R-22", "该人员已在场")])
    assert trail(starting="entry") == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [("HTTP://EXAMPLE.CN", "二维码无效"), ("", "二维码无效"), ("P" + "A" * 50, "二维码无效")],
)
def test_false_code_writes_nothing(cast, code, problem):
    verdict = commands.enter_by_code(code, event_id=uuid4(), by=cast.gc_pm)
    assert (verdict.tone, reasons_of(verdict)) == ("stop", [("R-30", problem)])
    assert not AuditEntry.objects.exists()


def test_old_picture_of_code_has_expired(cast):
    cast.assignment()
    old = codes.personal_code(cast.zhang.pk, timezone.now().timestamp() - 120)
    verdict = commands.enter_by_code(old, event_id=uuid4(), by=cast.gc_pm)
    assert reasons_of(verdict) == [("R-30", "二维码已过期，请刷新")]


def test_offline_scan_counts_from_its_own_time(cast):
    cast.assignment()
    then = timezone.now() - timedelta(hours=30)

    verdict = scan(cast, at=then)

    stay = Stay.objects.get()
    assert (verdict.tone, stay.offline, stay.entered_at) == ("ok", True, then)
    assert stay.entered_on == timezone.localdate(then)


@pytest.mark.parametrize("hours", [-49, 1])
def test_offline_scan_outside_48_hours_is_refused(cast, hours):
    cast.assignment()
    verdict = scan(cast, at=timezone.now() + timedelta(hours=hours))
    assert reasons_of(verdict) == [("V-01", "离线扫码超过 48 小时，不能补传")]
    assert not Stay.objects.exists()


def test_printed_card_asks_for_portrait_first(cast):
    cast.assignment()
    card = commands.issue_card(cast.zhang, by=cast.himself())
    code = codes.card_code(card.pk)

    asked = commands.enter_by_code(code, event_id=uuid4(), by=cast.gc_pm)
    assert (asked.tone, asked.title, asked.asks_portrait) == ("warn", "请核对照片", True)
    assert not Stay.objects.exists()

    assert commands.enter_by_code(code, event_id=uuid4(), by=cast.gc_pm, portrait_confirmed=True).tone == "ok"


def test_new_card_ends_the_old_one(cast):
    cast.assignment()
    old = commands.issue_card(cast.zhang, by=cast.himself())
    commands.issue_card(cast.zhang, by=cast.himself())

    verdict = commands.enter_by_code(codes.card_code(old.pk), event_id=uuid4(), by=cast.gc_pm)

    assert reasons_of(verdict) == [("R-30", "二维码已失效，请用新打印的建设卡")]
    assert Card.objects.filter(replaced_at=None).count() == 1
    with pytest.raises(NotAllowed):
        commands.issue_card(cast.zhang, by=cast.hr)


def test_scan_costs_one_query_and_two_rows(cast):
    cast.assignment()
    code, by = codes.personal_code(cast.zhang.pk), cast.gc_pm
    # Begin and end of the transaction (savepoints in a test), one query, stay and trail; without the followers.
    ours = ("SAVEPOINT", "SELECT p.id", 'INSERT INTO "presence_stay"', 'INSERT INTO "core_auditentry"', "RELEASE")
    counter = _Counter(ours)
    with connection.execute_wrapper(counter):
        commands.enter_by_code(code, event_id=uuid4(), by=by)
    assert counter.seen == list(ours)


class _Counter:
    """Counts our own statements and runs every statement."""

    def __init__(self, ours):
        self.ours, self.seen = ours, []

    def __call__(self, execute, sql, params, many, context):
        self.seen += [start for start in self.ours if sql.lstrip().startswith(start)]
        return execute(sql, params, many, context)


def test_entry_is_undone_within_five_minutes(cast):
    cast.assignment()
    stay = Stay.objects.get(pk=scan(cast).stay_id)
    with pytest.raises(NotAllowed):
        commands.undo_entry(stay, by=cast.operator())

    commands.undo_entry(stay, by=cast.gc_pm)

    assert not Stay.objects.exists()
    assert trail()[-1] == "王总包撤销刚才张三的进场"
    assert scan(cast).tone == "ok"


def test_entry_after_five_minutes_needs_exit(cast):
    stay = cast.stay(entered_by_id=cast.gc_pm.user_id)
    Stay.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    with pytest.raises(Conflict, match="进场已超过五分钟，不能撤销"):
        commands.undo_entry(stay, by=cast.gc_pm)


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_open_one_stay(cast):
    cast.assignment()
    code, people = codes.personal_code(cast.zhang.pk), [cast.gc_pm, cast.operator()]
    start, answers = threading.Barrier(2), []

    def at_the_gate(by):
        try:
            start.wait(10)
            answers.append(commands.enter_by_code(code, event_id=uuid4(), by=by))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=at_the_gate, args=[by]) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted((answer.tone, [item.code for item in answer.refusals]) for answer in answers) == [
        ("ok", []),
        ("warn", ["R-22"]),
    ]
    assert Stay.objects.count() == 1
