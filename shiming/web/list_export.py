"""Every list can be taken along as it is shown: the page itself is asked, piece after piece, and its table written down.

The list's own view runs as for the page, with the same rules, filters and order; it only meets longer pages, and where
the page would print its table the table is handed over. So no list needs an export of its own, and none can show more
in the file than on the screen.
"""

import copy
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from shiming.core.doors import console
from shiming.web.export import TAKERS, hand_out
from shiming.web.middleware import unsealed
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Table


@console(*TAKERS, methods=("POST",))
@fresh_login
def take(request):
    """POST /lists/file/ — 导出当前列表：`list` 是它的地址，`table` 是页面上的哪一张"""
    address = urlsplit(request.POST.get("list", ""))
    name = request.POST.get("table", "")
    first = _table(request, address.path, address.query, name)
    return hand_out(request, first.columns, _rows(request, address.path, first, name), name=first.caption or "列表")


def _rows(request, path: str, table: Table, name: str) -> Iterator:
    while True:
        yield from table.rows
        if table.page is None or not table.page.next_url:
            return
        table = _table(request, path, table.page.next_url.lstrip("?"), name)


def _table(request, path: str, query: str, name: str) -> Table:
    """The page at this address, asked as its reader would ask, gives its table instead of printing it."""
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    if getattr(match.func, "surface", "") != "console" or "GET" not in match.func.methods:
        raise Http404
    asked = _asking(request, path, query, match)
    match.func(asked, *match.args, **match.kwargs)
    found = next((table for table in asked.taken if table.id == name), None)
    if found is None:
        raise Http404
    return found


def _asking(request, path: str, query: str, match) -> HttpRequest:
    asked = copy.copy(request)
    asked.method, asked.path, asked.path_info, asked.resolver_match = "GET", path, path, match
    asked.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    asked.GET, asked.POST = unsealed(QueryDict(query)), QueryDict()
    asked.taken, asked._messages = [], []
    return asked
