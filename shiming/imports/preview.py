"""An import as its pages show it: bad rows with inputs, good rows masked, and the columns to assign."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from shiming.core.actor import Actor
from shiming.core.privacy import mask
from shiming.core.refusals import Refusal, unnumbered
from shiming.imports import cells
from shiming.imports.cells import Cell, one_of
from shiming.imports.headings import IGNORED, Head
from shiming.imports.sheet import WHOLE_ROW, Column, Row, Sheet, tables
from shiming.web.table import Column as Shown
from shiming.web.table import Table

BAD_ROWS_SHOWN, GOOD_ROWS_SHOWN = 100, 20
WORDS_OFFERED = 300  # in one list
EXAMPLES_SHOWN = 3  # cells under the heading of a column that is to be assigned


@dataclass(frozen=True)
class ShownCell:
    """One cell of a bad row: an input, a list, or plain text when it is correct."""

    label: str
    text: str
    problem: Refusal | None = None
    name: str = ""
    words: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class BadRow:
    place: str
    problem: Refusal | None
    cells: list[ShownCell]


@dataclass(frozen=True)
class BadRows:
    """The first bad rows of one table of the file; `left` are further ones."""

    label: str
    rows: list[BadRow]
    left: int

    @property
    def whole(self) -> bool:
        """Whether a row is refused as a whole."""
        return any(row.problem for row in self.rows)


@dataclass(frozen=True)
class Place:
    """One column of the file: its heading, some of its cells, and the column it is assigned to."""

    place: int
    heading: str
    examples: str
    name: str


def bad_rows(sheet: Sheet, rows: list[Row], by: Actor) -> list[BadRows]:
    """The first bad rows of each table that has any. Correct secrets are masked, wrong cells shown for correction."""
    bad = [(table, [row for row in its if row.problems]) for table, its in tables(sheet, rows)]
    return [_bad_rows(table, its, by) for table, its in bad if its]


def good_rows(sheet: Sheet, rows: list[Row]) -> Table:
    """The first good rows, in the columns that the file has."""
    good = [row for row in rows if row.good and not row.part][:GOOD_ROWS_SHOWN]
    columns = _used(sheet, good)
    shown = [
        Shown("行", "place"),
        *(Shown(column.label, render=_printed(column)) for column in columns),
        *([Shown("随附各条", render=lambda row: _counted(sheet, row))] if any(row.details for row in good) else []),
    ]
    return Table(shown, good, caption="可以导入的行", id="good", numbered=False)


def places(sheet: Sheet, raw: list, head: Head) -> list[Place]:
    secret = {column.name for column in sheet.columns if column.secret}
    return [
        Place(place, heading, _examples(raw, head, place, head.names.get(place) in secret), _chosen(head, place))
        for place, heading in head.headings.items()
    ]


def guesses(sheet: Sheet, raw: list, head: Head) -> dict[int, str]:
    """Proposed columns for unknown headings: places whose first cells all parse as a required secret (ID numbers)."""
    found: dict[int, str] = {}
    needed = [c for c in sheet.columns if c.secret and c.required and c.name not in head.found.values()]
    for place in [place for place in head.headings if place not in head.names]:
        cells = _first_cells(raw, head, place)
        fitting = [column for column in needed if cells and all(_reads(column, cell) for cell in cells)]
        if fitting:
            found[place] = fitting[0].name
            needed.remove(fitting[0])
    return found


def _reads(column: Column, cell: list) -> bool:
    try:
        return bool(column.parse(Cell(*cell)))
    except cells.BadCell:
        return False


def _bad_rows(sheet: Sheet, bad: list[Row], by: Actor) -> BadRows:
    words = {column.name: column.words(by)[:WORDS_OFFERED] for column in sheet.columns}
    first = bad[:BAD_ROWS_SHOWN]
    columns = _used(sheet, first)
    return BadRows(sheet.label, [_bad_row(row, columns, words) for row in first], len(bad) - len(first))


def _counted(sheet: Sheet, row: Row) -> str:
    """The number of detail lines by part, such as `教育经历 2，执业证书 1`."""
    counts = Counter(each.part for each in row.details)
    return "，".join(f"{each.label} {counts[each.code]}" for each in sheet.details if counts[each.code])


def _used(sheet, rows) -> list[Column]:
    used = {name for row in rows for name in (*row.cells, *row.problems)}
    return [column for column in sheet.columns if column.name in used]


def _bad_row(row: Row, columns: list[Column], words: dict) -> BadRow:
    return BadRow(row.place, row.problems.get(WHOLE_ROW), [_cell(row, column, words) for column in columns])


def _cell(row: Row, column: Column, words: dict) -> ShownCell:
    problem = row.problems.get(column.name)
    if problem is None:
        return ShownCell(column.label, _printed(column)(row))
    typed = row.cells[column.name].text if column.name in row.cells else ""
    guesses = column.guesses(typed) if column.guesses else []
    if words[column.name] and typed and column.strange(typed, words[column.name]):
        problem = unnumbered(f"列表里没有“{typed[:20]}”，请选择")
    return ShownCell(column.label, typed, problem, f"c-{row.number}-{column.name}", words[column.name], guesses)


def _printed(column: Column) -> Callable[[Row], str]:
    """The outcome of a cell, as it will be saved; what was typed is in the file."""
    read = cells.prepared(column.parse)
    labels = {code: str(label) for code, label in column.parse.choices()} if isinstance(column.parse, one_of) else {}

    def printed(row: Row) -> str:
        cell = row.cells.get(column.name, cells.EMPTY)
        try:
            value = read(cell) if cell.text else ""
        except cells.BadCell:  # a row is refused for another cell
            value = cell.text
        if value is None:  # a period without an end
            value = cell.text if cell.text in cells.NO_END else ""
        return mask(str(value)) if column.secret else labels.get(str(value)) or _worded(value)

    return printed


def _worded(value) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _examples(raw, head, place, secret) -> str:
    """Long numbers are masked, also in columns without an assignment."""
    found = [cell[1] for cell in _first_cells(raw, head, place)]
    return "、".join(mask(text) if secret or sum(map(str.isdigit, text)) > 10 else text[:20] for text in found)


def _first_cells(raw, head, place) -> list:
    filled = (line[place] for line in head.below(raw) if place < len(line) and line[place])
    return list(islice(filled, EXAMPLES_SHOWN))


def _chosen(head: Head, place: int) -> str:
    return head.names.get(place, IGNORED)
