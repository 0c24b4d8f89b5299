"""The trail is sealed in batches; later changes, additions and deletions are detected."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from shiming.core import jobs, keys, seals
from shiming.core.actor import system
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.core.models import AuditEntry, Seal
from shiming.core.seals import Mark
from shiming.evidence import anchor_check, anchors
from shiming.evidence import jobs as anchor_jobs
from shiming.evidence import seals as seal_check

pytestmark = pytest.mark.django_db
TRAIL = seals.CHAINS["trail"]


@pytest.fixture(autouse=True)
def no_anchors():
    for path in environment().anchor_files:
        path.unlink(missing_ok=True)
    yield environment().anchor_files
    for path in environment().anchor_files:
        path.unlink(missing_ok=True)


@pytest.fixture
def done(cast):
    def done(times: int = 1) -> list[AuditEntry]:
        return [record(Event.COMPANY_CHANGED, cast.antai, by=system(), company=cast.antai) for _ in range(times)]

    return done


def seal() -> int:
    return seals.seal(TRAIL, seals.mark(TRAIL).number)


def tamper(table: str, statement: str, *values) -> None:
    with connection.cursor() as cursor:
        for each in ("DISABLE", "ENABLE"):
            cursor.execute(f"ALTER TABLE {table} {each} TRIGGER append_only")
            if each == "DISABLE":
                cursor.execute(statement, values)


def findings() -> list[tuple[int, str]]:
    return [(finding.seal, finding.sentence) for finding in seal_check.verify(TRAIL)]


# sealing


def test_batches_are_numbered_without_gap(done):
    done(2), seal(), done(3), seal()
    first, second = Seal.objects.order_by("number")

    assert [(each.number, each.count) for each in (first, second)] == [(1, 2), (2, 3)]
    assert (first.first_id, second.first_id) == (1, first.last_id + 1)
    assert findings() == []


def test_long_trail_is_sealed_in_bounded_batches(done, monkeypatch):
    monkeypatch.setattr(seals, "BATCH", 2)
    done(5)
    assert seal() == 5
    assert list(Seal.objects.order_by("number").values_list("count", flat=True)) == [2, 2, 1]
    assert findings() == []


def test_row_after_mark_waits_for_next_batch(done):
    done(2)
    mark = seals.mark(TRAIL)
    done(1)
    assert seals.seal(TRAIL, mark.number) == 2
    assert seal() == 1


def test_seals_continue_after_key_rotation(done):
    done(), seal()
    keys.add("trail")
    try:
        done(), seal()
        assert list(Seal.objects.order_by("number").values_list("key_number", flat=True)) == [1, 2]
        assert findings() == []
    finally:
        keys.forget()


@pytest.mark.parametrize("statement", ["UPDATE core_seal SET count = 9", "DELETE FROM core_seal"])
def test_the_database_refuses_to_change_a_seal(done, statement):
    done(), seal()
    with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_mark_settles_after_running_transactions_end(done):
    another = connection.copy()
    try:
        another.set_autocommit(False)
        another.cursor().execute("SELECT pg_current_xact_id()")
        mark = seals.mark(TRAIL)
        assert not seals.settled(mark)
    finally:
        another.close()
    assert seals.settled(Mark(number=mark.number, next_xid=1))


def test_job_seals_previous_settled_mark(done, monkeypatch):
    settled = [False]
    monkeypatch.setattr(jobs, "_marks", {})
    monkeypatch.setattr(seals, "settled", lambda mark: settled[0])
    done(2)
    counts = []
    for settled[0] in (True, False, True, True):
        jobs.seal_trails(0)
        counts.append(Seal.objects.filter(chain="trail").count())
        done(1)

    assert counts == [0, 0, 1, 2]  # marked; not settled; the first mark; the second
    assert list(Seal.objects.filter(chain="trail").order_by("number").values_list("count", flat=True)) == [2, 2]


# detection


def test_changed_row_is_detected(done):
    changed = done(3)[1]
    seal()
    tamper("core_auditentry", "UPDATE core_auditentry SET by = '别人' WHERE id = %s", changed.pk)

    assert findings() == [(1, f"内容被改动（编号 {changed.pk}）")]


def test_deleted_rows_are_counted(done):
    first, _, third = done(3)
    seal()
    tamper("core_auditentry", "DELETE FROM core_auditentry WHERE id IN (%s, %s)", first.pk, third.pk)
    assert findings() == [(1, f"少了 2 行（编号 {first.pk}、{third.pk}）")]


def test_inserted_row_is_counted(done):
    done(1)
    with connection.cursor() as cursor:  # a number that a failed transaction used
        cursor.execute("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
        number = cursor.fetchone()[0]
    done(1), seal()
    slipped = AuditEntry(id=number, at=timezone.now(), event="company.changed", by="别人", role="system", door="admin")
    slipped.save(force_insert=True)

    assert findings() == [(1, f"多了 1 行（编号 {number}）")]


def test_backdated_row_is_detected(done):
    done(1)
    seal()
    earlier = timezone.now() - timedelta(days=30)
    tamper("core_auditentry", "UPDATE core_auditentry SET at = %s", earlier)
    assert [sentence.startswith("内容被改动") for _, sentence in findings()] == [True]


def test_deleted_middle_batch_leaves_a_gap(done):
    for _ in range(3):
        done(), seal()
    tamper("core_seal", "DELETE FROM core_seal WHERE number = 2")

    found = findings()
    lost = Seal.objects.get(number=3).first_id - 1
    assert found[0] == (3, f"封存批次不连续；其间不属于任何批次的记录：{lost}")
    assert {number for number, _ in found} == {3}


def test_renumbered_batch_is_out_of_order(done):
    done(), seal()
    tamper("core_seal", "UPDATE core_seal SET number = 7")
    assert findings()[0] == (7, "封存批次不连续")


def test_changed_batch_does_not_affect_next(done):
    for _ in range(3):
        done(), seal()
    second = Seal.objects.get(number=2)
    tamper("core_auditentry", "UPDATE core_auditentry SET reason = 'x' WHERE id = %s", second.last_id)
    assert [number for number, _ in findings()] == [2]


def test_replaced_seal_differs_from_anchor(done, no_anchors):
    done(), seal()
    anchors.anchor()
    tamper("core_seal", "UPDATE core_seal SET head = %s", b"0" * 32)

    assert [sentence[:6] for _, sentence in findings()] == ["封存本身被改"]
    assert [(found.seal, found.sentence[-5:]) for found in anchor_check.verify()] == [(1, "的锚点不符")]


def test_anchors_are_appended_in_both_places_and_chained(done, no_anchors):
    done(), seal(), anchors.anchor(), done(), seal()
    anchors.anchor(anchors.Why.STOP)

    first, second = (path.read_text() for path in no_anchors)
    assert first == second
    before, last = (json.loads(line) for line in first.splitlines())
    assert (before["number"], last["number"], last["why"]) == (1, 2, "stop")
    assert last["before"] == anchors.named(before)
    assert last["chains"]["trail"]["seal"] == 2
    assert list(anchor_check.verify()) == []


def test_anchor_is_written_in_one_place_when_other_fails(done, no_anchors):
    first, second = no_anchors
    anchors.anchor()
    first.unlink(), first.mkdir()
    try:
        with pytest.raises(OSError):
            anchors.anchor()
        assert len(second.read_text().splitlines()) == 2
    finally:
        first.rmdir()


def test_torn_line_is_told_until_next_anchor_and_spoils_only_itself(done, no_anchors):
    done(), seal(), anchors.anchor()
    with no_anchors[0].open("a") as file:
        file.write('{"number": 2, "at')
    assert [found.sentence[:7] for found in anchor_check.verify()] == ["最后一行不完整", "内容损坏，读不"]

    anchors.anchor()
    known, _ = anchor_check._read(no_anchors[0], needed=True, signed=True)
    assert [line["number"] for line in known] == [1, 2]


def test_seals_and_anchors_of_older_release_still_verify(done, no_anchors):
    """They have no tags, no digest and no signature; the next batch and the next anchor continue them."""
    done(2)
    rows = seals.rows_between(TRAIL, 1, seals.mark(TRAIL).number)
    key_number, key = keys.current("trail")
    head = seals.head_without_tags(key, seals.START, rows)
    ends = {"first_id": 1, "last_id": rows[-1]["number"], "count": len(rows), "key_number": key_number}
    Seal.objects.create(chain="trail", number=1, head=head, at=timezone.now(), **ends)
    old = {"at": timezone.now().isoformat(), "chain": "trail", "seal": 1, "head": head.hex()}
    no_anchors[0].write_text(json.dumps(old) + "\n")
    assert (findings(), list(anchor_check.verify())) == ([], [])

    done(), seal(), anchors.anchor()
    assert (findings(), list(anchor_check.verify())) == ([], [])
    tamper("core_auditentry", "UPDATE core_auditentry SET reason = 'x' WHERE id = %s", rows[-1]["number"])
    assert findings() == [(1, f"内容被改动（编号 1–{rows[-1]['number']}）")]


def test_job_at_stop_seals_and_anchors(done, no_anchors, monkeypatch):
    monkeypatch.setattr(seals, "settled", lambda marked: True)  # other tests run transactions beside this one
    done(2)
    anchor_jobs.anchor_at_stop()
    assert Seal.objects.filter(chain="trail").count() == 1
    assert anchors.last_line()["chains"]["trail"]["seal"] == 1
    assert anchors.last_line()["why"] == "stop"


@pytest.mark.parametrize(
    "damaged", ["{", "[]", "{}", '{"at": 1, "chain": "trail", "seal": "x", "head": ""}', "\x00\xff"]
)
def test_damaged_anchor_is_named_and_the_others_are_compared(done, no_anchors, damaged):
    done(), seal()
    anchors.anchor()
    no_anchors[0].write_text(f"{damaged}\n{no_anchors[0].read_text()}")
    tamper("core_seal", "UPDATE core_seal SET head = %s", b"0" * 32)

    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_trail", stdout=out)
    assert "anchors 第 1 行：" in out.getvalue() and str(no_anchors[0]) in out.getvalue()
    assert "的锚点不符" in out.getvalue()


def test_verify_trail_fails_on_mismatch(done):
    changed = done(1)[0]
    seal(), anchors.anchor()
    tamper("core_auditentry", "UPDATE core_auditentry SET reason = 'x'")
    out = StringIO()
    with pytest.raises(CommandError, match="痕迹核对不通过。请保留现场"):
        call_command("verify_trail", stdout=out)
    assert f"trail 第 1 批：内容被改动（编号 {changed.pk}）" in out.getvalue()
