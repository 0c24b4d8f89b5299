"""The menu of each door: modules register pages, the actor's role selects them.

menu.add(door=Door.COMPANY, roles=COMPANY_ROLES, group="人员", label="聘用管理", url_name="employment-list",
         icon="briefcase", order=10)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from shiming.web.paging import count_up_to

MOST = 99
_ENTRIES: list["Entry"] = []
_policies_for: list[Callable] = []
_ARRANGEMENTS: list["Arrangement"] = []


@dataclass(frozen=True)
class Entry:
    door: str
    roles: frozenset
    group: str
    label: str
    url_name: str
    icon: str
    order: int
    badge: Callable | None = None
    tab: bool = False
    when: Callable | None = None
    only: Callable | None = None


@dataclass(frozen=True)
class Arrangement:
    """The order and the words that a manual prints, for the actors of `only`: groups and entries by their own labels.
    Groups that it does not name follow in their order."""

    door: str
    only: Callable
    groups: dict[str, str]
    labels: dict[str, str]


@dataclass(frozen=True)
class Item:
    """An entry as printed for one actor."""

    label: str
    url: str
    icon: str
    current: bool
    badge: str  # number of waiting rows: "", "7", "99+"
    tab: bool


@dataclass(frozen=True)
class Group:
    label: str
    items: list[Item]


def add(
    *,
    door,
    roles: Iterable,
    group: str,
    label: str,
    url_name: str,
    icon: str,
    order: int = 100,
    badge=None,
    tab=False,
    when: Callable | None = None,
    only: Callable | None = None,
):
    """Register a page. `badge(actor)` returns the waiting rows; `tab` adds the page to the phone's bottom bar.

    `when(policy)` limits the page to policies with some traits: an actor with at least one such policy sees it.
    `only(actor)` asks for more than a role, such as the place of the actor's company on a site.
    """
    entry = Entry(door, frozenset(roles), group, label, url_name, icon, order, badge, tab, when, only)
    if not any((known.door, known.url_name) == (door, url_name) for known in _ENTRIES):
        _ENTRIES.append(entry)


def arrange(*, door, only: Callable, groups: dict[str, str], labels: dict[str, str]) -> None:
    """Print the groups of a door in this order and under these labels, where `only(actor)` is true."""
    _ARRANGEMENTS.append(Arrangement(door, only, groups, labels))


def ask_policies(policies_for: Callable) -> Callable:
    """Register the function that returns the policies of an actor; it is called once per menu."""
    _policies_for[:] = [policies_for]
    return policies_for


def groups_for(actor, path: str) -> list[Group]:
    """The groups this actor may see, in order, with the current entry marked."""
    if actor is None:
        return []
    entries = _concerning(
        actor, [entry for entry in _ENTRIES if entry.door == actor.door and actor.role in entry.roles]
    )
    entries = sorted(
        (entry for entry in entries if entry.only is None or entry.only(actor)), key=lambda entry: entry.order
    )
    urls = {entry: url for entry in entries if (url := _url(entry))}
    current = _current(list(urls.values()), path)

    groups: dict[str, list[Item]] = {}
    for entry, url in urls.items():
        groups.setdefault(entry.group, []).append(_item(entry, url, url == current, actor))
    return _arranged([Group(label, items) for label, items in groups.items()], actor)


def _arranged(groups: list[Group], actor) -> list[Group]:
    found = (each for each in _ARRANGEMENTS if each.door == actor.door and each.only(actor))
    printed = next(found, None)
    if printed is None:
        return groups
    place = {label: number for number, label in enumerate(printed.groups)}
    return [
        Group(
            printed.groups.get(group.label, group.label),
            [replace(item, label=printed.labels.get(item.label, item.label)) for item in group.items],
        )
        for group in sorted(groups, key=lambda group: place.get(group.label, len(place)))
    ]


def _current(urls: list[str], path: str) -> str:
    """The longest address that `path` begins with; else the only one of the same module, by the first part."""
    if above := [url for url in urls if path.startswith(url)]:
        return max(above, key=len)
    beside = {url for url in urls if _module(url) == _module(path)}
    return beside.pop() if len(beside) == 1 else ""


def _module(path: str) -> list[str]:
    """/binding/places/… → binding; the phone's pages begin with m: /m/faces/… → m, faces."""
    parts = path.strip("/").split("/")
    return parts[:2] if parts[0] == "m" else parts[:1]


def _concerning(actor, entries: list[Entry]) -> list[Entry]:
    """The entries without those of policies that do not concern the actor."""
    if not _policies_for or not any(entry.when for entry in entries):
        return entries
    here = _policies_for[0](actor)
    return [entry for entry in entries if entry.when is None or any(map(entry.when, here))]


def _url(entry):
    """The address; "" for a page that needs arguments or whose module is not installed."""
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _item(entry, url, current, actor):
    badge = _how_many(entry.badge(actor)) if entry.badge else ""
    return Item(entry.label, url, entry.icon, current, badge, entry.tab)


def _how_many(waiting: QuerySet) -> str:
    """Counted up to the printed limit only, because every page runs this query."""
    found = count_up_to(MOST + 1, waiting)
    return f"{MOST}+" if found > MOST else str(found or "")
