"""Bulk inserts write the same rows as single saves."""

import pytest
from django.db import transaction
from django.utils import timezone

from shiming.core import bulk
from shiming.core.actor import Role
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.employment.models import Employment
from shiming.idcard.number import parse
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from tests.cast import invented_id

OF_ITS_OWN = ("id", "_state")


@pytest.mark.parametrize("model", [Person, Employment, InboxItem])
def test_new_row_has_defaults_of_model(model):
    row, same = vars(bulk.new(model)), vars(model())

    assert {name: row[name] for name in row if name not in OF_ITS_OWN} == {
        name: same[name] for name in same if name not in OF_ITS_OWN
    }
    assert type(row["id"]) is type(same["id"])
    assert row["id"] != vars(bulk.new(model))["id"]


def test_no_two_rows_share_a_list():
    first, second = bulk.new(Person), bulk.new(Person)
    first.search_tokens.append("张")

    assert second.search_tokens == []


@pytest.mark.parametrize("text", ["张三", 'a"b', "a\\b", "a,b", "{a}", "", "NULL", " a ", "a\tb\nc"])
def test_bulk_values_are_read_back_equal(db, text):
    person = bulk.new(Person, identity_source=Person.Source.TYPED, failure=text, residence=Secret("江湾区一号"))
    person.identify(parse(invented_id(77)), "张三")
    person.search_tokens = [text, "三"]
    with transaction.atomic():
        bulk.insert([person])

    found = Person.objects.get()
    assert (found.pk, found.failure, found.search_tokens) == (person.pk, text, [text, "三"])
    assert (found.identity_source, found.version, found.valid_to) == ("typed", 1, None)
    assert (found.residence.plain, found.created_at) == ("江湾区一号", person.created_at)


@pytest.mark.django_db
def test_copied_values_are_those_that_fields_would_save(cast):
    """The shortcuts of the writer agree with Django's conversion, column by column."""
    one_by_one, copied = (
        AuditEntry(
            at=timezone.now(),
            event=Event.PERSON_MISSED,
            by="王总包",
            role=Role.PM,
            door="site",
            user_id=cast.gc_pm.user_id,
            object_type="people.person",
            object_id=str(cast.zhang.pk),
            person_id=cast.zhang.pk,
            params={"code": "R-06", "quoted": 'a"b\\c'},
            before={"trade": None},
        )
        for _ in range(2)
    )
    copied.at = one_by_one.at
    one_by_one.save()
    bulk.copy_rows(AuditEntry, [copied])

    first, second = AuditEntry.objects.filter(event=Event.PERSON_MISSED).order_by("id").values()
    assert {**first, "id": 0, "xid": 0} == {**second, "id": 0, "xid": 0}
