"""Prepares a cluster before the first migration: three roles, one database, two extensions.

Runs at each start, so that an older cluster gets the settings of a newer version.
"""

import psycopg
from psycopg import sql

DATABASE = "shiming"
SUPERUSER = "postgres"
OWNER = "shiming_owner"  # owns the tables; used by migrations only
APP = "shiming"  # used by pages and API; owns nothing
JOBS = "shiming_jobs"  # used by the worker: same rights, longer timeouts

TIMEOUTS = {
    APP: {"lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s", "statement_timeout": "30s"},
    JOBS: {"lock_timeout": "30s", "idle_in_transaction_session_timeout": "10min", "statement_timeout": "10min"},
}

# Also run in template1, so that test databases get the same extensions and rights.
IN_EACH_DATABASE = f"""
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    GRANT USAGE ON SCHEMA public TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
    ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP};
"""


def prepare(connect, passwords: dict[str, str], *, may_create_databases: bool) -> None:
    """Create roles, database and extensions. `connect(database)` opens a connection as superuser."""
    with connect("postgres") as connection:
        for role in (OWNER, APP, JOBS):
            _role(connection, role, passwords[role])
        connection.execute(f"ALTER ROLE {OWNER} {'CREATEDB' if may_create_databases else 'NOCREATEDB'}")
        connection.execute(f"GRANT {APP} TO {JOBS}")
    with connect("template1") as connection:
        connection.execute(IN_EACH_DATABASE)
    with connect("postgres") as connection:
        _database(connection)
    with connect(DATABASE) as connection:
        connection.execute(IN_EACH_DATABASE)


def _role(connection: psycopg.Connection, role: str, password: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(f"CREATE ROLE {role}")
    connection.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )
    for setting, value in TIMEOUTS.get(role, {}).items():
        connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*map(sql.Identifier, (role, setting)), value))


def _database(connection: psycopg.Connection) -> None:
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
    connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}")
