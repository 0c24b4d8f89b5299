"""From checked rows to the register: start, piece by piece, all or nothing, or give up."""

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
from shiming.imports import rules, storage
from shiming.imports.commands.checking import rows_of
from shiming.imports.models import SheetImport
from shiming.imports.sheet import SHEETS, WHOLE_ROW, Row, Sheet

CHUNK = 100
BULK_CHUNK = 2_000
AT_ONCE = 200  # rows: fewer are committed while the visitor waits
KEPT = timedelta(days=1)
Status = SheetImport.Status


class NotAll(Exception):
    """Somebody wants all rows or none, and not all can be taken."""


@transaction.atomic
def start(item: SheetImport, *, by: Actor, all_or_nothing: bool = False) -> SheetImport:
    """Commit all good rows; or, by choice, all rows or none. One that has stopped goes on as it was begun."""
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
    """Import nothing."""
    item = lock(item)
    require(rules.may_go_on, by, item)
    item.become(Status.CANCELLED)
    storage.forget(item)
    return item


def finish(item: SheetImport) -> SheetImport:
    """Commit piece after piece until all is done."""
    with bulk.many_values():
        good = rows_of(item, values=True)
        if item.all_or_nothing:
            return _all_or_nothing(item, good)
        while item.status == Status.RUNNING:
            item = advance(item, good)
        return item


@transaction.atomic
def advance(item: SheetImport, good: list[Row]) -> SheetImport:
    """The next piece and how far it got, in one transaction: killed before the commit, the piece is done again."""
    item = lock(item)
    if item.status != Status.RUNNING:
        return item
    sheet, by = SHEETS[item.sheet], storage.load_actor(item.actor)
    piece = good[item.position : item.position + (BULK_CHUNK if sheet.save_many else CHUNK)]
    for row, outcome in zip(piece, _save_all(sheet, piece, by), strict=True):
        if isinstance(outcome, str):
            setattr(item, outcome, getattr(item, outcome) + 1)
        else:
            item.refused.append([row.place, *outcome])
    item.position += len(piece)
    if item.position == len(good):
        item.become(Status.DONE)
        item.finished_at = timezone.now()
        record(Event.DATA_IMPORTED, item, by=by, kind=sheet.label, count=item.created + item.changed + item.same)
    item.save()
    return item


@transaction.atomic
def forget_old(*, before=None) -> int:
    """Yesterday's files go; what was imported and how many stays."""
    old = SheetImport.objects.filter(created_at__lt=before or timezone.now() - KEPT, raw__isnull=False)
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
        return _give_back(item)
    return item


@transaction.atomic
def _give_back(refused: SheetImport) -> SheetImport:
    """Nothing was imported; what stood in the way is marked at its rows, to be corrected."""
    item = lock(refused)
    reasons = {place: f"{sentence}（{code}）" if code else sentence for place, sentence, code in refused.refused}
    rows = rows_of(item)
    for row in rows:
        if row.place in reasons:
            row.problems[WHOLE_ROW] = reasons[row.place]
    item.become(Status.CHECKED)
    item.good = sum(row.good for row in rows)
    item.bad = len(rows) - item.good
    item.notes = ["按“全部正确才导入”，一行也没有导入：导入时又发现下面这些问题"]
    storage.keep(item, "rows", [storage.dump_row(row) for row in rows])
    item.save()
    return item


def _save_all(sheet: Sheet, piece: list[Row], by: Actor) -> list:
    """For each row "created", "changed" or "same", or (sentence, code) of why not."""
    if sheet.save_many is None:
        return [_save(lambda row=row: sheet.save(row.values, by=by)) for row in piece]
    try:
        with transaction.atomic():
            return [_said(outcome) for outcome in sheet.save_many(piece, by=by)]
    except IntegrityError:  # somebody was faster with one of them: each on its own
        return [_save(lambda row=row: sheet.save_many([row], by=by)[0]) for row in piece]


def _save(save) -> str | tuple[str, str]:
    try:
        with transaction.atomic():
            return _said(save())
    except DomainError as error:
        return _said(error)
    except ValidationError as error:
        return "；".join(error.messages), ""
    except IntegrityError:
        return "与别人同时登记的内容冲突，请核对后再导入", "R-43"


def _said(outcome):
    return (str(outcome), outcome.codes[0]) if isinstance(outcome, DomainError) else outcome
