"""Bulk-written rows equal the rows of `save()`, for every kind of field in use."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core import bulk, prepared_statements
from shiming.core.actor import Right
from shiming.core.ids import uuid7
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.dictionaries.models import DictionaryEntry
from shiming.employment.models import Employment
from shiming.projects.models import Grant

pytestmark = pytest.mark.django_db
OF_ITS_OWN = ("id", "xid", "created_at")


def grant(cast) -> dict:
    """Covers an array, a secret, a null, dates and foreign keys."""
    today = timezone.localdate()
    return {
        "participation": cast.gc_place,
        "rights": [Right.ENTRY.value, Right.EXIT.value],
        "phone": Secret("15499000001"),
        "starts_on": today,
        "ends_on": today + timedelta(days=9),
        "given_by_id": cast.admin.user_id,
    }


def employment(cast) -> dict:
    """Covers a state, a version, money and a time."""
    return {
        "company": cast.antai,
        "status": Employment.Status.ENDED,
        "kind": "worker",
        "mode": "invite",
        "day_rate": Decimal("320.50"),
        "started_at": timezone.now(),
        "ended_at": timezone.now(),
        "contract_end": date(2026, 12, 31),
        "trade": '钢筋工"\\,{}\t',
    }


def line(cast) -> dict:
    """Covers JSON and a number that the database assigns."""
    return {
        "at": timezone.now(),
        "event": "company.changed",
        "by": "系统",
        "role": "system",
        "door": "admin",
        "params": {"名称": 'a"b\\c', "数": 1, "无": None, "列": [1, "二"]},
        "after": {"name": "新名"},
        "before": None,
        "person_id": uuid7(),
    }


def entry(cast) -> dict:
    return {"table": "copied", "label": "木工", "order": 3, "extra": {"a": []}, "active": False}


# (model, its values, the field that differs in the second row)
KINDS = [
    (Grant, grant, "person"),
    (Employment, employment, "person"),
    (AuditEntry, line, "object_id"),
    (DictionaryEntry, entry, "code"),
]


def two(cast, model, values, apart) -> list:
    given = values(cast)
    differ = [cast.person("李四"), cast.person("王五")] if apart == "person" else ["1", "2"]
    return [model(**given, **{apart: each}) for each in differ]


def as_read(row, apart) -> dict:
    kept = type(row).objects.get(pk=row.pk)
    skipped = (*OF_ITS_OWN, type(row)._meta.get_field(apart).attname)
    names = [field.attname for field in row._meta.concrete_fields if field.attname not in skipped]
    return {name: getattr(kept, name) for name in names}


@pytest.mark.parametrize(("model", "values", "apart"), KINDS, ids=lambda value: getattr(value, "__name__", value))
def test_a_row_copied_is_the_row_saved(cast, model, values, apart):
    saved, copied = two(cast, model, values, apart)
    saved.save(force_insert=True)
    bulk.insert([copied])
    if copied.pk is None:  # only the database knows its number
        copied.pk = model.objects.get(**{apart: getattr(copied, apart)}).pk

    assert as_read(copied, apart) == as_read(saved, apart)


@pytest.mark.parametrize(("model", "values", "apart"), KINDS, ids=lambda value: getattr(value, "__name__", value))
def test_a_row_inserted_by_a_prepared_statement_is_the_row_saved(cast, model, values, apart):
    saved, inserted = two(cast, model, values, apart)
    saved.save(force_insert=True)
    if model is Employment:
        inserted.version = 1  # save() raises the version, the statement writes it unchanged
    prepared_statements.insert(inserted)

    assert inserted.pk is not None
    assert as_read(inserted, apart) == as_read(saved, apart)


def test_copied_rows_were_made_now_and_count_as_saved(cast):
    before = timezone.now()
    rows = [bulk.new(Employment, person=cast.person(name), company=cast.antai) for name in ("李四", "王五")]
    bulk.insert(rows)
    kept = list(Employment.objects.all())

    assert {row.version for row in kept} == {1}
    assert len({row.created_at for row in kept}) == 1 and before <= kept[0].created_at <= timezone.now()
    assert [row._state.adding for row in rows] == [False, False]


def test_a_copied_row_is_saved_again_like_any_other(cast):
    row = bulk.new(Employment, person=cast.zhang, company=cast.antai)
    bulk.insert([row])
    row.trade = "木工"
    row.save()

    kept = Employment.objects.get()
    assert (kept.trade, kept.version) == ("木工", 2)


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])


def test_copying_holds_to_the_constraints_of_the_table(cast):
    cast.antai  # noqa: B018
    same = bulk.new(Company, name="安泰二号", kind="labour", credit_code=cast.antai.credit_code)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([bulk.new(Company, name="新企业", kind="labour", credit_code="1"), same])
    assert list(Company.objects.values_list("name", flat=True)) == ["安泰劳务"]


def test_what_is_given_in_tuples_is_counted(cast):
    rows = [("tuples", str(number), "木工", 0, "{}", True) for number in range(3)]
    columns = ("table", "code", "label", "order", "extra", "active")
    assert bulk.copy_tuples("dictionaries_dictionaryentry", columns, rows) == 3
    assert DictionaryEntry.objects.filter(table="tuples").count() == 3
