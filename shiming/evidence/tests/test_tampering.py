"""Tampering by a superuser of the database, and of the anchor files: each way is found, and the record is named.

One sealed and anchored story for all ways; each is done in a savepoint that is rolled back.
"""

import json
from base64 import b64encode
from datetime import datetime, timedelta
from io import StringIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from shiming.attendance import commands as attendance
from shiming.attendance.models import AttendanceEvent
from shiming.core import keys, seals
from shiming.core.actor import system
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.core.models import AuditEntry, Seal
from shiming.evidence import anchors
from shiming.evidence.anchors import Why
from shiming.evidence.tests.story import employ, let_in
from tests.cast import Cast

TRAIL = seals.CHAINS["trail"]
REAL_NOW = timezone.now
pytestmark = pytest.mark.django_db


def seal() -> None:
    for chain in seals.CHAINS.values():
        seals.seal(chain, seals.mark(chain).number)


def change_story(story) -> None:
    """Two days' work in three batches; the system stood still in between. One number was rolled back."""
    cast = Cast()
    with pytest.MonkeyPatch.context() as patch:
        for ago in (3, 2, 1):
            patch.setattr(timezone, "now", lambda ago=ago: REAL_NOW() - timedelta(hours=ago))
            anchors.anchor(Why.START)
            if ago == 3:
                story.employment = employ(cast)
            elif ago == 2:
                story.gap = one("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
                story.stay = let_in(cast, story.employment)
            else:
                story.punch = attendance.punch(
                    cast.zhang.pk, cast.binjiang.pk, by=cast.gc_pm, event_id=uuid4(), method="worker_code"
                ).event
                record(Event.COMPANY_CHANGED, cast.antai, by=system(), company=cast.antai)
            seal()
            anchors.anchor(Why.STOP)


def remove_anchors() -> None:
    for path in environment().anchor_files:
        path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    story = SimpleNamespace()
    remove_anchors()
    with django_db_blocker.unblock(), transaction.atomic():
        change_story(story)
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        story.seq = AttendanceEvent.objects.get().seq
        story.entry = AuditEntry.objects.get(event=Event.STAY_OPENED).pk
        story.last = AuditEntry.objects.order_by("id").last().pk
        story.anchors = [path.read_bytes() for path in environment().anchor_files]
        yield story
        transaction.set_rollback(True)
    remove_anchors()
    keys.forget()


@pytest.fixture
def story(whole):
    """The story, and everything as it was afterwards: rows, keys and anchor files."""
    point = transaction.savepoint()
    yield whole
    transaction.savepoint_rollback(point)
    keys.forget()
    for path, content in zip(environment().anchor_files, whole.anchors, strict=True):
        path.write_bytes(content)


def one(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def execute(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def tamper(table: str, statement: str, *values) -> None:
    """As a superuser would: the trigger off, the statement, the trigger on."""
    execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    execute(statement, *values)
    execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")


def verified() -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("verify_trail", stdout=output)
    except CommandError as error:
        return error.returncode, output.getvalue()
    return 0, output.getvalue()


# trail and punches

COPIED = """INSERT INTO core_auditentry
SELECT (jsonb_populate_record(a, jsonb_build_object('id', %s::bigint, 'at', %s::timestamptz))).*
  FROM core_auditentry a WHERE id = %s"""


def change_record(story) -> str:
    tamper("core_auditentry", "UPDATE core_auditentry SET by = '别人' WHERE id = %s", story.entry)
    return f"trail 第 2 批：内容被改动（编号 {story.entry}）"


def backdate_record(story) -> str:
    tamper("core_auditentry", "UPDATE core_auditentry SET at = at - interval '9 days' WHERE id = %s", story.entry)
    return f"trail 第 2 批：内容被改动（编号 {story.entry}）"


def delete_record(story) -> str:
    tamper("core_auditentry", "DELETE FROM core_auditentry WHERE id = %s", story.entry)
    return f"trail 第 2 批：少了 1 行（编号 {story.entry}）"


def slip_record_into_batch(story) -> str:
    tamper("core_auditentry", COPIED, story.gap, timezone.now(), story.entry)
    return f"trail 第 2 批：多了 1 行（编号 {story.gap}）"


def add_record_below_all_batches(story) -> str:
    tamper("core_auditentry", COPIED, -5, timezone.now(), story.entry)
    return "trail：编号低于一切批次的记录：-5"


def add_record_beyond_all_numbers(story) -> str:
    tamper("core_auditentry", COPIED, 10**9, timezone.now(), story.entry)
    return "的记录：1000000000"


def add_record_dated_back(story) -> str:
    number = one("SELECT nextval(pg_get_serial_sequence('core_auditentry', 'id'))")
    tamper("core_auditentry", COPIED, number, timezone.now() - timedelta(days=30), story.entry)
    return f"时间却早于已封存记录的记录：{number}"


def change_record_and_its_digest(story) -> str:
    """The digest needs no key, so it is recomputed; the tag and the head need one."""
    change_record(story)
    first, second = Seal.objects.filter(chain="trail").order_by("number")[:2]
    rows = seals.rows_between(TRAIL, second.first_id, second.last_id)
    digest = seals.digest_of(second, bytes(first.digest), rows)
    tamper("core_seal", "UPDATE core_seal SET digest = %s WHERE id = %s", digest, second.pk)
    return f"trail 第 2 批：内容被改动（编号 {story.entry}）"


def change_punch(story) -> str:
    tamper("attendance_event", "UPDATE attendance_event SET occurred_at = occurred_at - interval '1 minute'")
    return f"attendance 第 1 批：内容被改动（编号 {story.seq}）"


# seals and keys


def remove_batch(story) -> str:
    tamper("core_seal", "DELETE FROM core_seal WHERE chain = 'trail' AND number = 2")
    return f"trail 第 3 批：封存批次不连续；其间不属于任何批次的记录：{_numbers_between(story)}"


def _numbers_between(story) -> str:
    first = Seal.objects.get(chain="trail", number=1).last_id
    third = Seal.objects.get(chain="trail", number=3).first_id
    rows = AuditEntry.objects.filter(pk__gt=first, pk__lt=third).order_by("pk")
    return "、".join(map(str, rows.values_list("pk", flat=True)))


def cut_tail(story) -> str:
    first = Seal.objects.get(chain="trail", number=3).first_id
    tamper("core_seal", "DELETE FROM core_seal WHERE chain = 'trail' AND number = 3")
    tamper("core_auditentry", "DELETE FROM core_auditentry WHERE id >= %s", first)
    return "trail 第 3 批：尾部被截断"


def change_seal(story) -> str:
    tamper("core_seal", "UPDATE core_seal SET at = at - interval '1 day' WHERE chain = 'trail' AND number = 2")
    return "trail 第 2 批：封存本身被改动（编号"


def drop_tags_of_seal(story) -> str:
    """As if the batch were one of an old release."""
    tamper("core_seal", "UPDATE core_seal SET records = NULL, digest = NULL WHERE chain = 'trail' AND number = 2")
    return "trail 第 2 批：内容被改动（编号"


def delete_key(story) -> str:
    execute("DELETE FROM core_datakey WHERE purpose = 'trail'")
    return "trail 第 1 批：第 1 号封存密钥缺失或损坏"


def garble_key(story) -> str:
    execute("UPDATE core_datakey SET wrapped = '\\x00' WHERE purpose = 'trail'")
    return "trail 第 1 批：第 1 号封存密钥缺失或损坏"


# business rows


def change_stay(story) -> str:
    execute("UPDATE presence_stay SET entered_on = entered_on - 3")
    return f"在场时段：{story.stay.pk}：进场日期为"


def change_who_confirmed(story) -> str:
    execute("UPDATE assignment_assignment SET confirmed_by_id = NULL")
    return f"人员分配：{story.stay.assignment_id}：确认时间或确认人与痕迹不符"


def change_employment(story) -> str:
    execute("UPDATE employment_employment SET status = 'ended', ended_at = now()")
    return f"聘用关系：{story.employment.pk}：状态为“离职”，痕迹为“在职”"


def delete_stay(story) -> str:
    execute("DELETE FROM presence_stay")
    return f"在场时段：{story.stay.pk}：痕迹中有，数据中没有"


def add_stay(story) -> str:
    added = uuid4()
    execute(
        """INSERT INTO presence_stay SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', %s::uuid, 'exited_on', entered_on, 'exited_at', entered_at))).* FROM presence_stay s""",
        added,
    )
    return f"在场时段：{added}：痕迹中没有这一条的由来"


# anchors


def both(change) -> None:
    for path in environment().anchor_files:
        path.write_bytes(change(path.read_bytes()))


def remove_anchor_files(story) -> str:
    remove_anchors()
    return f"锚点文件缺失或读不出：No such file or directory（{environment().anchor_file}）"


def empty_anchor_files(story) -> str:
    both(lambda content: b"")
    return f"锚点文件是空的（{environment().anchor_file}）"


def shorten_both_anchor_files(story) -> str:
    both(lambda content: b"".join(content.splitlines(keepends=True)[:2]))
    return "以后没有锚点，其后仍有封存"


def shorten_one_anchor_file(story) -> str:
    path = environment().anchor_files[1]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    return f"少了第 6–6 号中的 1 个锚点（{path}）"


def cut_head_of_anchor_files(story) -> str:
    both(lambda content: b"".join(content.splitlines(keepends=True)[2:]))
    return "anchors 第 1 行：锚点不连续：应为第 1 号，却是第 3 号"


def take_line_out_of_anchor_files(story) -> str:
    both(lambda content: b"".join(line for place, line in enumerate(content.splitlines(keepends=True)) if place != 3))
    return "anchors 第 4 行：锚点不连续：应为第 4 号，却是第 5 号"


def garble_anchor_files(story) -> str:
    both(lambda content: b"\xff\x00 garbled\n" + content[20:])
    return "anchors 第 1 行：内容损坏，读不出"


def change_anchor(story) -> str:
    head = bytes(Seal.objects.get(chain="trail", number=2).head).hex().encode()
    both(lambda content: content.replace(head, b"0" * 64))
    return "anchors 第 4 行：签名不符"


def sign_anchors_with_another_key(story) -> str:
    other = Ed25519PrivateKey.generate()

    def signed_again(content: bytes) -> bytes:
        lines = [json.loads(line) for line in content.splitlines()]
        for line in lines:
            line["signature"] = b64encode(other.sign(anchors.signed_text(line))).decode()
        return "".join(anchors.as_text(line) + "\n" for line in lines).encode()

    both(signed_again)
    return "文件中没有本系统签名的锚点"


def hold_anchors_back(story) -> str:
    """The system ran, and its anchors were kept from being written for an hour."""
    with pytest.MonkeyPatch.context() as patch:
        for minutes in (-60, 0):
            patch.setattr(timezone, "now", lambda minutes=minutes: REAL_NOW() + timedelta(minutes=minutes))
            anchors.anchor(Why.RHYTHM)
    since = datetime.fromisoformat(json.loads(environment().anchor_file.read_bytes().splitlines()[-2])["at"])
    return f"{since:%Y-%m-%d %H:%M} 至"


WAYS = (
    *(change_record, backdate_record, delete_record, slip_record_into_batch, add_record_below_all_batches),
    *(add_record_beyond_all_numbers, add_record_dated_back, change_record_and_its_digest, change_punch),
    *(remove_batch, cut_tail, change_seal, drop_tags_of_seal, delete_key, garble_key),
    *(change_stay, change_who_confirmed, change_employment, delete_stay, add_stay),
    *(remove_anchor_files, empty_anchor_files, shorten_both_anchor_files, shorten_one_anchor_file),
    *(cut_head_of_anchor_files, take_line_out_of_anchor_files, garble_anchor_files, change_anchor),
    *(sign_anchors_with_another_key, hold_anchors_back),
)


def test_untouched_story_verifies(story):
    assert verified() == (
        0,
        f"trail: 3 批，{AuditEntry.objects.count()} 行，0 处不符\nattendance: 1 批，1 行，0 处不符\n锚点: 0 处不符\n业务数据: 0 处不符\n痕迹完整。\n",
    )


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_tampering_is_found_and_record_named(story, way):
    sentence = way(story)
    code, output = verified()
    assert (code, sentence in output) == (1, True), output


def test_all_findings_are_listed_whatever_evidence_is_bad(story):
    """Neither a garbled key nor garbled anchors end the check before the business rows."""
    sentences = [garble_key(story), garble_anchor_files(story), change_employment(story), delete_record(story)]
    code, output = verified()
    assert code == 1
    assert [sentence for sentence in sentences[:3] if sentence not in output] == []
    assert f"{story.stay.pk}：痕迹中没有这一条的由来" in output
