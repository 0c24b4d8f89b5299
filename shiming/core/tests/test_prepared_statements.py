import pytest
from django.db import connection

from shiming.core import prepared_statements

pytestmark = pytest.mark.django_db


def test_a_statement_of_the_gate_is_kept_by_the_server_from_its_first_run():
    assert prepared_statements.fetch_one("SELECT %(one)s::int AS asked_at_the_gate", {"one": 1}) == {
        "asked_at_the_gate": 1
    }

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS asked_at_the_gate'")
        assert cursor.fetchone() == (1,)


def test_rows_come_by_column_name_whatever_their_order():
    one, two = "SELECT 1 AS seal, 'a' AS name", "SELECT 'a' AS name, 1 AS seal"
    for _ in range(2):
        assert prepared_statements.fetch_one(one, {}) == prepared_statements.fetch_one(two, {})
    assert prepared_statements.fetch_one("SELECT 1 AS seal WHERE false", {}) is None
    assert prepared_statements.fetch_all("SELECT n AS number FROM generate_series(1, 3) n", {}) == [
        {"number": 1},
        {"number": 2},
        {"number": 3},
    ]
