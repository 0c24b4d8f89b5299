"""The two workbooks of an import: the empty template, and the uploaded rows with their bad cells marked."""

from io import BytesIO
from itertools import count, zip_longest
from urllib.parse import quote

import xlsxwriter
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shiming.core.actor import Actor
from shiming.imports.cells import text
from shiming.imports.headings import LINE, PROBLEM
from shiming.imports.sheet import Column, Row, Sheet, tables

TEMPLATE_ROWS = 5_000  # rows with drop-downs
TEXT_ROWS = 200  # rows formatted as text
SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WORDS = "选项"
NOT_IN_LIST = {"error_title": "填写有误", "error_message": "请从下拉列表中选择"}
ADDED = (Column("line", LINE, text(40), width=12), Column("problem", PROBLEM, text(500), width=60))
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(sheet: Sheet, by: Actor) -> bytes:
    """One page for the table and each detail sheet: headings with their examples, every column as text, drop-downs
    for columns with a list."""
    book = Workbook()
    words, lists = book.create_sheet(WORDS), count(1)
    words.sheet_state = "hidden"
    for number, table in enumerate((sheet, *sheet.details)):
        page = book.active if number == 0 else book.create_sheet(index=number)
        page.title = table.label
        _fill_template(page, table, words, lists, by)
    return _bytes(book)


def _fill_template(page, sheet: Sheet, words, lists, by: Actor) -> None:
    """`words` is the hidden sheet of the drop-downs, `lists` yields its next free column."""
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        _head_cell(page.cell(1, place), column)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = "@"
        for number in range(2, TEXT_ROWS + 2):
            page.cell(number, place).number_format = "@"
        if column.choices or column.offers:
            _drop_down(page, words, letter, next(lists), column.words(by))


def marked(sheet: Sheet, rows: list[Row], by: Actor) -> bytes:
    """The uploaded rows for correction and a second upload, a page for the table and each detail sheet: bad cells are
    red, the last columns hold the original line and the problems, columns with a list have a drop-down."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    looks, found = _looks(book), tables(sheet, rows)
    pages = [_marked_page(book, looks, table, its) for table, its in found]
    words, first = book.add_worksheet(WORDS), 0
    words.hide()
    columns = [column for table, _ in found for column in table.columns]
    _write_words(words, [column.words(by) for column in columns])
    for page, (table, its) in zip(pages, found, strict=True):
        _add_lists(page, table, len(its), first, by)
        first += len(table.columns)
    book.close()
    return out.getvalue()


def _marked_page(book, looks: dict, sheet: Sheet, rows: list[Row]):
    page = book.add_worksheet(sheet.label)
    page.freeze_panes(1, 1)
    last = len(sheet.columns)
    for place, column in enumerate((*sheet.columns, *ADDED)):
        page.set_column(place, place, column.width)
        page.write_string(0, place, column.label, looks["head"])
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(sheet.columns):
            cell = row.cells.get(column.name)
            look = looks["bad" if column.name in row.problems else "plain"]
            page.write_string(number, place, cell.text if cell else "", look)
        page.write_string(number, last, row.place, looks["plain"])
        page.write_string(number, last + 1, _problems(sheet, row), looks["bad" if row.problems else "plain"])
    page.autofilter(0, 0, max(len(rows), 1), last + 1)
    return page


def disposition(name: str) -> str:
    """Content-Disposition of a download with a Chinese name."""
    return f"attachment; filename*=UTF-8''{quote(name)}"


def _looks(book) -> dict:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4EFF2"}),
        "plain": book.add_format({"num_format": "@"}),
        "bad": book.add_format({"num_format": "@", "bg_color": "#FCE9E7", "font_color": "#AC1F17", "border": 1}),
    }


def _write_words(page, lists: list[list[str]]) -> None:
    """The words of each list fill one column of a hidden sheet."""
    for number, line in enumerate(zip_longest(*lists, fillvalue="")):
        for place, word in enumerate(line):
            page.write_string(number, place, word)


def _add_lists(page, sheet: Sheet, rows: int, first: int, by: Actor) -> None:
    """Drop-downs; the words of the first column of this sheet fill column `first` of the hidden sheet."""
    for place, column in enumerate(sheet.columns):
        if labels := column.words(by):
            letter = get_column_letter(first + place + 1)
            rule = {"validate": "list", "source": f"='{WORDS}'!${letter}$1:${letter}${len(labels)}"}
            page.data_validation(1, place, max(rows, 1), place, rule | NOT_IN_LIST)


def _problems(sheet, row) -> str:
    labels = {column.name: column.label for column in sheet.columns}
    return "；".join(f"{labels.get(name, '整行')}：{problem}" for name, problem in row.problems.items())


def _head_cell(cell, column) -> None:
    cell.value = f"{column.label} *" if column.required else column.label
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E4EFF2")
    cell.alignment = Alignment(vertical="center")
    if column.example:
        cell.comment = Comment(f"例：{column.example}", "实名")


def _drop_down(page, words, letter, place, labels) -> None:
    """`place` is the column of the hidden sheet that takes the labels."""
    for number, label in enumerate(labels, 1):
        words.cell(number, place).value = label
    column = get_column_letter(place)
    source = f"'{words.title}'!${column}$1:${column}${max(len(labels), 1)}"
    rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.error, rule.errorTitle = NOT_IN_LIST["error_message"], NOT_IN_LIST["error_title"]
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")


def _bytes(book) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
