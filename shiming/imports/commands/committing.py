"""Commit the checked rows: start, chunk by chunk, all or nothing, or cancel."""

from dataclasses import asdict
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.core import bulk
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, DomainError
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.refusals import Refusal, unnumbered, worded
from shiming.imports import rules, storage
from shiming.imports.commands.checking import rows_of, rows_or_damage
from shiming.imports.models import SheetImport
from shiming.imports.sheet import SHEETS, Row, Sheet

CHUNK = 100
BULK_CHUNK = 2_000
ROWS_AT_ONCE = 200  # up to so many rows are committed within the request
CONTENT_KEPT = timedelta(days=1)
Status = SheetImport.Status


class NotAll(Exception):
    """A row was refused in an all-or-nothing import."""


@transaction.atomic
def start(item: SheetImport, *, by: Actor, all_or_nothing: bool = False) -> SheetImport:
    """Start to commit all good rows or, by choice, all or none. A stopped import keeps its first choice."""
    item = lock(item)
    require(rules.may_go_on, by, item)
    if item.status == Status.RUNNING:
        return item
    if not item.good:
        raise Conflict("没有可以导入的行，请改正后重新上传")
    if all_or_nothing and item.bad:
        raise Conflict(f"还有 {item.bad} 行有问题，按“全部正确才导入”一行也没有导入")
    item.become(Status.RUNNING)
    item.all_or_nothing = all_or_nothing
    item.save()
    return item


@transaction.atomic
def cancel(item: SheetImport, *, by: Actor) -> SheetImport:
    """Import nothing more and delete the file; a running import only if its file is damaged."""
    item = lock(item)
    require(rules.may_go_on, by, item)
    if item.status == Status.RUNNING and rows_or_damage(item)[1] is None:
        raise Conflict("导入正在进行，不能放弃")
    item.become(Status.CANCELLED)
    storage.forget(item)
    return item


def finish(item: SheetImport) -> SheetImport:
    """Commit chunk after chunk until all rows are done."""
    with bulk.many_values():
        good = rows_of(item, values=True)
        if item.all_or_nothing:
            return _all_or_nothing(item, good)
        while item.status == Status.RUNNING:
            item = advance(item, good)
        return item


@transaction.atomic
def advance(item: SheetImport, good: list[Row]) -> SheetImport:
    """Commit the next chunk and the position in one transaction: when the process is killed, the chunk is repeated."""
    item = lock(item)
    if item.status != Status.RUNNING:
        return item
    sheet, by = SHEETS[item.sheet], storage.load_actor(item.actor)
    chunk = good[item.position : item.position + (BULK_CHUNK if sheet.save_many else CHUNK)]
    for row, outcome in zip(chunk, _save_all(sheet, chunk, by), strict=True):
        if isinstance(outcome, Refusal):
            item.refused.append([row.place, asdict(outcome)])
        else:
            setattr(item, outcome, getattr(item, outcome) + 1)
    item.position += len(chunk)
    if item.position == len(good):
        item.become(Status.DONE)
        item.finished_at = timezone.now()
        record(Event.DATA_IMPORTED, item, by=by, kind=sheet.label, count=item.created + item.changed + item.same)
    item.save()
    return item


@transaction.atomic
def forget_old(*, before=None) -> int:
    """Delete the content of files older than a day; the record of the import stays. Return how many."""
    old = SheetImport.objects.filter(created_at__lt=before or timezone.now() - CONTENT_KEPT, raw__isnull=False)
    old = list(old.exclude(status=Status.RUNNING).select_for_update())
    for item in old:
        storage.forget(item)
    return len(old)


def _all_or_nothing(item: SheetImport, good: list[Row]) -> SheetImport:
    try:
        with transaction.atomic():
            while item.status == Status.RUNNING:
                item = advance(item, good)
                if item.refused:
                    raise NotAll
    except NotAll:
        return _return_to_user(item)
    return item


@transaction.atomic
def _return_to_user(stopped: SheetImport) -> SheetImport:
    """Nothing was imported: mark the refused rows and let the user correct them."""
    item = lock(stopped)
    reasons = dict(stopped.refusals)
    rows = rows_of(item)
    for row in rows:
        if row.place in reasons:
            row.refuse(reasons[row.place])
    item.become(Status.CHECKED)
    item.notes = ["按“全部正确才导入”，一行也没有导入：导入时又发现下面这些问题"]
    storage.keep_rows(item, rows)
    item.save()
    return item


def _save_all(sheet: Sheet, chunk: list[Row], by: Actor) -> list[str | Refusal]:
    """The result of each row: "created", "changed", "same" or its refusal."""
    if sheet.save_many is None:
        return [_save(lambda row=row: sheet.save(row.whole, by=by)) for row in chunk]
    try:
        with transaction.atomic():
            return [_result(outcome) for outcome in sheet.save_many(chunk, by=by)]
    except IntegrityError:  # another user registered one of them in the meantime: save them one by one
        return [_save(lambda row=row: sheet.save_many([row], by=by)[0]) for row in chunk]


def _save(save) -> str | Refusal:
    try:
        with transaction.atomic():
            return _result(save())
    except DomainError as error:
        return _result(error)
    except ValidationError as error:
        return unnumbered("；".join(error.messages))
    except IntegrityError:
        return worded("R-43", "与别人同时登记的内容冲突，请核对后再导入")


def _result(outcome: str | DomainError) -> str | Refusal:
    """The first refusal: import commands refuse a row for one reason."""
    return outcome.refusals[0] if isinstance(outcome, DomainError) else outcome
