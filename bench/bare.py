"""The references of the bench: the least that a Django view with this database can do.

Twice: as a view like any other, behind the middleware of every request (bench/urls.py), and before all of it (`Bare`).
They exist in bench/settings.py only.
"""

from django.db import connection
from django.http import HttpResponse

TABLE = "bench_insert"
TABLE_SQL = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), note text);"
    f" GRANT SELECT, INSERT, DELETE ON {TABLE} TO PUBLIC; GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO PUBLIC"
)


class Bare:
    """The outermost middleware."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        view = VIEWS.get(request.path)
        return view(request) if view else self.get_response(request)


def insert(request) -> HttpResponse:
    """One INSERT, which commits."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_insert (note) VALUES ('one')")
    return _answer(b"ok")


def select(request) -> HttpResponse:
    """One row by its key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM people_person WHERE id = %s", [request.GET["pk"]])
        return _answer(str(cursor.fetchone()[1]).encode())


def _answer(body: bytes) -> HttpResponse:
    return HttpResponse(body, headers={"Content-Length": str(len(body))})


VIEWS = {"/bench/insert/": insert, "/bench/select/": select}
