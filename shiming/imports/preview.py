"""An import as its pages show it: bad rows with fields to correct them, good ones masked, columns to be explained."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from shiming.core.actor import Actor
from shiming.core.privacy import mask
from shiming.imports.cells import BadCell as Wrong
from shiming.imports.cells import Cell
from shiming.imports.headings import IGNORED, Head
from shiming.imports.sheet import WHOLE_ROW, Column, Row, Sheet
from shiming.web.table import Column as Shown
from shiming.web.table import Table

MOST_BAD, MOST_GOOD, MOST_WORDS = 100, 20, 300
EXAMPLES = 3


@dataclass(frozen=True)
class BadCell:
    """One cell of a bad row: to be typed, to be chosen, or fine as it is."""

    label: str
    text: str
    problem: str = ""
    name: str = ""
    words: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class BadRow:
    place: str
    problem: str
    cells: list[BadCell]


@dataclass(frozen=True)
class Place:
    """One column of the file: its heading, what stands in it, and what it was taken for."""

    place: int
    heading: str
    examples: str
    name: str


def bad_rows(sheet: Sheet, rows: list[Row], by: Actor) -> list[BadRow]:
    """The first bad rows; what is correct in them is masked as everywhere, what is wrong stands there to be mended."""
    words = {column.name: column.words(by)[:MOST_WORDS] for column in sheet.columns}
    bad = [row for row in rows if not row.good][:MOST_BAD]
    columns = _used(sheet, bad)
    return [_bad_row(row, columns, words) for row in bad]


def good_rows(sheet: Sheet, rows: list[Row]) -> Table:
    """The first good rows in the columns the file has."""
    good = [row for row in rows if row.good][:MOST_GOOD]
    columns = _used(sheet, good)
    shown = [
        Shown("行", "place"),
        *(Shown(column.label, render=_printed(column)) for column in columns),
    ]
    return Table(shown, good, caption="可以导入的行", id="good", numbered=False)


def places(sheet: Sheet, raw: list, head: Head) -> list[Place]:
    secret = {column.name for column in sheet.columns if column.secret}
    return [
        Place(place, heading, _examples(raw, head, place, head.names.get(place) in secret), _chosen(head, place))
        for place, heading in head.headings.items()
    ]


def guesses(sheet: Sheet, raw: list, head: Head) -> dict[int, str]:
    """Places whose first cells can only be the ID numbers we need: proposed, for somebody to say yes."""
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
    except Wrong:
        return False


def _used(sheet, rows) -> list[Column]:
    used = {name for row in rows for name in (*row.cells, *row.problems)}
    return [column for column in sheet.columns if column.name in used]


def _bad_row(row: Row, columns: list[Column], words: dict) -> BadRow:
    return BadRow(row.place, row.problems.get(WHOLE_ROW, ""), [_cell(row, column, words) for column in columns])


def _cell(row: Row, column: Column, words: dict) -> BadCell:
    problem = row.problems.get(column.name, "")
    if not problem:
        return BadCell(column.label, _printed(column)(row))
    typed = row.cells[column.name].text if column.name in row.cells else ""
    guesses = column.guesses(typed) if column.guesses else []
    if words[column.name] and typed and column.strange(typed, words[column.name]):
        problem = f"列表里没有“{typed[:20]}”，请选择"
    return BadCell(column.label, typed, problem, f"c-{row.number}-{column.name}", words[column.name], guesses)


def _printed(column: Column) -> Callable[[Row], str]:
    def printed(row: Row) -> str:
        text = row.cells[column.name].text if column.name in row.cells else ""
        return mask(text) if column.secret else text

    return printed


def _examples(raw, head, place, secret) -> str:
    """A long number is masked before anybody has said that it is one."""
    found = [cell[1] for cell in _first_cells(raw, head, place)]
    return "、".join(mask(text) if secret or sum(map(str.isdigit, text)) > 10 else text[:20] for text in found)


def _first_cells(raw, head, place) -> list:
    filled = (line[place] for line in raw[head.last + 1 :] if place < len(line) and line[place])
    return list(islice(filled, EXAMPLES))


def _chosen(head: Head, place: int) -> str:
    return head.names.get(place, IGNORED)
