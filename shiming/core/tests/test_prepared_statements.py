import pytest
from django.db import connection

from shiming.core import prepared_statements

pytestmark = pytest.mark.django_db


def test_a_statement_of_the_gate_is_kept_by_the_server_from_its_first_run():
    assert prepared_statements.fetch_one("SELECT %(one)s::int AS asked_at_the_gate", {"one": 1}) == (1,)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% AS asked_at_the_gate'")
        assert cursor.fetchone() == (1,)
