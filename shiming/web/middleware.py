"""Two translations between pages and views: sealed filters, and redirects for htmx."""

from django.http import HttpResponse

from shiming.web import kept_form
from shiming.web.frames import asks_for_part
from shiming.web.sealing import unseal


def sealed_filters(get_response):
    """Unseal a search in `?f=` into request.GET."""

    def middleware(request):
        if "f" in request.GET:
            request.GET = unsealed(request.GET)
        return get_response(request)

    return middleware


def unsealed(query):
    """The query with the fields that are sealed into its `f`."""
    fields = unseal(query["f"], purpose="filter") if "f" in query else None
    merged = query.copy()
    for name, values in (fields or {}).items():
        merged.setlist(name, values)
    return merged


def returned_forms(get_response):
    """After a new login the form that was sent too late is printed with what was typed."""

    def middleware(request):
        return kept_form.give_back(request, get_response(request))

    return middleware


def part_redirects(get_response):
    """Turn a redirect after a form in a dialog into HX-Redirect, so that the whole page moves."""

    def middleware(request):
        response = get_response(request)
        if not asks_for_part(request) or response.status_code not in (301, 302, 303):
            return response
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = response["Location"]
        moved.cookies = response.cookies
        return moved

    return middleware
