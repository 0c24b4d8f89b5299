"""Recording, correcting and deleting the certificates of a person."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.assignment.queries import not_recordable, recordable
from shiming.assignment.rules import may_record_about
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.credentials import rules
from shiming.employment.models import Employment
from shiming.people.changes import apply
from shiming.people.items import MOST, all_fields_of
from shiming.people.models import Credential, Person

OLDEST, LATEST = date(1970, 1, 1), timedelta(days=366 * 60)


@transaction.atomic
def record_credential(employment: Employment, *, name: str, number: str, by: Actor, **values) -> Credential:
    """Record a certificate of an employee; `values` are issuer, valid_from, valid_until and note."""
    require(may_record_about, by, employment)
    require(rules.may_use, by, name)
    person = lock(employment.person)
    others = Credential.objects.filter(person=person)
    if others.count() >= MOST:
        raise Invalid(f"证书最多 {MOST} 条", next_step="删去不必要的再登记")
    last = others.order_by("-position").values_list("position", flat=True).first()
    row = Credential(person=person, position=0 if last is None else last + 1, name=name, number=number, **values)
    _keep(person, row)
    _record(Event.CREDENTIAL_RECORDED, row, by, valid_until=row.valid_until or "长期")
    return row


@transaction.atomic
def correct(row: Credential, *, by: Actor, seen: int | None = None, **values) -> Credential:
    """Change the given fields; `seen` is the version of the person on the page."""
    person, row = _held(row, by, seen)
    require(rules.may_use, by, values.get("name", row.name))
    changes = apply(row, values)
    if changes:
        _keep(person, row)
        changed = {"fields": str(changes), "before": changes.before, "after": changes.after}
        _record(Event.CREDENTIAL_CORRECTED, row, by, **changed)
    return row


@transaction.atomic
def remove(row: Credential, *, by: Actor) -> None:
    """Delete the row; the trail keeps its content."""
    person, row = _held(row, by)
    before = {name: str(getattr(row, name) or "") for name in all_fields_of(Credential)}
    _record(Event.CREDENTIAL_REMOVED, row, by, before=before)
    row.delete()
    person.save()


def take_over(values: dict, by: Actor) -> str:
    """One row of Excel: "created", "changed" or "same"."""
    employment = recordable(by, [values["number"]]).get(values["number"])
    if employment is None:
        raise not_recordable()
    given = {name: values[name] for name in ("issuer", "valid_from", "valid_until")}
    known = Credential.objects.filter(person=employment.person, name=values["credential"], number=values["serial"])
    if (row := known.first()) is None:
        record_credential(employment, name=values["credential"], number=values["serial"], by=by, **given)
        return "created"
    if all(getattr(row, name) == value for name, value in given.items()):
        return "same"
    correct(row, by=by, **given)
    return "changed"


def _held(row: Credential, by: Actor, seen: int | None = None) -> tuple[Person, Credential]:
    """Person and row, locked: the person's lock also holds back the form of managers, which may replace the row."""
    person = lock(row.person, seen=seen)
    found = Credential.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise Conflict("这本证书已被删除或重新登记，请刷新")
    require(rules.may_change, by, found)
    return person, found


def _keep(person: Person, row: Credential) -> None:
    for name in ("valid_from", "valid_until"):
        day = getattr(row, name)
        if day and not OLDEST <= day <= timezone.localdate() + LATEST:
            raise Invalid("年份不对", next_step="对照证书核对日期", field=name)
    same = Credential.objects.filter(person=person, name=row.name, number=row.number).exclude(pk=row.pk)
    if same.exists():
        raise Invalid("这本证书已登记", next_step="在列表里更正原来的一条", field="number")
    row.full_clean()
    row.save()
    person.save()


def _record(event: Event, row: Credential, by: Actor, **words) -> None:
    scope = {"person_id": row.person_id, "company_id": by.company_id, "project_id": by.project_id}
    record(event, row, by=by, person=row.person.name, credential=row.label, **scope, **words)
