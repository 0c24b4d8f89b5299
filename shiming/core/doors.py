"""Doors: each view declares its surface and its roles; a view without a door stops the start (checks.py)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps

from django.db import DatabaseError, InternalError, connection
from django.http import HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import TransactionStatus

from shiming.core.actor import Actor, Role
from shiming.core.errors import NotAllowed

MB = 1_000_000
LARGEST_BODY, PHOTO, SHEET = MB, 6 * MB, 25 * MB
SAFE = ("GET", "HEAD", "OPTIONS")
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "CREATE", "ALTER", "DROP", "COPY")


def console(*roles: Role, methods: tuple[str, ...] = ("GET", "POST")):
    """A page on the PC."""
    return _door("console", roles, methods)


def mobile(*roles: Role, methods: tuple[str, ...] = ("GET", "POST")):
    """A page on the phone, for workers and for the PM at the gate."""
    return _door("mobile", roles, methods)


def api(*roles: Role, methods: tuple[str, ...] = ("GET", "POST")):
    """An operation of the JSON API; the actor comes from the key of the call."""
    return _door("api", roles, methods)


def signed_in(methods: tuple[str, ...] = ("GET", "POST")):
    """For every logged-in user, with or without a chosen role: role choice, second factor, logout."""
    return _door("account", (), methods)


def public(methods: tuple[str, ...] = ("GET", "POST")):
    """Without login: entrances, registration, health, static."""
    return _door("public", (), methods)


def takes(most: int):
    """Set the largest body, in bytes, that a view reads (web/gatekeeping.py). Stands below the door decorator."""

    def mark(view: Callable):
        view.largest_body = most
        return view

    return mark


def may_open(actor: Actor, address: str) -> bool:
    """Whether a page exists at this address that the role may open."""
    roles = _roles_at(address.partition("?")[0])
    return roles is not None and (not roles or actor.role in roles)


@lru_cache(maxsize=1024)
def _roles_at(path: str) -> tuple | None:
    """Roles of the view at a path, None without a view. Kept: one lookup tries some 250 patterns, a page asks ten."""
    try:
        return tuple(getattr(resolve(path).func, "roles", ()))
    except Resolver404:
        return None


def check_role(view: Callable, actor: Actor) -> None:
    """Raise NotAllowed when the view excludes this role."""
    if view.roles and actor.role not in view.roles:
        raise NotAllowed(contact="、".join(role.label for role in view.roles))


def _door(surface: str, roles: tuple[Role, ...], methods: tuple[str, ...]):
    if surface in ("console", "mobile", "api") and not roles:
        raise TypeError(f"@{surface} names the roles that may pass")

    def decorate(view: Callable):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
                return HttpResponseNotAllowed(methods)
            check_role(guarded, request.actor)
            if request.method not in SAFE:
                return kept_private(view(request, *args, **kwargs))
            with _read_only():
                response = view(request, *args, **kwargs)
                rendered = hasattr(response, "render") and callable(response.render)
                return kept_private(response.render() if rendered else response)

        def kept_private(response):
            """Forbid caching by browser and proxy: several people use the same computer."""
            if surface != "public" and isinstance(response, HttpResponseBase):
                response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.surface, guarded.roles, guarded.methods = surface, roles, methods
        return guarded

    return decorate


@contextmanager
def _read_only() -> Iterator[None]:
    """Let the engine refuse every write of a safe request, also one inside a function or a WITH.

    Raise RuntimeError on a write. A transaction that is open already stays as it is: tests run pages inside one, so
    the words of a statement are looked at as well. A page without queries sends nothing.
    """
    begun = False

    def guard(execute, sql, params, many, context):
        nonlocal begun
        if sql.lstrip().upper().startswith(WRITES):
            raise RuntimeError(f"页面的 GET 不能写入：{sql[:60]}")
        raw = connection.connection
        if not begun and raw.info.transaction_status == TransactionStatus.IDLE:
            begun = not connection.in_atomic_block  # inside the view's own transaction it ends with that one
            raw.execute("SET default_transaction_read_only = on" if begun else "SET TRANSACTION READ ONLY")
        try:
            return execute(sql, params, many, context)
        except InternalError as error:
            if isinstance(error.__cause__, ReadOnlySqlTransaction):
                raise RuntimeError(f"页面的 GET 不能写入：{sql[:60]}") from error
            raise

    try:
        with connection.execute_wrapper(guard):
            yield
    finally:
        if begun:
            _allow_writes()


def _allow_writes() -> None:
    """Allow writes to the next request of this connection; close a connection that refuses the setting."""
    try:
        with connection.wrap_database_errors:
            connection.connection.execute("SET default_transaction_read_only = off")
    except DatabaseError:
        connection.close()
