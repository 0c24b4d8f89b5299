"""The role of the pages may read and add evidence, and nothing else; the role of the worker neither."""

import psycopg
import pytest
from django.db import connection

from tests.server import addresses, at

pytestmark = pytest.mark.django_db
TABLES = ("core_auditentry", "core_seal", "core_datakey")


@pytest.fixture(params=["app", "jobs"])
def database(request):
    """A connection of its own with the role that the product uses, to the migrated database of the tests."""
    roles, _ = addresses()
    if roles.app == roles.owner:
        pytest.fail("the test needs a server with a role for pages; run it without DATABASE_URL")
    with psycopg.connect(at(getattr(roles, request.param), connection.settings_dict["NAME"])) as opened:
        yield opened


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
def test_pages_and_worker_cannot_change_evidence(database, table, change):
    database.execute(f"SELECT id FROM {table} LIMIT 1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"permission denied|must be owner"):
        database.execute(change.format(table))


def test_pages_and_worker_cannot_add_a_key(database):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
        database.execute(
            "INSERT INTO core_datakey (purpose, number, wrapped, created_at) VALUES ('trail', 9, '', now())"
        )


@pytest.mark.parametrize("trigger", ["core_auditentry", "core_seal"])
def test_pages_and_worker_cannot_switch_triggers_off(database, trigger):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.execute(f"ALTER TABLE {trigger} DISABLE TRIGGER append_only")
