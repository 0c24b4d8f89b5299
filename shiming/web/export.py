"""Export of a list as a file: columns and masks of the page, without text that a spreadsheet runs as a formula."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from tempfile import TemporaryFile

import xlsxwriter
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import FileResponse
from django.utils import timezone

from shiming.core.actor import Actor, Role
from shiming.core.audit import record
from shiming.core.errors import Invalid
from shiming.core.events import Event
from shiming.web.signatures import write_signed
from shiming.web.table import NOTHING, Column, Table

# Text stays text: no formulas, no links, no numbers made of digits.
WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = tuple("=+-@|%＝＋－＠")
CONTROLS = ("\t", "\r", "\n")
# Workers have no lists of others; they export their own data (people/mobile/me.py).
TAKERS = tuple(role for role in Role if role not in (Role.SYSTEM, Role.PERSON))
MOST = 1_048_576 - 4  # rows of one sheet without head and watermark; xlsxwriter drops rows beyond
LOOKS = {"number": "0", "hours": "0.0#", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm"}
A4 = 9
WIDEST, MEASURED = 60, 500  # column width follows the first rows


def hand_out(
    request,
    columns: list[Column],
    rows: Iterable,
    *,
    name: str,
    note: Callable[[int], None] | None = None,
    details: Iterable[Table] = (),
) -> FileResponse:
    """All rows as a workbook, or as CSV or a signed file if the form asks for it, with one trail entry.

    `note(count)` replaces note_export. `details` become further sheets of the workbook.
    """
    by, file = request.actor, TemporaryFile()
    watermark = f"{by.company_name or ''} {by.name} 导出".strip()
    kind = request.POST.get("as") if request.POST.get("as") in FILES else "xlsx"
    write, media_type = FILES[kind]
    count = write(file, columns, rows, title=name, watermark=watermark, details=details)
    note(count) if note else note_export(name, count, by=by)
    file.seek(0)
    return _private(FileResponse(file, as_attachment=True, filename=f"{name}.{kind}", content_type=media_type))


@transaction.atomic
def note_export(kind: str, count: int, *, by: Actor) -> None:
    """The trail entry of an export: kind of list and number of rows."""
    taker = get_user_model().objects.get(pk=by.user_id)
    scope = {"company_id": by.company_id, "project_id": by.project_id}
    record(Event.DATA_EXPORTED, taker, by=by, **scope, kind=kind, count=count)


def write_xlsx(
    target, columns: list[Column], rows: Iterable, *, title: str, watermark: str = "", details: Iterable[Table] = ()
) -> int:
    """Write row by row into `target` (a path or a file) in constant memory; return the number of rows of the first
    sheet."""
    workbook = xlsxwriter.Workbook(target, WORKBOOK)
    number = _write_sheet(workbook, columns, rows, title, watermark)
    for table in details:
        _write_sheet(workbook, table.columns, table.whole(), table.caption, watermark)
    workbook.close()
    return number


def _write_sheet(workbook, columns: list[Column], rows: Iterable, title: str, watermark: str) -> int:
    sheet = workbook.add_worksheet(_sheet_name(title))
    head = workbook.add_format({"bold": True, "bg_color": "#E4EFF2", "bottom": 1})
    looks = {name: workbook.add_format({"num_format": look}) for name, look in LOOKS.items()}
    _set_up_paper(sheet, watermark)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.label, head)
    widths, number = [_width(column.label) + 2 for column in columns], 0
    for number, row in enumerate(rows, start=1):
        if number > MOST:
            raise Invalid(f"Excel 一张表最多 {MOST:,} 行", next_step="缩小查询范围，或改取 CSV")
        for index, column in enumerate(columns):
            _write(sheet, number, index, column, row, looks)
        if number <= MEASURED:
            widths = [max(width, _width(_shown(column, row))) for width, column in zip(widths, columns, strict=True)]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, min(width + 2, WIDEST))
    sheet.autofilter(0, 0, number, len(columns) - 1)
    if watermark:
        sheet.write_string(number + 2, 0, watermark)
    return number


def write_csv(target, columns: list[Column], rows: Iterable, *, title="", watermark="", details=()) -> int:
    """The same rows as CSV, without the title and the further sheets; return the number of rows."""
    lines = csv_lines(columns, rows, watermark=watermark)
    written = sum(1 for line in lines if target.write(line.encode()))
    return written - 1 - bool(watermark)


FILES = {
    "xlsx": (write_xlsx, MEDIA_TYPE),
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "zip": (partial(write_signed, write_xlsx=write_xlsx), "application/zip"),
}


def csv_lines(columns: list[Column], rows: Iterable, *, watermark: str = "") -> Iterator[str]:
    """The lines of the CSV, first the byte order mark by which Excel recognises UTF-8."""
    yield "\ufeff" + _line([column.label for column in columns])
    for row in rows:
        yield _line([_quoted(column, row) for column in columns])
    if watermark:
        yield _line([_unarmed(watermark)])


def _set_up_paper(sheet, watermark: str) -> None:
    """A4 landscape, all columns on one page; head and watermark on every page."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    if watermark:
        sheet.set_header(f"&R&9{watermark.replace('&', '&&')}")
        sheet.set_footer(f"&L&9{watermark.replace('&', '&&')}&R&9&P / &N")


def _width(text: str) -> int:
    """Width in digits, as Excel measures; a Chinese character counts as two."""
    return len(text) if text.isascii() else sum(1 if character.isascii() else 2 for character in text)


def _write(sheet, line, index, column, row, looks):
    """Numbers, dates and times as such, so that a spreadsheet sums, sorts and filters them."""
    value, shown = column.value(row), _shown(column, row)
    if column.kind == "number" and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        sheet.write_number(line, index, float(value), looks["number" if float(value).is_integer() else "hours"])
    elif column.kind == "time" and isinstance(value, datetime):
        sheet.write_datetime(line, index, timezone.localtime(value).replace(tzinfo=None), looks["time"])
    elif column.kind == "date" and isinstance(value, date) and shown == f"{_local_day(value)}" and value.year >= 1900:
        sheet.write_datetime(line, index, _local_day(value), looks["date"])
    else:
        sheet.write_string(line, index, shown)


def _local_day(value: date) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _shown(column, row):
    """The text of the page, but empty instead of a dash."""
    text = column.text(row)
    return "" if text == NOTHING else text


def _quoted(column, row):
    text = _shown(column, row)
    value = column.value(row)
    if column.kind == "number" and isinstance(value, int | float | Decimal):
        return str(value)
    return _unarmed(text)


def _unarmed(text: str) -> str:
    """Quote text that a spreadsheet would run as a formula, also behind characters that it may skip: blanks, control
    and format characters, and quotation marks."""
    seen = text
    while seen and (unicodedata.category(seen[0])[0] in "ZC" or seen[0] in "\"'"):
        seen = seen[1:]
    return f"'{text}" if seen.startswith(FORMULA_STARTS) or text.startswith(CONTROLS) else text


def _line(cells):
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _private(response):
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _sheet_name(title):
    """Excel allows 31 characters and none of []:*?/\\."""
    return "".join(" " if each in "[]:*?/\\'" else each for each in title)[:31].strip() or "数据"
