"""From announcement to kept attachment: quota, dates, races, and a process that dies in between."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shiming.attachments import commands, queries
from shiming.attachments.commands import uploading
from shiming.attachments.holders import Holder
from shiming.attachments.models import QUOTA, Attachment, Piece
from shiming.attachments.tests.conftest import pdf, picture
from shiming.core import files
from shiming.core.audit import trail_of
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.models import StoredFile
from shiming.dictionaries.models import DictionaryEntry

TODAY = timezone.localdate()


def test_kept_attachment_stands_in_the_trail_of_the_person(cast, keep):
    kept = keep("学历证书")
    [entry] = trail_of(kept)
    assert (str(entry), entry.person_id) == ("冯经办上传张三的附件（学历证书）", cast.zhang.pk)


def test_papers_can_be_kept_before_the_person_exists(cast, keep):
    early = Holder(cast.antai.pk, "A" * 26, "新来的")
    kept = keep(of=early)
    assert trail_of(kept).get().person_id is None
    assert list(queries.papers(early.company_id, early.id_digest)) == [kept]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "", "size": 9}, "请填写：附件类型"),
        ({"kind": "病历", "size": 9}, "请填写：附件类型"),
        ({"kind": "其他", "size": 0}, "这是一个空文件"),
        ({"kind": "其他", "size": 20_000_001}, "文件超过 20 MB"),
        ({"kind": "社保记录", "size": 9}, "请填写：开具日期"),
        ({"kind": "社保记录", "size": 9, "issued_on": TODAY + timedelta(days=1)}, "开具日期不能晚于今天"),
        ({"kind": "", "size": 0}, "请填写：附件类型；这是一个空文件"),
    ],
)
def test_announcement_is_refused_with_all_reasons(cast, holder, given, words):
    with pytest.raises(DomainError) as refused:
        commands.begin(holder, name="a.pdf", by=cast.clerk, **given)
    assert str(refused.value) == words


def test_quota_counts_kept_and_announced_but_not_removed(cast, holder, keep):
    kept = keep()
    Attachment.objects.filter(pk=kept.pk).update(size=QUOTA - 30_000_000, received=20_000_000, declared=20_000_000)
    announced = commands.begin(holder, kind="其他", name="a.pdf", size=20_000_000, by=cast.clerk)
    with pytest.raises(DomainError, match=r"该人员的附件已有 190\.0 MB，再加这个文件就超过 200 MB"):
        commands.begin(holder, kind="其他", name="a.pdf", size=10_000_001, by=cast.hr)
    commands.terminate(announced, by=cast.clerk)
    commands.begin(holder, kind="其他", name="a.pdf", size=10_000_001, by=cast.hr)

    commands.remove(kept, by=cast.clerk)
    for _ in range(9):
        commands.begin(holder, kind="其他", name="a.pdf", size=20_000_000, by=cast.clerk)
    with pytest.raises(DomainError, match="超过 200 MB"):
        commands.restore(kept, by=cast.clerk)


def test_quota_is_of_one_person_in_one_company(cast, holder, keep):
    kept = keep()
    Attachment.objects.filter(pk=kept.pk).update(size=QUOTA)
    for other in (Holder(holder.company_id, "B" * 26), Holder(cast.yuanda.pk, holder.id_digest)):
        by = cast.clerk if other.company_id == holder.company_id else cast.stranger_hr
        assert commands.begin(other, kind="其他", name="a.pdf", size=9, by=by)


def test_only_keepers_of_the_company_begin_and_only_who_began_continues(cast, holder):
    for stranger in (cast.stranger_hr, cast.implementer, cast.labour_pm, cast.himself()):
        with pytest.raises(NotAllowed):
            commands.begin(holder, kind="其他", name="a.pdf", size=9, by=stranger)
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=2_000, by=cast.clerk)
    with pytest.raises(NotAllowed):
        commands.receive(upload, 0, pdf(), by=cast.hr)


def test_more_than_was_announced_is_refused(cast, holder):
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=1_000, by=cast.clerk)
    with pytest.raises(DomainError, match="比文件的大小还多"):
        commands.receive(upload, 0, pdf(2_000), by=cast.clerk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("piece", [100_000, 300_000], ids=["a piece", "the last piece"])
def test_two_at_once_keep_one_piece(cast, holder, piece):
    """Two requests with the same piece: one is kept, the other is told where to go on."""
    DictionaryEntry.objects.get_or_create(table="attachment_type", code="其他", label="其他")
    whole = pdf(300_000)
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=len(whole), by=cast.clerk)
    by, start, answers = cast.clerk, threading.Barrier(2), []

    def send():
        try:
            start.wait()
            commands.receive(Attachment.objects.get(pk=upload.pk), 0, whole[:piece], by=by)
            answers.append("kept")
        except Conflict:
            answers.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["conflict", "kept"]
    assert Piece.objects.count() == 1 and Attachment.objects.get().received == piece


def test_process_that_dies_before_the_row_leaves_a_file_for_the_orphans_job(cast, holder, monkeypatch):
    whole = pdf(200_000)
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=len(whole), by=cast.clerk)
    upload = commands.receive(upload, 0, whole[:100_000], by=cast.clerk)

    def die(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(Piece.objects, "create", die)
    with pytest.raises(SystemExit):
        commands.receive(upload, 100_000, whole[100_000:], by=cast.clerk)
    monkeypatch.undo()

    upload = Attachment.objects.get()
    assert (upload.status, upload.received) == ("uploading", 100_000)
    assert StoredFile.objects.filter(kind="attachment").count() == 1
    kept = commands.receive(upload, 100_000, whole[100_000:], by=cast.clerk)
    assert b"".join(queries.content(kept)) == whole
    assert files.remove_orphans(timezone.now().timestamp() + 2 * files.ORPHANS_KEPT) >= 1
    assert b"".join(queries.content(kept)) == whole


def test_process_that_dies_while_looking_at_the_picture_loses_nothing(cast, holder, monkeypatch):
    whole = picture()
    upload = commands.begin(holder, kind="其他", name="a.jpg", size=len(whole), by=cast.clerk)

    def die(*args, **kwargs):
        raise SystemExit

    monkeypatch.setattr(uploading.content, "cleaned_picture", die)
    with pytest.raises(SystemExit):
        commands.receive(upload, 0, whole, by=cast.clerk)
    monkeypatch.undo()
    assert Attachment.objects.get().received == 0
    assert commands.receive(upload, 0, whole, by=cast.clerk).status == "kept"


def test_nothing_lies_on_disk_in_the_clear(keep):
    kept = keep(whole=pdf(100_000))
    raw = files.path_of(kept.pieces.get().stored).read_bytes()
    assert b"%PDF" not in raw and b"%%EOF" not in raw and len(raw) > 100_000


def test_removed_attachment_comes_back_until_a_day_has_passed(cast, keep, django_capture_on_commit_callbacks):
    kept = keep()
    path = files.path_of(kept.pieces.get().stored)
    removed = commands.remove(kept, by=cast.hr)
    assert queries.kept(kept.company_id, kept.id_digest).count() == 0
    with pytest.raises(Conflict, match="附件已删除，无需再办"):
        commands.remove(kept, by=cast.clerk)
    assert commands.restore(removed, by=cast.clerk).status == "kept"
    commands.remove(kept, by=cast.clerk)

    soon, later = timezone.now() + timedelta(hours=23), timezone.now() + timedelta(hours=25)
    with django_capture_on_commit_callbacks(execute=True):
        assert (commands.tidy_up(now=soon), commands.tidy_up(now=later), commands.tidy_up(now=later)) == (0, 1, 0)
    assert not Attachment.objects.exists() and not path.exists()
    assert [str(entry) for entry in trail_of(kept)][::-1] == [
        "冯经办上传张三的附件（其他）",
        "陈人事删除张三的附件（其他）",
        "冯经办撤销删除张三的附件（其他）",
        "冯经办删除张三的附件（其他）",
    ]


def test_upload_given_up_is_discarded_after_a_day(cast, holder):
    whole = pdf(200_000)
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=len(whole), by=cast.clerk)
    commands.receive(upload, 0, whole[:100_000], by=cast.clerk)
    assert commands.tidy_up() == 0
    assert commands.tidy_up(now=timezone.now() + timedelta(hours=25)) == 1
    assert not Attachment.objects.exists() and not StoredFile.objects.filter(kind="attachment").exists()
