"""Prepared statements are counted, wrapped and refused like all others."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext

from shiming.core import prepared_statements
from shiming.dictionaries.models import DictionaryEntry
from shiming.projects.models import Station

pytestmark = pytest.mark.django_db


def entry(code: str = "木工") -> DictionaryEntry:
    return DictionaryEntry(table="prepared", code=code, label="木工")


def test_gate_statement_is_prepared_at_first_run():
    assert prepared_statements.fetch_one("SELECT %(one)s::int AS asked_at_the_gate", {"one": 1}) == {
        "asked_at_the_gate": 1
    }

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS asked_at_the_gate'")
        assert cursor.fetchone() == (1,)


def test_missing_row_returns_none():
    assert prepared_statements.fetch_one("SELECT 1 WHERE %(no)s::boolean", {"no": False}) is None


def test_prepared_statement_sees_own_transaction(cast):
    name = cast.station().name
    asked = "SELECT region AS region FROM projects_station WHERE name = %(name)s"
    assert prepared_statements.fetch_one(asked, {"name": name}) == {"region": "119900"}


def test_inserted_row_knows_number_and_state():
    row = entry()
    prepared_statements.insert(row)

    assert (DictionaryEntry.objects.get(table="prepared").pk, row._state.adding) == (row.pk, False)
    row.label = "木工二"
    row.save()
    assert DictionaryEntry.objects.get(table="prepared").label == "木工二"


def test_row_with_own_key_keeps_it():
    row = Station(name="南区监督站", region="119900")
    key = row.pk
    prepared_statements.insert(row)
    assert Station.objects.get(name="南区监督站").pk == row.pk == key


def test_insert_is_rolled_back_with_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        prepared_statements.insert(entry())
        assert DictionaryEntry.objects.filter(table="prepared").exists()
        1 / 0  # noqa: B018
    assert not DictionaryEntry.objects.filter(table="prepared").exists()


def test_database_constraints_apply_to_prepared_insert():
    prepared_statements.insert(entry())
    with pytest.raises(IntegrityError, match="one_entry_per_code"), transaction.atomic():
        prepared_statements.insert(entry())
    with pytest.raises(DataError), transaction.atomic():
        prepared_statements.insert(entry("x" * 21))


def test_prepared_statements_are_counted():
    with CaptureQueriesContext(connection) as counted:
        prepared_statements.fetch_one("SELECT %(one)s::int AS one", {"one": 1})
        prepared_statements.insert(entry())
    assert [query["sql"].split()[0] for query in counted.captured_queries] == ["SELECT", "INSERT"]


def test_execute_wrapper_refuses_prepared_statement():
    def forbid(execute, sql, params, many, context):
        raise RuntimeError("not here")

    with connection.execute_wrapper(forbid), pytest.raises(RuntimeError, match="not here"):
        prepared_statements.insert(entry())
    assert not DictionaryEntry.objects.filter(table="prepared").exists()


def test_rows_are_returned_by_column_name():
    one, two = "SELECT 1 AS seal, 'a' AS name", "SELECT 'a' AS name, 1 AS seal"
    for _ in range(2):
        assert prepared_statements.fetch_one(one, {}) == prepared_statements.fetch_one(two, {})
    assert prepared_statements.fetch_one("SELECT 1 AS seal WHERE false", {}) is None
    assert prepared_statements.fetch_all("SELECT n AS number FROM generate_series(1, 3) n", {}) == [
        {"number": 1},
        {"number": 2},
        {"number": 3},
    ]
