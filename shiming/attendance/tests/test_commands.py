"""Punches and corrections: permissions, repeats, refusals, the automatic close."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.attendance import commands, rules
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.attendance.site_status import standing_before
from shiming.core import seals
from shiming.core.actor import Right, system
from shiming.core.errors import Conflict, Invalid, NotAllowed, Refused
from shiming.core.models import AuditEntry
from shiming.evidence.seals import verify
from shiming.presence import codes

pytestmark = pytest.mark.django_db


def scan(cast, by, **given):
    given = {"event_id": uuid4(), "method": "worker_code"} | given
    return commands.punch(cast.zhang.pk, cast.binjiang.pk, by=by, **given)


def asked(cast, **given):
    day = timezone.localdate() - timedelta(days=1)
    at = timezone.make_aware(timezone.datetime.combine(day, timezone.datetime.min.time()))
    given = {"came_at": at + timedelta(hours=7), "left_at": at + timedelta(hours=17), "reason": "手机没电"} | given
    return commands.request_correction(cast.zhang, cast.binjiang, day=day, by=cast.himself(), **given)


def test_pm_scans_worker_in_and_out(cast):
    cast.stay()
    came = scan(cast, cast.gc_pm, occurred_at=timezone.now() - timedelta(hours=8), offline=True)
    left = scan(cast, cast.gc_pm)
    assert [(result.direction, result.event.direction, result.event.by) for result in (came, left)] == [
        ("in", "unknown", "王总包"),
        ("out", "unknown", "王总包"),
    ]


def test_worker_scans_the_site_code(cast):
    cast.stay()
    assert scan(cast, cast.himself(), method="site_code").direction == "in"


def test_repeated_event_is_stored_once(cast):
    cast.stay()
    event_id = uuid4()
    answers = [scan(cast, cast.gc_pm, event_id=event_id) for _ in range(2)]
    assert [answer.repeated for answer in answers] == [False, True]
    assert answers[0].event.occurred_at == answers[1].event.occurred_at
    assert AttendanceEvent.objects.count() == 1


def test_event_id_with_other_content_conflicts(cast):
    cast.stay()
    event_id = uuid4()
    scan(cast, cast.gc_pm, event_id=event_id)
    with pytest.raises(Conflict):
        scan(cast, cast.gc_pm, event_id=event_id, occurred_at=timezone.now() - timedelta(hours=2))
    assert AttendanceEvent.objects.count() == 1


def test_parallel_events_with_one_id_are_one(cast, monkeypatch):
    cast.stay()
    sent = {"event_id": uuid4(), "occurred_at": timezone.now() - timedelta(minutes=1)}
    scan(cast, cast.gc_pm, **sent)
    not_seen_yet = replace(standing_before(AttendanceEvent.objects.get()), known=False, recent=())
    monkeypatch.setattr(commands.punches, "standing_before", lambda event: not_seen_yet)
    answer = scan(cast, cast.gc_pm, **sent)
    assert (answer.repeated, answer.event) == (True, AttendanceEvent.objects.get())


def test_scan_costs_four_prepared_queries(cast):
    cast.stay()
    scanner, code = cast.gc_pm, codes.personal_code(cast.zhang.pk)
    with CaptureQueriesContext(connection) as asked:
        assert commands.punch_by_worker_code(code, event_id=uuid4(), by=scanner).tone == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        planned = [statement.split("$")[0] for (statement,) in cursor.fetchall()]
    statements = [query["sql"].split("%(")[0] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert (len(statements), [each in planned for each in statements]) == (4, [True] * 4)
    assert "pg_advisory_xact_lock" in statements[1]  # two phones that scan one person wait for each other


def test_punch_before_entry_is_refused(cast):
    cast.assignment()
    with pytest.raises(Refused) as refused:
        scan(cast, cast.gc_pm)
    assert (refused.value.codes, str(refused.value)) == (["R-31"], "请先办理进场")


def test_punch_after_exit_is_refused(cast):
    yesterday = timezone.now() - timedelta(days=1)
    cast.stay(exited_on=timezone.localdate(yesterday), exited_at=yesterday)
    with pytest.raises(Refused) as refused:
        scan(cast, cast.gc_pm)
    assert (refused.value.codes, str(refused.value)) == (["R-32"], "该人员已退场")


def test_late_upload_counts_after_the_exit(cast):
    yesterday = timezone.now() - timedelta(days=1)
    cast.stay(exited_on=timezone.localdate(yesterday), exited_at=yesterday)
    result = scan(cast, cast.gc_pm, occurred_at=yesterday - timedelta(hours=1), offline=True)
    assert (result.event.offline, result.event.clock_gap) == (True, False)


@pytest.mark.parametrize("who", ["stranger_pm", "hr", "admin"])
def test_punch_by_other_roles_is_refused(cast, who):
    cast.stay()
    with pytest.raises(NotAllowed):
        scan(cast, getattr(cast, who))


def test_operator_scans_only_with_that_right(cast):
    cast.stay()
    assert scan(cast, cast.operator("李考勤", rights=[Right.ATTENDANCE])).event.by == "李考勤"
    with pytest.raises(NotAllowed):
        scan(cast, cast.operator("李进场", rights=[Right.ENTRY]))


def test_site_code_punch_for_another_is_refused(cast):
    cast.stay()
    with pytest.raises(NotAllowed):
        scan(cast, cast.himself(cast.person("李四")), method="site_code")


def test_database_refuses_to_change_a_punch(cast):
    cast.stay()
    scan(cast, cast.gc_pm)
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic():
        AttendanceEvent.objects.update(place="x")


def test_changed_punch_breaks_the_seal(cast):
    cast.stay()
    scan(cast, cast.gc_pm)
    chain = seals.CHAINS["attendance"]
    before = len(list(verify(chain)))
    seals.seal(chain, seals.mark(chain).number)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE attendance_event DISABLE TRIGGER append_only")
        cursor.execute("UPDATE attendance_event SET occurred_at = occurred_at + interval '1 minute'")
        cursor.execute("ALTER TABLE attendance_event ENABLE TRIGGER append_only")
    assert (before, [found.sentence[:5] for found in verify(chain)]) == (0, ["内容被改动"])


def test_correction_is_decided_by_another_and_keeps_original(cast):
    cast.stay()
    original = scan(cast, cast.gc_pm).event
    correction = commands.decide_correction(asked(cast), approve=True, by=cast.gc_pm)
    methods = sorted(AttendanceEvent.objects.values_list("method", flat=True))
    assert (correction.status, methods) == ("approved", ["correction", "correction", "worker_code"])
    assert AttendanceEvent.objects.filter(event_id=original.event_id).exists()
    assert [str(entry) for entry in AuditEntry.objects.order_by("id")] == [
        f"张三申请更正张三{correction.day}的考勤：手机没电",
        f"王总包同意更正张三{correction.day}的考勤",
    ]


def test_requester_does_not_decide(cast):
    cast.stay()
    correction = asked(cast)
    operator = cast.operator("李考勤")
    correction.requested_by_id = operator.user_id
    assert (rules.may_decide(operator, correction), rules.may_decide(cast.gc_pm, correction)) == (False, True)


def test_denial_needs_a_reason(cast):
    cast.stay()
    with pytest.raises(Refused, match="请填写不通过原因"):
        commands.decide_correction(asked(cast), approve=False, by=cast.gc_pm)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"came_at": None, "left_at": None}, "请填写：进场打卡或出场打卡"),
        ({"left_at": timezone.now() + timedelta(hours=1)}, "更正的时间晚于现在"),
    ],
)
def test_impossible_correction_is_refused(cast, given, sentence):
    cast.stay()
    with pytest.raises((Refused, Invalid), match=sentence):
        asked(cast, **given)
    assert not Correction.objects.exists()


def test_forgotten_exit_is_closed_once(cast):
    cast.stay()
    long_ago = timezone.now() - timedelta(hours=20)
    scan(cast, cast.gc_pm, occurred_at=long_ago, offline=True, direction="in")
    closed = [commands.auto_close(until=timezone.now(), by=system()) for _ in range(2)]
    assert closed == [1, 0]
    assert AttendanceEvent.objects.get(method="auto_close").occurred_at == long_ago + timedelta(hours=13)


def shown(cast, by=None, **given):
    code = codes.personal_code(cast.zhang.pk)
    return commands.punch_by_worker_code(code, event_id=uuid4(), by=by or cast.gc_pm, **given)


def test_pm_scan_shows_the_worker(cast):
    cast.stay()
    verdict = shown(cast)
    assert (verdict.tone, verdict.title, verdict.name) == ("ok", "进场打卡", "张三")


def test_code_held_before_camera_is_one_punch(cast):
    cast.stay()
    first, *again = [shown(cast) for _ in range(3)]
    clock = f"{timezone.localtime(AttendanceEvent.objects.get().occurred_at):%H:%M}"
    assert (first.tone, first.title) == ("ok", "进场打卡")
    assert {(verdict.tone, verdict.title, verdict.repeated) for verdict in again} == {
        ("warn", f"已打过卡 {clock}", True)
    }


def minutes_ago(cast, minutes, direction=None, method="worker_code"):
    at = timezone.now() - timedelta(minutes=minutes)
    scan(cast, cast.gc_pm, occurred_at=at, offline=True, direction=direction, method=method)


@pytest.mark.parametrize(
    ("before", "direction", "again"),
    [
        ((9, None), None, True),
        ((11, None), None, False),
        ((3, "in"), None, True),
        ((3, "in"), "in", True),
        ((3, "in"), "out", False),  # an OUT after an IN is never folded away
        ((3, None), "in", False),
    ],
)
def test_live_scan_in_repeat_window_adds_no_punch(cast, before, direction, again):
    cast.stay()
    minutes_ago(cast, *before)
    assert scan(cast, cast.gc_pm, direction=direction, live=True).again is again
    assert AttendanceEvent.objects.count() == (1 if again else 2)


def test_other_sources_are_stored_within_the_window(cast):
    cast.stay()
    for minutes in (3, 2, 1):
        minutes_ago(cast, minutes, method="card")
    assert AttendanceEvent.objects.count() == 3


@pytest.mark.parametrize("ahead", [timedelta(minutes=11), timedelta(days=30), timedelta(days=-400)])
def test_punch_far_from_now_is_refused(cast, ahead):
    cast.stay(entered_at=timezone.now() - timedelta(days=500), entered_on=timezone.localdate() - timedelta(days=500))
    with pytest.raises(Invalid):
        scan(cast, cast.gc_pm, occurred_at=timezone.now() + ahead, direction="in")
    assert not AttendanceEvent.objects.exists()


def test_personal_code_sent_days_later_is_refused(cast):
    cast.stay()
    then = timezone.now() - timedelta(days=10)
    code = codes.personal_code(cast.zhang.pk, at=then.timestamp())
    verdict = commands.punch_by_worker_code(code, event_id=uuid4(), by=cast.gc_pm, at=then)
    assert (verdict.tone, AttendanceEvent.objects.count()) == ("stop", 0)


@pytest.mark.parametrize("other", [{"direction": "out"}, {"method": "face"}, {"device": "闸机 2"}])
def test_event_id_with_another_value_conflicts(cast, other):
    cast.stay()
    event_id, at = uuid4(), timezone.now() - timedelta(minutes=1)
    given = {"event_id": event_id, "occurred_at": at, "direction": "in", "method": "manual"}
    scan(cast, cast.gc_pm, **given)
    with pytest.raises(Conflict):
        scan(cast, cast.gc_pm, **(given | other))


def test_pm_of_other_firm_neither_punches_nor_decides(cast):
    cast.stay()
    other = cast.pm("冯旁人", cast.participation(cast.binjiang, cast.yuanda, "specialist", cast.gc_place))
    correction = asked(cast)
    with pytest.raises(NotAllowed):
        scan(cast, other)
    assert rules.may_decide(other, correction) is False
    assert not Correction.objects.filter(rules.visible_to(other)).exists()
    assert Correction.objects.filter(rules.visible_to(cast.specialist_pm)).exists()


def test_refused_punch_shows_the_reason(cast):
    cast.assignment()
    verdict = shown(cast)
    assert (verdict.tone, [item.code for item in verdict.refusals]) == ("stop", ["R-31"])


def test_old_code_is_refused(cast):
    cast.stay()
    old = codes.personal_code(cast.zhang.pk, at=timezone.now().timestamp() - 300)
    verdict = commands.punch_by_worker_code(old, event_id=uuid4(), by=cast.gc_pm)
    assert (verdict.tone, [item.sentence for item in verdict.refusals]) == ("stop", ["二维码已过期，请刷新"])
