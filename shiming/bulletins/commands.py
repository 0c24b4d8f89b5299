"""What the administrator does with notices."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.attachments import content
from shiming.bulletins import rules
from shiming.bulletins.models import Bulletin, BulletinFile
from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.doors import MB
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.dictionaries import queries as dictionaries

LARGEST = 5 * MB
MOST = 10
LABELS = {
    "title": "标题",
    "category": "类别",
    "body": "内容",
    "pinned": "置顶",
    "public": "不登录也能看",
    "from_day": "自",
    "until": "至",
}


@transaction.atomic
def publish(
    *,
    title: str,
    category: str,
    body: str,
    from_day: date,
    by: Actor,
    until: date | None = None,
    pinned: bool = False,
    public: bool = False,
) -> Bulletin:
    """发布: shown from the first to the last day."""
    require(rules.may_write, by)
    given = {"title": title, "category": category, "body": body, "from_day": from_day, "until": until}
    row = Bulletin(**given, pinned=pinned, public=public, written_by_id=by.user_id)
    _save(row)
    record(Event.BULLETIN_PUBLISHED, row, by=by, title=row.title)
    return row


@transaction.atomic
def change(row: Bulletin, *, by: Actor, seen: int | None = None, **given) -> Bulletin:
    """修改; `given` holds the arguments of `publish`. R-43 when another administrator was faster."""
    row = lock(row, seen=seen)
    require(rules.may_write, by)
    changed = [label for name, label in LABELS.items() if name in given and getattr(row, name) != given[name]]
    if not changed:
        return row
    for name, value in given.items():
        setattr(row, name, value)
    _save(row)
    record(Event.BULLETIN_CHANGED, row, by=by, title=row.title, fields="、".join(changed))
    return row


@transaction.atomic
def withdraw(row: Bulletin, *, by: Actor) -> Bulletin:
    """撤下 at once; the notice stays in the administrator's list."""
    row = lock(row)
    require(rules.may_write, by)
    if row.withdrawn_at:
        raise Conflict("公告已撤下，无需再办")
    row.withdrawn_at = timezone.now()
    row.save()
    record(Event.BULLETIN_WITHDRAWN, row, by=by, title=row.title)
    return row


def add_file(row: Bulletin, *, name: str, whole: bytes, by: Actor) -> BulletinFile:
    """Keep a PDF or a picture with the notice."""
    whole, media_type = content.checked(whole, LARGEST)
    with transaction.atomic():
        row = lock(row)
        require(rules.may_write, by)
        if row.files.count() >= MOST:
            raise Invalid(f"最多 {MOST} 个附件", next_step="删除不再需要的", field="file")
        kept = BulletinFile(bulletin=row, name=content.kept_name(name, content.SUFFIXES[media_type]), size=len(whole))
        kept.media_type, kept.stored = media_type, files.store(whole, kind="bulletin", media_type=media_type)
        kept.save()
        record(Event.BULLETIN_FILE_ADDED, row, by=by, title=row.title, name=kept.name)
    return kept


@transaction.atomic
def remove_file(file: BulletinFile, *, by: Actor) -> None:
    row = lock(file.bulletin)
    require(rules.may_write, by)
    file = BulletinFile.objects.select_for_update().filter(pk=file.pk).first()
    if file is None:
        raise Conflict("附件已删除")
    stored, name = file.stored, file.name
    file.delete()
    files.remove(stored)
    record(Event.BULLETIN_FILE_REMOVED, row, by=by, title=row.title, name=name)


def _save(row: Bulletin) -> None:
    row.title, row.body = row.title.strip(), row.body.strip()
    if row.category not in dict(dictionaries.choices("bulletin")):
        raise Invalid("没有这个类别", next_step="从列表里选一个；要新的类别，在“字典”里添加", field="category")
    if row.until and row.until < row.from_day:
        raise Invalid("止日早于起日", next_step="改止日，或留空", field="until")
    row.full_clean()
    row.save()
