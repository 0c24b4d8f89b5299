"""Keyset paging: a page starts after the last row of the page before, so each page costs the same at any depth."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from shiming.web.sealing import seal, unseal

SIZES = (10, 20, 50, 100)
LARGEST = 200
COUNT_CAP = 10_000
WHOLE = 2_000  # rows per query, and in memory at once, while a whole list is written to a file
NEWEST = ("-created_at", "pk")
LISTED = ("listed",)  # the order named in the cursors of Listed


@dataclass(frozen=True)
class Page:
    """One page of rows with the values of its pager."""

    rows: list
    size: int
    first: int
    total: int
    total_is_capped: bool
    next_url: str | None = None
    previous_url: str | None = None
    sizes: list = field(default_factory=list)
    sort: str = ""
    sort_urls: dict = field(default_factory=dict)
    lost_place: bool = False
    cap: int = COUNT_CAP

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def last(self):
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def total_label(self):
        return f"{self.cap if self.total_is_capped else self.total:,}"


@dataclass(frozen=True)
class Paged:
    """The rows of a list, read when needed: `page` is the requested page, `whole()` yields all rows for a file.

    sorts: the orders a user may choose, by name. cap: rows are counted no further. keys_first: read and count the keys,
    then annotate the rows of the page only; for lists whose annotations are expensive to sort. file_order: order of the
    file where it differs from the page. prepare: receives each list of rows read and returns them with values looked up
    for all of them at once.
    """

    queryset: QuerySet
    request: HttpRequest  # for whole(), lists.Asked is enough
    order: tuple[str, ...] = NEWEST
    size: int = 20
    sorts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cap: int | None = None
    keys_first: bool = False
    file_order: tuple[str, ...] | None = None
    prepare: Callable[[list], Iterable] = list

    def __iter__(self):
        return iter(self.page)

    @cached_property
    def page(self) -> Page:
        query, (sort, order) = _raw_query(self.request), self._chosen_order
        size = _chosen_size(query.get("size", ""), self.size)
        cursor, lost_place = _cursor(query.get("cursor", ""), order)

        rows, has_previous, has_next, counted = self._fetch(order, size, cursor)
        if cursor and not rows:
            cursor, lost_place = None, True
            rows, has_previous, has_next, counted = self._fetch(order, size, None)

        first = _first_index(cursor, size, has_previous) if rows else 0
        counted = counted or (has_next and count_up_to(self._cap + 1, self.queryset))
        total = counted if has_next else max(first - 1, 0) + len(rows)
        return Page(
            rows=rows,
            size=size,
            first=first,
            total=total,
            total_is_capped=has_next and total > self._cap,
            cap=self._cap,
            next_url=_link(query, order, rows[-1], "after", first + len(rows)) if has_next else None,
            previous_url=_link(query, order, rows[0], "before", first) if has_previous else None,
            sizes=[(each, _url(query, size=each, cursor=None), each == size) for each in SIZES],
            sort=sort,
            sort_urls=_sort_urls(query, self.sorts, sort),
            lost_place=lost_place,
        )

    def whole(self, piece: int | None = None) -> Iterator:
        """All rows in order, WHOLE or `piece` per query: one query for all could exceed the statement timeout."""
        order = _with_tie_break(self.file_order) if self.file_order else self._chosen_order[1]
        place, more = None, True
        while more:
            rows, _, more, _ = self._fetch(order, piece or WHOLE, place)
            yield from rows
            place = _place(order, rows[-1], "after") if more else None

    @property
    def _chosen_order(self) -> tuple[str, tuple[str, ...]]:
        return _chosen_order(self.request.GET.get("sort", ""), self.order, self.sorts)

    @property
    def _cap(self) -> int:
        return self.cap or COUNT_CAP

    def _fetch(self, order, size, cursor):
        read = partial(_keys_first, most=self._cap + 1) if self.keys_first else _at_once
        rows, *found = _fetch(self.queryset, order, size, cursor, read)
        return list(self.prepare(rows)), *found


@dataclass(frozen=True)
class Listed:
    """Pages of rows that are put together in memory from several tables; for lists that stay short."""

    rows: list
    request: HttpRequest  # for whole(), lists.Asked is enough
    size: int = 20

    def __iter__(self):
        return iter(self.page)

    @cached_property
    def page(self) -> Page:
        query = _raw_query(self.request)
        size = _chosen_size(query.get("size", ""), self.size)
        cursor, lost_place = _cursor(query.get("cursor", ""), LISTED)
        begins = cursor["at"] if cursor else 0
        if begins >= len(self.rows):
            begins, lost_place = 0, lost_place or begins > 0
        rows = self.rows[begins : begins + size]
        return Page(
            rows=rows,
            size=size,
            first=begins + 1 if rows else 0,
            total=len(self.rows),
            total_is_capped=False,
            next_url=_to(query, begins + size) if begins + size < len(self.rows) else None,
            previous_url=_to(query, max(begins - size, 0)) if begins else None,
            sizes=[(each, _url(query, size=each, cursor=None), each == size) for each in SIZES],
            lost_place=lost_place,
        )

    def whole(self, piece: int | None = None) -> Iterator:
        return iter(self.rows)


def page(queryset: QuerySet, request, order: tuple[str, ...] = NEWEST) -> Page:
    """The requested page of `queryset`, read at once: for the API and the phone, which export nothing."""
    return Paged(queryset, request, order).page


def _raw_query(request):
    """The query as in the URL: sealed filters stay sealed in the links of the pager."""
    return QueryDict(request.META.get("QUERY_STRING", ""))


def _chosen_order(asked, default, sorts):
    name = asked.removeprefix("-")
    if name not in sorts:
        return "", _with_tie_break(default)
    chosen = sorts[name] if asked == name else tuple(_reversed(key) for key in sorts[name])
    return asked, _with_tie_break(chosen)


def _with_tie_break(order):
    return order if order[-1].lstrip("-") in ("pk", "id") else (*order, "pk")


def _chosen_size(asked, default):
    wanted = int(asked) if asked.isdecimal() and len(asked) < 4 else default
    return wanted if wanted in SIZES else min(default, LARGEST)


def _cursor(token, order):
    """(direction, index, key values) of the row beside the page, and whether a given cursor was unreadable."""
    if not token:
        return None, False
    place = unseal(token, purpose="cursor")
    if not place or place["order"] != list(order):
        return None, True
    return place, False


def count_up_to(most: int, queryset: QuerySet) -> int:
    """The number of rows, counted no further than `most`."""
    return queryset.order_by().values("pk")[:most].count()


def _fetch(queryset, order, size, cursor, read):
    """(rows, has rows before, has rows after, total number if `read` counted them)."""
    backward = bool(cursor) and cursor["go"] == "before"
    towards = tuple(_reversed(key) for key in order) if backward else order

    rows = queryset.order_by(*towards)
    if cursor:
        rows = rows.filter(_beyond(queryset.model, towards, cursor["keys"]))
    rows, counted = read(rows, size + 1, from_the_start=not cursor)

    more, rows = len(rows) > size, rows[:size]
    if backward:
        return rows[::-1], more, True, counted
    return rows, bool(cursor), more, counted


def _at_once(rows, count, from_the_start):
    return list(rows[:count]), None


def _keys_first(rows, count, from_the_start, most):
    """First page: the keys of all counted rows; later pages: only the keys of the page."""
    keys = list(rows.values_list("pk", flat=True)[: max(count, most) if from_the_start else count])
    # The page is sorted by the keys already read.
    annotated = rows.order_by()
    annotated.query.clear_where()  # the keys already satisfy it
    found = {row.pk: row for row in annotated.filter(pk__in=keys[:count])}
    return [found[key] for key in keys[:count] if key in found], len(keys) if from_the_start else None


def _beyond(model, order, keys):
    """Rows after the one with these keys: strictly after in one key, equal in all keys before it."""
    beyond, equal = Q(pk__in=[]), Q()
    for key, value in zip(order, keys, strict=True):
        beyond |= equal & _after(model, key, value)
        equal &= _same(key.lstrip("-"), value)
    return _at_or_beyond(model, order[0], keys[0]) & beyond


def _after(model, key, value):
    """PostgreSQL sorts NULL last when ascending and first when descending."""
    name, descending = key.lstrip("-"), key.startswith("-")
    if value is None:
        return Q(**{f"{name}__isnull": False}) if descending else Q(pk__in=[])
    if descending:
        return Q(**{f"{name}__lt": value})
    after = Q(**{f"{name}__gt": value})
    return after | Q(**{f"{name}__isnull": True}) if _may_be_null(model, name) else after


def _same(name, value):
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def _at_or_beyond(model, key, value):
    """The part of `_beyond` that an index range scan can use."""
    name, descending = key.lstrip("-"), key.startswith("-")
    if value is None or (not descending and _may_be_null(model, name)):
        return Q()
    return Q(**{f"{name}__{'lte' if descending else 'gte'}": value})


def _may_be_null(model, name):
    """Whether NULLs can occur; an annotation may always have them."""
    if name in ("pk", "id"):
        return False
    for part in name.split("__"):
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if getattr(found, "null", True):
            return True
        model = found.related_model
    return False


def _first_index(cursor, size, has_previous):
    if not cursor:
        return 1
    if cursor["go"] == "after":
        return cursor["at"]
    return max(cursor["at"] - size, 2) if has_previous else 1


def _link(query, order, row, go, at):
    return _url(query, cursor=seal(_place(order, row, go, at), purpose="cursor"))


def _place(order, row, go, at=0) -> dict:
    """A cursor: the page begins after or before this row, whose number in the list is `at`."""
    keys = [_plain(_value(row, key.lstrip("-"))) for key in order]
    return {"go": go, "at": at, "order": list(order), "keys": keys}


def _value(row, name):
    if isinstance(row, dict):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part, None)
    return row


def _plain(value):
    """A JSON value that the database field reads back without loss."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _sort_urls(query, sorts, current):
    """The link of each column head; the current column gets the reverse order."""
    return {name: _url(query, sort=f"-{name}" if current == name else name, cursor=None) for name in sorts}


def _to(query, at: int) -> str:
    """The page of a Listed that begins at this index."""
    return _url(query, cursor=seal({"at": at, "order": list(LISTED)}, purpose="cursor"))


def _url(query, **changes):
    query = query.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return "?" + query.urlencode()


def _reversed(key):
    return key[1:] if key.startswith("-") else f"-{key}"
