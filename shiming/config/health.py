"""GET /healthz: state of this process and its database; the system administrator also learns the versions."""

import platform

import django
from django.db import DatabaseError, connection
from django.http import JsonResponse

from shiming import __version__
from shiming.core.actor import Role
from shiming.core.doors import public


@public(methods=("GET",))
def health(request):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            database = cursor.fetchone()[0].split()[0]
    except DatabaseError:
        refused = JsonResponse({"status": "database unavailable"}, status=503, headers={"Retry-After": "5"})
        refused._has_been_logged = True  # asked every second; the connection pool has logged the failure
        return refused
    answer = {"status": "ok"}
    if request.actor is not None and request.actor.role == Role.SYS_ADMIN:
        versions = {"shiming": __version__, "django": django.get_version(), "python": platform.python_version()}
        answer |= {"versions": versions, "database": database}
    return JsonResponse(answer)
