"""Lists that can be exported: one function builds the table of a list, and its page and its file both call it.

    @console(Role.SYS_ADMIN, methods=("GET",))
    def listing(request):
        return render(request, "companies/list.html", {"table": _companies(request)})

    @register_list("company-list")
    def _companies(request) -> Table:
        ...

The page passes its request, the export (list_export.py) an Asked; both pass the arguments of the address. So a file
has the columns, rules, filters and masks of its page. Without registration a list has no export buttons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import Resolver404, resolve

from shiming.core.actor import Actor
from shiming.core.doors import check_role
from shiming.web.export import TAKERS
from shiming.web.middleware import unsealed
from shiming.web.table import Table

LISTINGS: dict[tuple[str, str], Callable[..., Table]] = {}  # by the page's URL name and the table's id


@dataclass(frozen=True)
class Asked:
    """All that a registered function may read of a request: the actor, and the query with its filters unsealed."""

    actor: Actor
    GET: QueryDict


def register_list(url_name: str, table: str = "list") -> Callable:
    """Register the export of a list: the table with this id on the page with this URL name."""

    def keep(listing: Callable[..., Table]) -> Callable[..., Table]:
        LISTINGS[url_name, table] = listing
        return listing

    return keep


def address_of(request, table: Table) -> str:
    """The address the export buttons post; "" when the list is empty, not registered or not for this role."""
    actor, match = getattr(request, "actor", None), getattr(request, "resolver_match", None)
    if not (actor and match and table.page):
        return ""
    offered = actor.role in TAKERS and (match.url_name, table.id) in LISTINGS
    return request.get_full_path() if offered else ""


def table_at(actor: Actor, address: str, name: str) -> Table:
    """The list at this address as this actor sees it. Raises Http404 when there is no such list, NotAllowed when its
    page is not for this role."""
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
