"""One description of a list, for the page, the phone and the exported file alike.

    COLUMNS = [
        Column("姓名", "person.name", href=lambda row: row.get_absolute_url()),
        Column("身份证号", "person.id_number", kind="id"),  # a Secret: masked wherever it is printed
        Column("状态", "status", kind="state"),
        Column("邀请日期", "invited_at", kind="date", sort="invited"),
    ]
    table = Table(COLUMNS, Paged(rows, request), caption="聘用关系", actions=_actions, select=Select(...))

A template prints it with {% table table %}; its filter form stands above it with {% filter_bar table.filters %}.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.forms import Form
from django.utils import timezone
from django.utils.html import escape, format_html

from shiming.web.paging import Listed, Page, Paged

NOTHING = "—"
LARGEST = 500  # rows of one batch
KINDS = ("text", "id", "date", "time", "state", "number", "link", "flag")


@dataclass(frozen=True)
class Column:
    """A label and the dotted path from the row to its value. `render(row)` replaces the path."""

    label: str
    path: str = ""
    kind: str = "text"
    nowrap: bool = True
    sort: str | None = None
    render: Callable | None = None
    href: Callable | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"column {self.label}: unknown kind {self.kind}")

    def value(self, row):
        """The raw value: a Secret stays a Secret."""
        return self.render(row) if self.render else resolve(row, self.path)

    def text(self, row) -> str:
        """The value as text for a cell."""
        if self.kind == "state":
            return _display(row, self.path) or NOTHING
        return _text(self.value(row), self.kind)


@dataclass(frozen=True)
class Action:
    """An action on one row: a link, a dialog, or a button that posts."""

    label: str
    url: str
    how: str = "link"  # link | dialog | post
    icon: str = ""
    tone: str = ""  # "" | primary | danger
    confirm: str = ""


@dataclass(frozen=True)
class Empty:
    """The text of a list without rows: the reason, and the next step."""

    sentence: str = "没有符合条件的记录"
    hint: str = "可以放宽查询条件，或点“重置”查看全部。"
    label: str = ""
    url: str = ""
    icon: str = "inbox"
    how: str = "link"


@dataclass(frozen=True)
class Select:
    """Check boxes in front of the rows and the actions on the ticked rows (each an Action that posts). `every` offers
    the rows of all pages as well; its actions open a dialog, which names how many are meant."""

    actions: list[Action]
    name: str = "ids"
    path: str = "pk"
    may: Callable = lambda row: True
    label: Callable | None = None
    every: bool = False


@dataclass(frozen=True)
class Cell:
    label: str
    text: str
    kind: str
    nowrap: bool
    state: str = ""
    href: str = ""
    title: bool = False

    @property
    def classes(self) -> str:
        """Built in Python, because a page has hundreds of cells and a template condition costs time per cell."""
        nowrap, title = " nowrap" if self.nowrap else "", " is-title" if self.title else ""
        return f"is-{self.kind}{nowrap}{title}{' is-nothing' if self.text == NOTHING else ''}"

    @property
    def html(self) -> str:
        """In Python too: three nodes of a template fewer for each cell."""
        return format_html('<td class="{}" data-label="{}">{}</td>', self.classes, self.label, self.inside)

    @property
    def inside(self) -> str:
        return format_html('<a href="{}">{}</a>', self.href, self.text) if self.href else escape(self.text)


@dataclass(frozen=True)
class Row:
    cells: list[Cell]
    actions: list[Action]
    key: str
    label: str
    selectable: bool


@dataclass
class Table:
    """Columns over rows; rows may be Paged, Listed, a Page or any iterable.

    filters: the bound form that selects the rows. file_name: name of the exported file, by default the caption.
    note(count): writes the trail entry of an export instead of the usual one. details: tables that become further
    sheets of the exported workbook; the page and a CSV do not have them. signed: also offered as a signed file.
    """

    columns: list[Column]
    rows: Iterable
    caption: str = ""
    actions: Callable | None = None
    select: Select | None = None
    empty: Empty = field(default_factory=Empty)
    numbered: bool = True
    id: str = "list"
    filters: Form | None = None
    file_name: str = ""
    note: Callable[[int], None] | None = None
    details: list["Table"] = field(default_factory=list)
    signed: bool = False

    def __post_init__(self):
        if not isinstance(self.rows, Paged | Listed | Page):
            self.rows = list(self.rows)

    @property
    def page(self) -> Page | None:
        """The page of these rows, or None for a list that is shown whole."""
        if isinstance(self.rows, Paged | Listed):
            return self.rows.page
        return self.rows if isinstance(self.rows, Page) else None

    def whole(self, piece: int | None = None) -> Iterator:
        """All rows of the list, not only those of the page; `piece` is how many are read at a time."""
        return self.rows.whole(piece) if isinstance(self.rows, Paged | Listed) else iter(self.rows)

    @property
    def has_actions(self) -> bool:
        """For templates, which would call `actions` without its row."""
        return self.actions is not None

    @property
    def first(self) -> int:
        return self.page.first if self.page else 1

    @property
    def total_label(self) -> str:
        return f"{len(self.rows):,}" if self.page is None else self.page.total_label

    @property
    def total_words(self) -> str:
        """共 1,000 条以上, as the pager says it."""
        more = "以上" if self.page is not None and self.page.total_is_capped else ""
        return f"条{more}"

    @property
    def every_label(self) -> str:
        """选择全部 312 人, where the list goes on beyond this page; "" where it does not."""
        page = self.page
        if not (self.select and self.select.every and page and (page.next_url or page.previous_url)):
            return ""
        if page.total > LARGEST:
            return f"选择前 {LARGEST} 人（一次最多办理 {LARGEST} 人）"
        return f"选择全部 {self.every_count} 人"

    @property
    def every_count(self) -> int:
        """How many rows 选择全部 means."""
        return min(self.page.total, LARGEST) if self.page else 0

    @property
    def heads(self) -> list[dict]:
        return [_head(column, self.page) for column in self.columns]

    @property
    def body(self) -> Iterator[Row]:
        return (self._row(row) for row in self.rows)

    @property
    def _title(self) -> Column:
        """The heading of a card on the phone: the column that links to the row, else the first that is not a number."""
        in_words = (column for column in self.columns if column.kind != "number")
        return next((column for column in self.columns if column.href), next(in_words, self.columns[0]))

    def _row(self, row) -> Row:
        title = self._title
        cells = [_cell(column, row, column is title) for column in self.columns]
        return Row(
            cells=cells,
            actions=list(self.actions(row)) if self.actions else [],
            key=str(resolve(row, self.select.path)) if self.select else "",
            label=self.select.label(row) if self.select and self.select.label else cells[0].text,
            selectable=bool(self.select and self.select.may(row)),
        )


def resolve(row, path: str):
    """Follow `employment.person.name` through attributes, keys and methods; None at a missing link."""
    for part in path.split("."):
        if row is None:
            return None
        row = row[part] if isinstance(row, dict) else getattr(row, part)
        row = row() if callable(row) and not hasattr(row, "do_not_call_in_templates") else row
    return row


def _head(column, page):
    urls = page.sort_urls if page else {}
    current = page.sort if page else ""
    direction = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(current, "none")
    return {
        "label": column.label,
        "kind": column.kind,
        "url": urls.get(column.sort, "") if column.sort else "",
        "direction": direction if column.sort else "none",
    }


def _cell(column, row, title):
    return Cell(
        label=column.label,
        text=column.text(row),
        kind=column.kind,
        nowrap=column.nowrap,
        state=str(column.value(row) or "") if column.kind == "state" else "",
        href=(column.href(row) or "") if column.href else "",
        title=title,
    )


def _display(row, path):
    """The label of a choice: `status` is read through get_status_display."""
    parent, _, name = path.rpartition(".")
    owner = resolve(row, parent) if parent else row
    if owner is None:
        return ""
    display = owner.get(f"{name}_label") if isinstance(owner, dict) else getattr(owner, f"get_{name}_display", None)
    if display is None:
        value = resolve(owner, name)
        return str(getattr(value, "label", value or ""))
    return str(display() if callable(display) else display)


def _text(value, kind):
    if value is None or value == "":
        return NOTHING
    if kind == "flag" or isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d}" if kind == "date" else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if kind == "number" and isinstance(value, int | Decimal | float):
        return f"{value:,}"
    return str(value)
