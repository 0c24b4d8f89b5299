"""The repeating blocks of a person: education, contacts, training, titles, certificates, awards [004] 4-06 … 4-11."""

from django.db import transaction

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people import rules
from shiming.people.commands.checks import checked_phone
from shiming.people.items import BLOCKS, ENDS_EARLY, MOST, PERIODS, described, fields_of
from shiming.people.models import EmergencyContact, Person, PersonItem


@transaction.atomic
def keep_items(
    person: Person, items: dict[str, list[dict]], *, by: Actor, seen: int | None = None, more: bool = False
) -> Person:
    """Keep the rows of the blocks given, in this order; blocks that are not given stay as they are.

    A row with the `id` of an item changes that item, where an empty phone means unchanged. With `more` the rows are
    added to those there are, each once: who registers a person does not see what others have written."""
    person = lock(person, seen=seen)
    require(rules.may_change_profile, by, person)
    labels, before, after = [], {}, {}
    for code, rows in items.items():
        model, label = BLOCKS[code], str(BLOCKS[code]._meta.verbose_name)
        there = list(model.objects.filter(person=person))
        wanted = (
            [*there, *_new(model, person, rows, there)] if more else [_row(model, person, each, there) for each in rows]
        )
        if len(wanted) > MOST:
            raise Invalid(f"{label}最多 {MOST} 条", next_step="删去不必要的再保存")
        was, now = [_label(row) for row in model.objects.filter(person=person)], [_label(row) for row in wanted]
        if _same(model, person, wanted):
            continue
        _put(model, there, wanted)
        labels.append(label)
        before[label], after[label] = "；".join(was), "；".join(now)
    if labels:
        person.save()
        scope = {"person_id": person.pk, "company_id": by.company_id}
        changed = {"fields": "、".join(labels), "before": before, "after": after}
        record(Event.PERSON_CHANGED, person, by=by, person=person.name, **scope, **changed)
    return person


def differing(person: Person, items: dict[str, list[dict]]) -> dict[str, list[dict]]:
    """The blocks that differ from those registered, for `keep_items`; a row that is there already has its `id`."""
    found = {}
    for code, rows in items.items():
        there = list(BLOCKS[code].objects.filter(person=person))
        named = [
            values | {"id": key} for values, key in zip(rows, _keys(BLOCKS[code], person, rows, there), strict=True)
        ]
        if [values["id"] for values in named] != [item.pk for item in there]:
            found[code] = named
    return found


def _keys(model, person: Person, rows: list[dict], there: list[PersonItem]) -> list:
    """The key of the item with the same values, each used once, or None."""
    left, keys = list(there), []
    for values in rows:
        made = _values(_row(model, person, values, []))
        same = next((item for item in left if _values(item) == made), None)
        keys.append(same and same.pk)
        left = [item for item in left if item is not same]
    return keys


def _row(model: type[PersonItem], person: Person, values: dict, there: list[PersonItem]) -> PersonItem:
    """The item named by `id`, or a new one, with these values and checked."""
    known = next((item for item in there if str(item.pk) == str(values.get("id") or "")), None)
    item = known or model(person=person)
    for name in fields_of(model):
        value = values.get(name)
        if model is EmergencyContact and name == "phone":
            if value:
                item.phone = checked_phone(value, "phone")
            elif known is None:
                raise missing("联系电话", "phone")
        else:
            setattr(item, name, value if value is not None or _nullable(model, name) else "")
    item.clean_fields(exclude=["person", "phone"])
    for first, last in PERIODS:
        start, end = getattr(item, first, None), getattr(item, last, None)
        if start and end and end < start:
            raise Invalid(ENDS_EARLY, field=last)
    return item


def _new(model, person, rows, there) -> list[PersonItem]:
    known = [_values(item) for item in there]
    made = (_row(model, person, values, []) for values in rows)
    return [item for item in made if _values(item) not in known]


def _put(model, there: list[PersonItem], wanted: list[PersonItem]) -> None:
    kept = {item.pk for item in wanted}
    model.objects.filter(pk__in=[item.pk for item in there if item.pk not in kept]).delete()
    for position, item in enumerate(wanted):
        item.position = position
        item.save()


def _same(model, person, wanted) -> bool:
    there = list(model.objects.filter(person=person))
    return [(item.pk, _values(item)) for item in there] == [(item.pk, _values(item)) for item in wanted]


def _values(item: PersonItem) -> tuple:
    return tuple(getattr(item, name) for name in fields_of(type(item)))


def _label(item: PersonItem) -> str:
    return " ".join(str(value) for _, value in described(item))


def _nullable(model, name) -> bool:
    return model._meta.get_field(name).null
