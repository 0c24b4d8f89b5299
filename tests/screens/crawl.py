"""The pages a role can reach from its start page through links and dialogs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

NOT_FOR_SCREENS = re.compile(r"logout|export|healthz|/photo/|/image/|/portrait/$|_gallery|^/api/|picture|/link/")
MOST_LINKS = 400


@dataclass
class Visitor:
    """A role to photograph: its labels on the index page, and a browser, logged in or not."""

    key: str
    door: str
    label: str
    client: Client
    role: str = ""
    start: tuple[str, ...] = ("/",)
    walks: bool = True  # False: only the start pages


@dataclass
class Page:
    visitor: Visitor
    route: str
    url: str
    title: str = ""


@dataclass
class Walk:
    """The result of a visit: one address per route, and the faults on the way."""

    visitor: Visitor
    pages: dict[str, Page] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)


def walk(visitor: Visitor, wanted) -> Walk:
    """Breadth first; every route is opened once, with its first address. `wanted(route, url)` filters."""
    found, waiting = Walk(visitor), [(url, "") for url in visitor.start]
    if visitor.walks:
        waiting += [(url, "") for url in _without_words(visitor)]
    seen = set()
    while waiting and len(seen) < MOST_LINKS:
        url, came_from = waiting.pop(0)
        route = _route(url, visitor)
        if route is None or route in seen or NOT_FOR_SCREENS.search(urlsplit(url).path):
            continue
        seen.add(route)
        links = _open(found, route, url, came_from, wanted)
        if visitor.walks:
            waiting += [(link, url) for link in links]
    found.unreached = [name for name in _for_role(visitor) if name not in seen] if visitor.walks else []
    return found


def _open(found: Walk, route: str, url: str, came_from: str, wanted) -> list[str]:
    visitor = found.visitor
    try:
        answer = visitor.client.get(url, HTTP_ACCEPT="text/html")
    except Exception as error:
        found.faults.append(f"{visitor.label} {url}: {type(error).__name__}: {str(error)[:300]}")
        return []
    if answer.status_code in (301, 302):
        return [answer["Location"]]
    if answer.status_code >= 400:
        found.faults.append(
            f"{visitor.label} {url}: {answer.status_code}{f'，从 {came_from} 走来' if came_from else ''}"
        )
        return []
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    if wanted(route, url) and b"<html" in answer.content:  # a fragment is photographed in the page that fetches it
        found.pages[route] = Page(visitor, route, url)
    return list(_links(answer.content.decode()))


class _Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        for name in ("href", "hx-get", "data-dialog"):
            if (given.get(name) or "").startswith(("/", "?")) and tag not in ("link", "image", "use"):
                self.found.append(given[name])


def _links(html: str) -> Iterator[str]:
    parser = _Links()
    parser.feed(html)
    return (link for link in parser.found if link.startswith("/"))


def _route(url: str, visitor: Visitor) -> str | None:
    """The name of the route, without the query. Only the visitor without login gets entrances."""
    try:
        found = resolve(urlsplit(url).path)
    except Resolver404:
        return None
    entrance = visitor.role and getattr(found.func, "surface", "") == "public"
    return None if entrance else found.view_name


def routes(resolver=None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry)
        else:
            yield entry


def _for_role(visitor: Visitor) -> Iterator[str]:
    """Routes whose GET this role may open."""
    for entry in routes():
        view = entry.callback
        surface, roles = getattr(view, "surface", ""), getattr(view, "roles", ())
        may = surface == "public" if not visitor.role else visitor.role in roles or surface == "account"
        if entry.name and may and "GET" in getattr(view, "methods", ()):
            yield entry.name


def _without_words(visitor: Visitor) -> Iterator[str]:
    """Addresses without arguments, also those that no link leads to."""
    for name in _for_role(visitor):
        try:
            yield reverse(name)
        except Exception:  # it needs an object, so a link must lead there
            continue
