"""The view that writes a registered list to a file."""

from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve

from shiming.core.actor import Actor
from shiming.core.doors import check_role, console
from shiming.web.export import TAKERS, hand_out
from shiming.web.lists import LISTINGS, Asked
from shiming.web.middleware import unsealed
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Table


@console(*TAKERS, methods=("POST",))
@fresh_login
def take(request):
    """POST /lists/file/ — `list` is the address of the page with its query, `table` the id of the table on it."""
    table = _table(request.actor, request.POST.get("list", ""), request.POST.get("table", ""))
    name = table.file_name or table.caption or "列表"
    return hand_out(request, table.columns, table.whole(), name=name, note=table.note)


def _table(actor: Actor, address: str, name: str) -> Table:
    """Raises Http404 when there is no such list, NotAllowed when its page is not for this role."""
    parts = urlsplit(address)
    try:
        match = resolve(parts.path)
    except Resolver404:
        raise Http404 from None
    listing = LISTINGS.get((match.url_name, name))
    if listing is None or match.func.surface != "console":
        raise Http404
    check_role(match.func, actor)
    return listing(Asked(actor, unsealed(QueryDict(parts.query))), *match.args, **match.kwargs)
