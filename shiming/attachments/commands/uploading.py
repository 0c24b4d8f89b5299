"""An upload from the first byte to the kept attachment ([004] 4-14, 4-15).

Every piece is encrypted as it comes and lies on disk as a file of its own. The last piece decides: the content is
looked at before the row is locked, then piece and state are written in one transaction. So a process that dies has
either kept a piece or not, and an upload never says it is whole without having been looked at.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.attachments import content, queries, rules
from shiming.attachments.commands.common import discard, drop_pieces, held, note
from shiming.attachments.holders import Holder
from shiming.attachments.models import LARGEST, QUOTA, SOCIAL_PROOF, Attachment, Piece
from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.doors import MB
from shiming.core.errors import Conflict, DomainError, Invalid, RefusedAll
from shiming.core.events import Event
from shiming.core.limits import one_at_a_time
from shiming.core.refusals import Refusal, refusal, unnumbered
from shiming.dictionaries import queries as dictionaries

Status = Attachment.Status
RESUMABLE = timedelta(hours=24)
REMOVED_KEPT = timedelta(hours=24)
SMALLEST_PIECE, PIECE = 64 * 1024, 512 * 1024
BATCH = 200


@transaction.atomic
def begin(holder: Holder, *, kind: str, name: str, size: int, by: Actor, issued_on: date | None = None) -> Attachment:
    """Announce a file: type, name and size are checked, and its room in the quota is reserved for 24 hours."""
    require(rules.may_keep, by, holder)
    if refusals := list(_refusals(kind, size, issued_on)):
        raise RefusedAll(refusals)
    require_room(holder.company_id, holder.id_digest, size)
    upload = Attachment(
        company_id=holder.company_id,
        id_digest=holder.id_digest,
        about=holder.label,
        kind=kind,
        name=content.kept_name(name),
        issued_on=issued_on if kind == SOCIAL_PROOF else None,
        declared=size,
        uploaded_by_id=by.user_id,
        expires_at=timezone.now() + RESUMABLE,
    )
    upload.full_clean()
    upload.save()
    return upload


def receive(upload: Attachment, start: int, piece: bytes, *, by: Actor) -> Attachment:
    """The next piece, which must begin where the last one ended; with the last one the attachment is kept.

    Conflict for another place, also when two requests bring the same piece. Content that is refused is thrown away.
    """
    _require_next(upload, start, by)
    _require_length(upload, start, piece)
    if start + len(piece) < upload.declared:
        return _keep_piece(upload, start, piece, by)
    try:
        media_type, picture = _inspected(upload, start, piece)
    except DomainError:
        terminate(upload, by=by)
        raise
    return _finish(upload, start, piece if picture is None else picture, media_type, by)


def take(holder: Holder, *, kind: str, name: str, whole: bytes, by: Actor, issued_on: date | None = None) -> Attachment:
    """A file that came at once, from a browser without scripts."""
    upload = begin(holder, kind=kind, name=name, size=len(whole), issued_on=issued_on, by=by)
    for start in range(0, len(whole), PIECE):
        upload = receive(upload, start, whole[start : start + PIECE], by=by)
    return upload


@transaction.atomic
def terminate(upload: Attachment, *, by: Actor) -> None:
    """Give an upload up: delete what was received, without a trail entry. Conflict for a finished upload."""
    upload = held(upload)
    require(rules.may_keep, by, upload)
    if upload.status != Status.UPLOADING:
        raise Conflict(f"附件{upload.get_status_display()}，不能再放弃")
    discard(upload)


@transaction.atomic
def tidy_up(*, now: datetime | None = None) -> int:
    """Discard uploads not finished in time and attachments removed a day ago; what a request holds waits."""
    now = now or timezone.now()
    late = Attachment.objects.filter(status=Status.UPLOADING, expires_at__lt=now)
    removed = Attachment.objects.filter(status=Status.REMOVED, removed_at__lt=now - REMOVED_KEPT)
    rows = [row for found in (late, removed) for row in found.select_for_update(skip_locked=True)[:BATCH]]
    for row in rows:
        discard(row)
    return len(rows)


def require_room(company_id, id_digest: str, size: int) -> None:
    """Refuse what exceeds the quota of a person in a company; others who add to it wait for this transaction."""
    one_at_a_time(f"attachments:{company_id}:{id_digest}")
    used = queries.used(company_id, id_digest)
    if used + size > QUOTA:
        raise Invalid(
            f"该人员的附件已有 {used / MB:.1f} MB，再加这个文件就超过 {QUOTA // MB} MB",
            next_step="请先删除不再需要的附件",
            field="file",
        )


def _refusals(kind: str, size: int, issued_on: date | None) -> Iterator[Refusal]:
    if kind not in {code for code, _ in dictionaries.choices("attachment_type")}:
        yield refusal("R-10", label="附件类型")
    if size < 1:
        yield unnumbered("这是一个空文件", "请重新选择文件")
    if size > LARGEST:
        yield unnumbered(f"文件超过 {LARGEST // MB} MB", "请压缩，或分成几个文件后再上传")
    if kind == SOCIAL_PROOF and issued_on is None:
        yield refusal("R-10", label="开具日期")
    if kind == SOCIAL_PROOF and issued_on and issued_on > timezone.localdate():
        yield unnumbered("开具日期不能晚于今天", "对照证明上的日期核对")


def _require_next(upload: Attachment, start: int, by: Actor) -> None:
    require(rules.may_continue, by, upload)
    if upload.status != Status.UPLOADING or upload.expires_at <= timezone.now():
        raise Conflict("这个文件已经传完或过期，请刷新页面")
    if start != upload.received:
        raise Conflict(f"应从第 {upload.received} 字节继续，请刷新页面")


def _require_length(upload: Attachment, start: int, piece: bytes) -> None:
    left = upload.declared - start
    if len(piece) > left:
        raise Invalid("收到的内容比文件的大小还多", next_step="请刷新页面，重新选择文件")
    if len(piece) < min(SMALLEST_PIECE, left):
        raise Invalid(f"每段至少 {SMALLEST_PIECE // 1024} KB", next_step="请刷新页面后重试")


def _inspected(upload: Attachment, start: int, last: bytes) -> tuple[str, bytes | None]:
    """The type, and for a picture the cleaned copy; raises Invalid in words."""
    pieces = list(upload.pieces.select_related("stored"))
    media_type = content.media_type(files.read(pieces[0].stored) if pieces else last)
    if media_type == content.PDF:
        content.check_pdf(_tail(pieces, last))
        return media_type, None
    content.check_picture_size(upload.declared)
    whole = b"".join([*(files.read(piece.stored) for piece in pieces), last])
    return media_type, content.cleaned_picture(whole)


def _tail(pieces: list[Piece], last: bytes) -> bytes:
    return last if len(last) >= content.TAIL or not pieces else files.read(pieces[-1].stored) + last


@transaction.atomic
def _keep_piece(upload: Attachment, start: int, piece: bytes, by: Actor) -> Attachment:
    upload = _next(upload, start, by)
    _store(upload, start, piece, "application/octet-stream")
    upload.received += len(piece)
    upload.save()
    return upload


@transaction.atomic
def _finish(upload: Attachment, start: int, last: bytes, media_type: str, by: Actor) -> Attachment:
    """`last` is the last piece of a PDF, or a whole picture that replaces the pieces it was made of."""
    upload = _next(upload, start, by)
    if media_type == content.JPEG:
        drop_pieces(upload)
        start = 0
    _store(upload, start, last, media_type)

    upload.become(Status.KEPT)
    upload.received, upload.size = upload.declared, start + len(last)
    upload.media_type, upload.uploaded_at = media_type, timezone.now()
    upload.name = content.kept_name(upload.name, content.SUFFIXES[media_type])
    upload.save()

    note(Event.ATTACHMENT_ADDED, upload, by=by)
    return upload


def _next(upload: Attachment, start: int, by: Actor) -> Attachment:
    """The row locked, when it still waits for the piece that begins there."""
    upload = held(upload)
    _require_next(upload, start, by)
    return upload


def _store(upload: Attachment, start: int, piece: bytes, media_type: str) -> None:
    stored = files.store(piece, kind="attachment", media_type=media_type)
    Piece.objects.create(attachment=upload, start=start, stored=stored)
