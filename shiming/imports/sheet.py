"""Kinds of Excel imports. A Sheet describes its columns once, for template, parser and preview.

    register(Sheet("companies", "企业", columns=[Column("name", "企业名称", text(100), required=True), …], save=save_row))

`save(values, by)` is a command that finds the record by its unique code and creates or changes it, so that importing a
file twice changes nothing; it returns "created", "changed" or "same". `save_many(rows, by)` does the same for many rows
in few statements and returns one result per row, a DomainError for a refused row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from shiming.core.actor import Actor, Role
from shiming.core.refusals import Refusal, refusal, unnumbered
from shiming.imports.cells import EMPTY, BadCell, Cell, Parse, prepared
from shiming.imports.formats import Page
from shiming.imports.headings import Cells, Head, plain
from shiming.imports.rows import data_lines, join_pages

WHOLE_ROW = "row"  # the key of a problem that belongs to no single column
OWNER = "owner"  # the column of a detail sheet that holds the key of its row
BROKEN = {
    "f": "单元格是公式，没有保存结果：请复制后“粘贴为数值”再导入",
    "e": "单元格里是公式出错的结果（如 #N/A），请填写真正的内容",
}
NAMES_SHOWN = 10  # columns, lines or sheets named in one note


@dataclass(frozen=True)
class Column:
    """`parse(cell)` returns the value or raises BadCell; `secret` values are masked on the preview.

    `choices()` are the words of a drop-down, `offers(by)` those that differ between firms; `guesses(text)` proposes
    corrections of a wrong value.
    """

    name: str
    label: str
    parse: Parse
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Callable[[], list[str]] | None = None
    offers: Callable[[Actor], list[str]] | None = None
    guesses: Callable[[str], list[str]] | None = None
    secret: bool = False
    width: int = 18
    example: str = ""

    def words(self, by: Actor) -> list[str]:
        """The words of the drop-down."""
        if self.offers:
            return self.offers(by)
        return self.choices() if self.choices else []

    def strange(self, typed: str, words: list[str]) -> bool:
        """True for text neither in the list nor a synonym; its correction applies to all rows with this text."""
        if self.offers:
            return typed not in words
        try:
            self.parse(Cell("s", typed))
        except BadCell:
            return True
        return False


@dataclass(frozen=True)
class Sheet:
    """One kind of file.

    `key` names the columns that must not repeat within a file. `check(rows, by)` checks all rows together, refuses them
    with `Row.refuse` and returns notes about the file (将新建班组 …). `count(codes, rows, by)` counts the refusals that
    reveal facts about workers of other firms and returns False at the limit; `rows` is the number of rows. `next_step`
    is the sentence after a finished import, `shown_at` the URL name of the page with the result.

    `details` are further sheets of the workbook, found by their label or `aliases`. Each of their lines belongs to the
    row of the table with the same key, is read into the column OWNER, and stands or falls with that row; `save` gets
    them as lists of values by the code of the sheet. Kinds with details have no `order` and no `save_many`.
    """

    code: str
    label: str
    columns: tuple[Column, ...]
    save: Callable | None = None
    save_many: Callable | None = None
    key: tuple[str, ...] = ()
    check: Callable[[list["Row"], Actor], list[str] | None] | None = None
    count: Callable[[list[str], int, Actor], bool] | None = None
    order: Callable[["Row"], object] | None = None
    note: str = ""
    next_step: str = ""
    shown_at: str = ""
    roles: tuple[Role, ...] = (Role.SYS_ADMIN,)
    details: tuple["Sheet", ...] = ()
    aliases: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def detail(self, page: str) -> "Sheet | None":
        """The detail sheet that a page of a workbook is, by its name."""
        names = {plain(name): each for each in self.details for name in (each.label, *each.aliases)}
        return names.get(plain(page))

    @property
    def headings(self) -> dict[str, str]:
        """Plain heading → name of the column, for all labels and aliases."""
        return {plain(text): column.name for column in self.columns for text in (*column.aliases, column.label)}


@dataclass(slots=True)
class Row:
    """One line of the file: the cells as written, the parsed values, and the problems by column name.

    `number` is its line number in the joined table, `line` its label when there are several sheets. `part` is the code
    of a detail sheet; then `parent` is the number of the row it belongs to, and that row has it among its `details`.
    """

    number: int
    cells: dict[str, Cell]
    values: dict = field(default_factory=dict)
    problems: dict[str, Refusal] = field(default_factory=dict)
    line: str = ""
    part: str = ""
    parent: int = 0
    details: list["Row"] = field(default_factory=list)

    @property
    def place(self) -> str:
        return self.line or str(self.number)

    @property
    def good(self) -> bool:
        return not self.problems and all(row.good for row in self.details)

    @property
    def whole(self) -> dict:
        """The values, with those of the details as lists by the code of their sheet."""
        lists: dict[str, list[dict]] = {}
        for row in self.details:
            values = {name: value for name, value in row.values.items() if name != OWNER}
            lists.setdefault(row.part, []).append(values)
        return self.values | lists

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems.values()]

    def refuse(self, reason: str | Refusal, column: str = WHOLE_ROW, **blanks) -> None:
        """Set the refusal of a column, or of the whole row: a code with the blanks of its sentence, or a Refusal."""
        self.problems[column] = reason if isinstance(reason, Refusal) else refusal(reason, **blanks)


@dataclass
class Reading:
    """A parsed file: its head with the notes on what was read, its rows, the notes of the check."""

    head: Head
    rows: list[Row]
    checked: list[str] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        return [*self.head.notes, *self.checked]


SHEETS: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    SHEETS[sheet.code] = sheet
    return sheet


def offered_to(actor: Actor) -> list[Sheet]:
    """The kinds of files this role may import."""
    return [sheet for sheet in SHEETS.values() if actor.role in sheet.roles]


def gather(sheet: Sheet, pages: list[Page], chosen: dict[str, str]) -> tuple[Cells, Head]:
    """The lines of the file that belong to this kind of file, and their head."""
    own = [page for page in pages if sheet.detail(page.name) is None]
    raw, head = _joined(sheet, own or [Page("", [])], chosen)
    if not sheet.details:
        return raw, head
    head = replace(head, end=len(raw))
    for each in sheet.details:
        if its := [page for page in pages if sheet.detail(page.name) is each]:
            lines, found = _joined(each, its, {})
            head.details[each.code] = replace(found.after(raw, its[0].name), end=len(raw) + len(lines))
            raw += lines
    return raw, head


def _joined(sheet: Sheet, pages: list[Page], chosen: dict[str, str]) -> tuple[Cells, Head]:
    needed = {column.name for column in sheet.columns if column.required}
    return join_pages(pages, sheet.headings, needed, chosen)


def missing(sheet: Sheet, head: Head | None) -> list[str]:
    """Labels of the required columns that the head does not have."""
    found = head.found.values() if head else ()
    return [column.label for column in sheet.columns if column.required and column.name not in found]


def understand(sheet: Sheet, raw: Cells, head: Head, by: Actor) -> Reading:
    """Turn the lines below the head into rows and check them."""
    rows, notes = _rows_below(raw, head, next(iter(sheet.key), ""))
    counts = []
    for each in sheet.details:
        if each.code in head.details:
            its, remarks = _rows_below(raw, head.details[each.code], OWNER, each.code)
            rows, notes = rows + its, notes + [f"工作表“{each.label}”：{note}" for note in remarks]
            counts.append(f"{each.label} {len(its)} 行")
    if counts:
        notes.append(f"另外的工作表：{'、'.join(counts)}，随人员一起导入")
    return Reading(replace(head, notes=notes), rows, check(sheet, rows, by))


def _rows_below(raw: Cells, head: Head, key: str, part: str = "") -> tuple[list[Row], list[str]]:
    """The rows of one table, and the notes on what of it was not read."""
    places, skipped = data_lines(raw, head, key)
    found = head.found
    rows = [Row(at + 1, _cells(raw[at], found), line=head.line(at) if head.parts else "", part=part) for at in places]
    return [row for row in rows if row.cells], _coverage(head, skipped, sorted({*head.hidden}.intersection(places)))


def _coverage(head: Head, skipped: list[int], hidden: list[int]) -> list[str]:
    """Notes on the sheets, columns and lines that were not read, and on hidden lines that were."""
    parts = [part.name for part in head.parts]
    lines, unseen = ([head.line(at) for at in each] for each in (skipped, hidden))
    return [
        *([f"{len(parts)} 张工作表表头相同，一起读：{_listed(parts)}"] if len(parts) > 1 else []),
        *([f"没有读的工作表：{_listed(head.unread)}"] if head.unread else []),
        *([f"没有用到的列：{_listed(head.unused)}"] if head.unused else []),
        *([f"第 {_listed(lines)} 行是合计、签字或重复的表头，没有读"] if lines else []),
        *([f"第 {_listed(unseen)} 行在文件里是隐藏的（如筛选），也读了"] if unseen else []),
    ]


def _listed(words: list[str]) -> str:
    return "、".join(words[:NAMES_SHOWN]) + (" …" if len(words) > NAMES_SHOWN else "")


def check(sheet: Sheet, rows: list[Row], by: Actor) -> list[str]:
    """Parse every cell, then run the checks over all rows. Return the notes about the file."""
    for table, its in tables(sheet, rows):
        parse(table, its)
        _find_repeats(table, its)
    _join_details(sheet, rows)
    checked = [(table, [row for row in its if not row.problems]) for table, its in tables(sheet, rows)]
    return [note for table, its in reversed(checked) if table.check for note in table.check(its, by) or []]


def tables(sheet: Sheet, rows: list[Row]) -> list[tuple[Sheet, list[Row]]]:
    """The rows of the table, then those of each detail sheet."""
    if not sheet.details:
        return [(sheet, rows)]
    kinds = [("", sheet), *((each.code, each) for each in sheet.details)]
    return [(table, [row for row in rows if row.part == part]) for part, table in kinds]


def link(rows: list[Row]) -> list[Row]:
    """Put every detail among the details of its row."""
    numbered = {row.number: row for row in rows if not row.part}
    for row in rows:
        if row.parent:
            numbered[row.parent].details.append(row)
    return rows


def _join_details(sheet: Sheet, rows: list[Row]) -> None:
    """Find the row of each detail by its key; a detail without one is refused."""
    if not sheet.details:
        return
    (key,) = sheet.key
    owners: dict[object, int] = {}
    for row in rows:
        row.parent, row.details = 0, []
        if not row.part and row.values.get(key):
            owners.setdefault(row.values[key], row.number)
    for row in rows:
        if row.part and row.values.get(OWNER):
            row.parent = owners.get(row.values[OWNER], 0)
            if not row.parent:
                row.refuse(unnumbered(f"“{sheet.label}”表里没有这个{sheet.column(key).label}的人"), OWNER)
    link(rows)


def parse(sheet: Sheet, rows: list[Row]) -> None:
    columns = [(column, prepared(column.parse)) for column in sheet.columns]
    blank = Row(0, {})
    for column, read in columns:
        _parse_cell(blank, column, read)
    for row in rows:
        row.values, row.problems = {}, {}
        for column, read in columns:
            if column.name in row.cells:
                _parse_cell(row, column, read)
            elif column.name in blank.problems:
                row.refuse(blank.problems[column.name], column.name)
            else:  # most cells of most tables are empty
                row.values[column.name] = blank.values[column.name]


def _parse_cell(row, column, read) -> None:
    cell = row.cells.get(column.name, EMPTY)
    if column.required and not cell.text:
        row.refuse("R-10", column.name, label=column.label)
        return
    try:
        if cell.kind in BROKEN:
            raise BadCell(unnumbered(BROKEN[cell.kind]))
        row.values[column.name] = read(cell)
    except BadCell as problem:
        row.refuse(problem.refusal, column.name)


def _cells(line, found) -> dict[str, Cell]:
    return {found[place]: Cell(*cell) for place, cell in enumerate(line) if cell and place in found}


def _find_repeats(sheet, rows) -> None:
    seen: dict[tuple, str] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in sheet.key)
        if not sheet.key or None in key or "" in key:
            continue
        if key in seen:
            row.refuse(unnumbered(f"与第 {seen[key]} 行重复"), sheet.key[0])
        else:
            seen[key] = row.place
