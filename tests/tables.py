"""Excel tables for tests: written as lines, uploaded as a file."""

from io import BytesIO

from openpyxl import Workbook

from shiming.core.actor import Actor
from shiming.imports import commands as imports
from shiming.imports import sheet
from shiming.imports.models import SheetImport
from shiming.imports.sheet import Row


def workbook(*lines, sheets: dict[str, list] | None = None) -> bytes:
    """A workbook with these lines on its first sheet, and further sheets by name."""
    book, out = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    for name, rows in (sheets or {}).items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(out)
    return out.getvalue()


def upload(code: str, by: Actor, *lines, content: bytes = b"") -> SheetImport:
    return imports.upload(sheet.SHEETS[code], content or workbook(*lines), file_name="表.xlsx", by=by)


def commit(item: SheetImport, by: Actor, **choice) -> SheetImport:
    return imports.finish(imports.start(item, by=by, **choice))


def problems(item: SheetImport) -> dict[int, dict[str, str]]:
    """The problems of each bad row by its number, as {heading: sentence}."""
    return {row.number: printed(row) for row in imports.rows_of(item) if not row.good}


def printed(row: Row) -> dict[str, str]:
    """The problems of a row as its pages print them."""
    return {column: str(problem) for column, problem in row.problems.items()}


def tally(item: SheetImport) -> tuple:
    return (item.created, item.changed, item.same, item.refused)
