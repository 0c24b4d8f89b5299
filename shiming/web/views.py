"""The server error page and the sealing of filters."""

import sys

from django.db import OperationalError
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from shiming.core.doors import public
from shiming.web.sealing import seal

KEPT_OPEN = ("size", "sort")
NOT_FIELDS = ("csrfmiddlewaretoken", "next", *KEPT_OPEN)


READ_ONLY = "25006"  # SQLSTATE


def server_error(request):
    """The page of last resort: uses no database and prints the request id that the log holds.

    A database that is away, full or read-only is answered 503, so that the caller repeats the request (security.md 6).
    """
    status = 503 if _database_is_away(sys.exception()) else 500
    page = render(None, "500.html", {"request_id": getattr(request, "id", "")}, status=status)
    if status == 503:
        page.headers["Retry-After"] = "5"
    return page


def _database_is_away(error: BaseException | None) -> bool:
    return (
        isinstance(error, OperationalError) or getattr(getattr(error, "__cause__", None), "sqlstate", "") == READ_ONLY
    )


@public(methods=("POST",))
def seal_filter(request):
    """Seal the typed filters and redirect to the list; reads and writes no data."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    parts = [f"{name}={request.POST[name]}" for name in KEPT_OPEN if request.POST.get(name, "").strip("-_").isalnum()]
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_FIELDS}
    fields = {name: values for name, values in fields.items() if any(values)}
    if fields:
        parts.append(f"f={seal(fields, purpose='filter')}")
    return redirect(target.partition("?")[0] + ("?" + "&".join(parts) if parts else ""))
