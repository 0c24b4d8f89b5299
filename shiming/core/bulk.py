"""Many new rows in one statement: what `save()` would have written one by one, streamed into the table by COPY."""

import gc
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone
from psycopg import sql
from psycopg.types.json import Jsonb

from shiming.core.privacy import SecretField


def insert(rows: Sequence[models.Model]) -> None:
    """New rows of one model, in the transaction of the caller: 建立时间 is now, a Lifecycle row counts as saved once."""
    if not rows:
        return
    model, now = type(rows[0]), timezone.now()
    made = [field.attname for field in model._meta.concrete_fields if getattr(field, "auto_now_add", False)]
    for row in rows:
        for name in made:
            setattr(row, name, now)
        if hasattr(row, "version"):
            row.version += 1
    copy_rows(model, rows)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@contextmanager
def many_values():
    """A million small values that all stay in use: to search them for garbage again and again takes a third of the
    time of an import, and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def copy_rows(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """The rows exactly as they stand."""
    fields = [field for field in model._meta.concrete_fields if not _numbered_by_the_database(field)]
    take = [_taker(field) for field in fields]
    columns = tuple(field.column for field in fields)
    # All of them before the copy begins: while it runs, the connection answers no other question, not even for a key.
    return copy_tuples(model._meta.db_table, columns, [[value(row) for value in take] for row in rows])


def copy_tuples(table: str, columns: tuple[str, ...], rows: Iterable[Sequence]) -> int:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    count = 0
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _numbered_by_the_database(field: models.Field) -> bool:
    return field.db_default is not NOT_PROVIDED or isinstance(field, models.BigAutoField)


def _taker(field: models.Field) -> Callable:
    name = field.attname
    if isinstance(field, SecretField):
        return lambda row: field.pre_save(row, True)
    if isinstance(field, models.JSONField):
        return lambda row: None if getattr(row, name) is None else Jsonb(getattr(row, name))
    if isinstance(field, ArrayField):
        return lambda row: [str(value) for value in getattr(row, name)]
    if isinstance(field, models.CharField):  # an Enum among them is written as its value
        return lambda row: None if getattr(row, name) is None else str(getattr(row, name))
    return lambda row: getattr(row, name)
