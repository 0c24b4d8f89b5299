"""Middleware around each request: id and address, the gate in front of views, refusals as pages."""

import re
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from shiming.core.audit import Origin, origin
from shiming.core.doors import LARGEST_BODY
from shiming.core.errors import DomainError, TooLarge
from shiming.core.ids import uuid7
from shiming.web import kept_form

ENTRANCES = {
    "/m/": "entrance-person",
    "/site/": "entrance-site",
    "/oversight/": "entrance-oversight",
}
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


class RequestOrigin:
    """Give the request an id (or keep the proxy's) and save the address for the trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-Id", "")
        request.id = given if REQUEST_ID.fullmatch(given) else str(uuid7())
        token = origin.set(Origin(request.META.get("REMOTE_ADDR", ""), request.id))
        try:
            response = self.get_response(request)
        finally:
            origin.reset(token)
        response.headers["X-Request-Id"] = request.id
        return response


class Gate:
    """Deny by default: a view must declare its door, and all but public ones require a login.

    API operations check a key instead of a session, in their own code (api/keys.py).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        surface = getattr(view, "surface", None)
        if surface is None:
            raise ImproperlyConfigured(f"{request.resolver_match.view_name or view}: 视图没有声明入口")
        if surface in ("public", "api") or (surface == "account" and request.user.is_authenticated):
            return None
        if request.user.is_authenticated and request.actor is not None:
            return None
        return self._to_entrance(request)

    def _to_entrance(self, request):
        """Redirect to the entrance and back; for a part of a page, the whole page is redirected."""
        part_of = getattr(request, "htmx", None) and request.htmx.current_url_abs_path
        page = part_of or request.path
        to = _to_hats(request, page) if request.user.is_authenticated else _to_login(request, page)
        return HttpResponse(status=204, headers={"HX-Redirect": to}) if part_of else HttpResponseRedirect(to)


def _to_hats(request, page: str) -> str:
    """The hat of this login is over; a form that was sent waits for the next one."""
    if request.method == "POST" and (at := kept_form.keep(request, str(request.user.pk), page)):
        request.session["next"] = at
    return reverse("hats")


def _to_login(request, page: str) -> str:
    """The entrance, which says that the login has expired if there was one; a form that was sent is kept."""
    name = next((name for path, name in ENTRANCES.items() if page.startswith(path)), "entrance")
    if owner := kept_form.owner_of(request):
        user, door = owner
        at = kept_form.keep(request, user, page) if request.method == "POST" else None
        messages.warning(request, kept_form.sentence_for(user, kept=at is not None))
        page, name = at or page, f"entrance-{door}"
    return f"{reverse(name)}?next={quote(page)}"


class Refusals:
    """Turn a DomainError into a page, an htmx fragment or a problem document."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        return answer(request, error) if isinstance(error, DomainError) else None


class BodyLimit:
    """Refuse a body larger than its view allows before any byte is read: before the CSRF check parses a form."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        most, length = getattr(view, "largest_body", LARGEST_BODY), request.META.get("CONTENT_LENGTH") or "0"
        return answer(request, TooLarge(most)) if length.isdecimal() and int(length) > most else None


def answer(request, error: DomainError):
    """The refusal in the format that the caller accepts."""
    if getattr(getattr(request.resolver_match, "func", None), "surface", None) == "api":
        return JsonResponse(problem(error), status=error.status, content_type="application/problem+json")
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(problem(error), status=error.status)
    page = "web/refusals.html" if getattr(request, "htmx", False) else "web/refused.html"
    return render(request, page, {"refusals": error.refusals, "status": error.status}, status=error.status)


def problem(error: DomainError) -> dict:
    """The API's answer to a refused command (RFC 9457 fields plus all refusals)."""
    first = error.refusals[0]
    refusals = [item.as_dict() for item in error.refusals]
    return {"title": first.sentence, "status": error.status, "code": first.code, "refusals": refusals}
