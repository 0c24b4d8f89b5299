"""Step-up: grave operations require a proof of identity not older than five minutes (security.md 31)."""

import time
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponseRedirect
from django.urls import reverse

MINUTES = 5


def fresh_login(view):
    """Stands below the door: `@console(…)`, then `@fresh_login`, on the GET and the POST of a dialog."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect(f"{reverse('again')}?{urlencode({'next': _back(request)})}")

    return guarded


def is_fresh(request) -> bool:
    return time.time() - request.session.get("proved_at", 0) < MINUTES * 60


def _back(request) -> str:
    """The address to return to: this page, or the page the form or dialog was opened from."""
    if request.method == "GET" and not request.headers.get("X-Frame"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.path or "/"
