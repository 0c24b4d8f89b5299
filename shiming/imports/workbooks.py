"""The two workbooks of an import: the empty template, and the uploaded rows with their bad cells marked."""

from io import BytesIO
from itertools import zip_longest
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
from shiming.imports.sheet import Column, Row, Sheet

TEMPLATE_ROWS = 5_000  # rows with drop-downs
TEXT_ROWS = 200  # rows formatted as text
SAFE = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WORDS = "选项"
NOT_IN_LIST = {"error_title": "填写有误", "error_message": "请从下拉列表中选择"}
ADDED = (Column("line", LINE, text(40), width=12), Column("problem", PROBLEM, text(500), width=60))
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(sheet: Sheet, by: Actor) -> bytes:
    """Headings with their examples, every column as text, drop-downs for columns with a list."""
    book = Workbook()
    page, words = book.active, book.create_sheet(WORDS)
    page.title, words.sheet_state = sheet.label, "hidden"
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        _head_cell(page.cell(1, place), column)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = "@"
        for number in range(2, TEXT_ROWS + 2):
            page.cell(number, place).number_format = "@"
        if column.choices or column.offers:
            _drop_down(page, words, letter, place, column.words(by))
    return _bytes(book)


def marked(sheet: Sheet, rows: list[Row], by: Actor) -> bytes:
    """The uploaded rows for correction and a second upload: bad cells are red, the last columns hold the original
    line and the problems, columns with a list have a drop-down."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, SAFE)
    page, looks = book.add_worksheet(sheet.label), _looks(book)
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
    _lists(book, page, sheet, len(rows), by)
    book.close()
    return out.getvalue()


def disposition(name: str) -> str:
    """Content-Disposition of a download with a Chinese name."""
    return f"attachment; filename*=UTF-8''{quote(name)}"


def _looks(book) -> dict:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4EFF2"}),
        "plain": book.add_format({"num_format": "@"}),
        "bad": book.add_format({"num_format": "@", "bg_color": "#FCE9E7", "font_color": "#AC1F17", "border": 1}),
    }


def _lists(book, page, sheet, count, by) -> None:
    """Drop-downs: the words of each list fill one column of a hidden sheet."""
    words = book.add_worksheet(WORDS)
    words.hide()
    lists = [column.words(by) for column in sheet.columns]
    for number, line in enumerate(zip_longest(*lists, fillvalue="")):
        for place, word in enumerate(line):
            words.write_string(number, place, word)
    for place, labels in enumerate(lists):
        if labels:
            letter = get_column_letter(place + 1)
            rule = {"validate": "list", "source": f"='{WORDS}'!${letter}$1:${letter}${len(labels)}"}
            page.data_validation(1, place, max(count, 1), place, rule | NOT_IN_LIST)


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
    for number, label in enumerate(labels, 1):
        words.cell(number, place).value = label
    source = f"'{words.title}'!${letter}$1:${letter}${max(len(labels), 1)}"
    rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.error, rule.errorTitle = NOT_IN_LIST["error_message"], NOT_IN_LIST["error_title"]
    page.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")


def _bytes(book) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
