"""GET /healthz: state and versions of this process and its database."""

import platform

import django
from django.db import DatabaseError, connection
from django.http import JsonResponse

from shiming import __version__
from shiming.core.doors import public


@public(methods=("GET",))
def health(request):
    versions = {"shiming": __version__, "django": django.get_version(), "python": platform.python_version()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = cursor.fetchone()[0].split()[0]
    except DatabaseError:
        answer = {"status": "database unavailable", "versions": versions, "database": None}
        refused = JsonResponse(answer, status=503, headers={"Retry-After": "5"})
        refused._has_been_logged = True  # asked every second; the connection pool has logged the failure
        return refused
    return JsonResponse({"status": "ok", "versions": versions, "database": database})
