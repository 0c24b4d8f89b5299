"""Commands of the administrator on dictionary entries."""

from django.db import transaction

from shiming.core import per_request
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import missing
from shiming.core.events import Event
from shiming.dictionaries import queries
from shiming.dictionaries.models import DictionaryEntry
from shiming.dictionaries.rules import may_administer


@transaction.atomic
def add_entry(table: str, *, label: str, by: Actor, order: int | None = None, extra: dict | None = None):
    """Add an entry; its code is its label."""
    require(may_administer, by)
    entry = DictionaryEntry(
        table=table, code=label.strip()[:20], label=label.strip(), order=order or _last_place(table), extra=extra or {}
    )
    entry.full_clean()
    entry.save()
    return _changed(entry, by, before=None)


@transaction.atomic
def change_entry(entry: DictionaryEntry, *, by: Actor, label: str, order: int, active: bool, extra: dict):
    """Rename, reorder, enable or disable an entry; its code stays, so stored values are unaffected."""
    entry = DictionaryEntry.objects.select_for_update().get(pk=entry.pk)
    require(may_administer, by)
    if not label.strip():
        raise missing("名称", "label")
    before = _content(entry)
    entry.label, entry.order, entry.active, entry.extra = label.strip(), order, active, extra
    entry.full_clean()
    entry.save()
    return _changed(entry, by, before=before)


def _changed(entry, by, before):
    per_request.forget()
    table = queries.TABLES.get(entry.table, entry.table)
    record(Event.DICTIONARY_CHANGED, entry, by=by, before=before, after=_content(entry), table=table, label=entry.label)
    return entry


def _content(entry):
    return {name: getattr(entry, name) for name in ("label", "order", "active", "extra")}


def _last_place(table):
    last = DictionaryEntry.objects.filter(table=table).order_by("-order").values_list("order", flat=True).first()
    return (last or 0) + 10
