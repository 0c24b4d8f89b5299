"""Parse tables of every supported file format. Imported by the reader process, without Django."""

import csv
import datetime
import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import islice
from typing import NamedTuple

from shiming.web import cleaning

ROWS_PER_SHEET = 100_000
COLUMNS_PER_SHEET = 100
CELLS_PER_FILE = 1_000_000  # non-empty ones; the server holds all of them in memory
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BYTES_SEARCHED = 100_000_000  # a larger sheet is not searched for formulas without a result
ENCODINGS = ("utf-8-sig", "gb18030")
FORMULAS_AND_ERRORS = (
    (re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]{0,300}><f[^>]{0,300}>([^<]*)</f>(?:<v\s*/>|<v></v>)?</c>'), "f", "="),
    (
        re.compile(
            rb'<c r="([A-Z]+)(\d+)"[^>]{0,300}\bt="e"[^>]{0,300}>(?:<f[^>]{0,300}>[^<]*</f>)?<v>([^<]*)</v></c>'
        ),
        "e",
        "",
    ),
)
HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]{0,300}\bhidden="(?:1|true)")[^>]{0,300}\br="(\d+)"')
NO_WORKBOOK = "这不是 Excel 工作簿（.xlsx）或 CSV，请下载模板填写"

SHEETS_PER_FILE = 60
LINES_PER_FILE = 1_200_000  # of all sheets, empty lines included
TOO_LONG = "各张工作表用到的行太多，多半是下面有多余的空行：请删除后重新保存"

Cells = list[list[list[str]]]


class Page(NamedTuple):
    """One sheet of a workbook. `refused`: why it was not read; `hidden`: indexes of lines hidden by a filter."""

    name: str
    rows: Cells
    refused: str = ""
    hidden: list[int] = []


class BadFile(Exception):
    """The file as a whole cannot be read; its only argument, a sentence or a Refusal, names the next step."""


def is_workbook(content: bytes) -> bool:
    return content[:2] == b"PK" or content[:4] == OLD_EXCEL


def parse(content: bytes) -> list[Page]:
    """The visible sheets that are not empty, each up to its last filled row."""
    from python_calamine import CalamineWorkbook

    if content[:4] == OLD_EXCEL and ENCRYPTED in content:
        raise BadFile("文件加了密码，请去掉密码后再导入")
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except Exception:
        raise BadFile(_unreadable(content)) from None
    shown = [place for place, sheet in enumerate(book.sheets_metadata) if str(sheet.visible).endswith(".Visible")]
    return _readable(_pages(book, (shown or [0])[:SHEETS_PER_FILE], content))


def parse_text(content: bytes) -> list[Page]:
    """A .csv in UTF-8 or GBK, or the tables of a web page."""
    text = _decoded(content)
    if re.match(r"\s*<(!doctype|html|table|\?xml|meta|head|body|style)\b", text, re.IGNORECASE):
        return _readable(_from_page(text))
    delimiter = max(",\t;", key=text[:4096].count)
    if not text[:4096].count(delimiter):
        raise BadFile(NO_WORKBOOK)
    try:
        return [Page("", _limited(_typed_lines(csv.reader(StringIO(text, newline=""), delimiter=delimiter))))]
    except csv.Error:
        raise BadFile("CSV 文件读不出来，请用 Excel 打开后另存为 .xlsx 再试") from None


def _readable(pages: list[Page]) -> list[Page]:
    """Raise BadFile when every sheet was refused, or when all sheets together hold more than CELLS_PER_FILE cells."""
    if pages and all(page.refused for page in pages):
        raise BadFile(pages[0].refused)
    if sum(_filled(page.rows) for page in pages) > CELLS_PER_FILE:
        raise BadFile(f"各张工作表一共超过 {CELLS_PER_FILE:,} 格，请分成几个文件导入")
    return pages or [Page("", [])]


def _pages(book, places: list[int], content: bytes) -> list[Page]:
    """Stop after LINES_PER_FILE: sheets formatted down to Excel's last line take too long."""
    pages, lines = [], 0
    for place in places:
        name = book.sheet_names[place]
        if lines > LINES_PER_FILE:
            pages.append(Page(name, [], TOO_LONG))
            continue
        try:
            sheet = _opened(book, place, content)
            lines += sheet.total_height
            xml = _sheet_part(content, place) if content[:2] == b"PK" else b""
            pages.append(Page(name, _sheet_rows(sheet, xml), hidden=_hidden(xml)))
        except BadFile as problem:
            pages.append(Page(name, [], str(problem)))
    return [page for page in pages if page.rows or page.refused]


def _opened(book, place: int, content: bytes):
    try:
        return book.get_sheet_by_index(place)
    except Exception:
        raise BadFile(_unreadable(content)) from None


def _sheet_rows(sheet, xml: bytes) -> Cells:
    if sheet.total_width >= COLUMNS_PER_SHEET:  # calamine returns the index of the last column
        raise BadFile(_too_large(sheet))
    rows = _rows(sheet)
    _mark_formulas(rows, xml)
    _fill_down(rows, sheet)
    return _limited(rows)


def _rows(sheet) -> Cells:
    """Formatted but empty rows beyond the limit are ignored; a filled one is refused."""
    rows: Cells = []
    left = [[]] * (sheet.start[1] if sheet.start else 0)  # calamine drops leading empty columns, but no rows
    for number, row in enumerate(sheet.iter_rows()):
        if number < ROWS_PER_SHEET:
            rows.append([*left, *map(_cell, row)])
        elif any(_cell(value) for value in row if value != ""):
            raise BadFile(_too_large(sheet))
    return rows


def _fill_down(rows: Cells, sheet) -> None:
    """Repeat a cell that is merged over several lines of one column (a crew over its people) in each line."""
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:ROWS_PER_SHEET]:
        if left != right or bottom == top or top >= len(rows) or left >= len(rows[top]):
            continue
        for line in rows[top + 1 : bottom + 1]:
            line += [[] for _ in range(left + 1 - len(line))]
            line[left] = line[left] or rows[top][left]


def _unreadable(content: bytes) -> str:
    if content[:4] == OLD_EXCEL:
        return "文件加了密码或是读不出来的旧版 .xls，请去掉密码并另存为 .xlsx"
    return "文件读不出来，请用模板重新保存为 .xlsx 后再试"


def _too_large(sheet) -> str:
    used = f"这张表用到了第 {sheet.total_height + 1:,} 行、{sheet.total_width + 1} 列"
    return (
        f"{used}，一次最多 {ROWS_PER_SHEET:,} 行、{COLUMNS_PER_SHEET} 列。多半是下面有多余的空行或空格："
        "请删除内容以外的行和列后重新保存，内容真有这么多的分成几个文件"
    )


def _cell(value) -> list[str]:
    if isinstance(value, bool):
        return ["s", "是" if value else "否"]
    if isinstance(value, float | int):
        return ["n", str(int(value)) if float(value).is_integer() else repr(value)]
    if isinstance(value, datetime.date | datetime.datetime):
        return ["d", value.isoformat()[:10]]
    return _typed(str(value))


def _typed_lines(lines) -> Cells:
    rows, filled = [], 0
    for line in lines:
        rows.append([_typed(value) for value in line])
        filled += len(line)
        if filled > 2 * CELLS_PER_FILE:  # refuse before reading the rest
            raise BadFile(f"表格超过 {CELLS_PER_FILE:,} 格，请分成几个文件导入")
    return rows


def _typed(value: str) -> list[str]:
    """Drop the marks that keep digits in Excel ('0023, ="0023") and invisible characters added by chat programs."""
    text = cleaning.visible(value).strip().removeprefix("'")
    if text[:2] == '="':
        text = text[2:].removesuffix('"')
    return ["s", text.strip()] if text.strip() else []


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise BadFile(NO_WORKBOOK)


def _limited(rows: Cells) -> Cells:
    rows = _without_empty_end(rows)
    widest = max(map(len, rows), default=0)
    if len(rows) > ROWS_PER_SHEET or widest > COLUMNS_PER_SHEET or _filled(rows) > CELLS_PER_FILE:
        most = f"一次最多 {ROWS_PER_SHEET:,} 行、{COLUMNS_PER_SHEET} 列、{CELLS_PER_FILE:,} 格"
        raise BadFile(f"表格有 {len(rows):,} 行、{widest} 列，{most}，请分成几个文件导入")
    return rows


def _filled(rows: Cells) -> int:
    return sum(map(bool, (cell for row in rows for cell in row)))


def _without_empty_end(rows: Cells) -> Cells:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


class _Tables(HTMLParser):
    """The tables of a web page, nested or not, as rows of cell texts; a cell with a colspan fills its first column."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[list[list[str]]] = []
        self.place = -1  # outside of a cell

    def handle_starttag(self, tag, attrs):
        if tag not in ("table", "tr", "td", "th"):
            return
        self.place = -1
        if tag == "table":
            self.open.append([])
            self.tables += [self.open[-1]] if len(self.tables) < SHEETS_PER_FILE else []
        elif tag == "tr" and self.open:
            self.open[-1].append([])
        elif tag in ("td", "th") and self.open and self.open[-1]:
            self._begin_cell(dict(attrs).get("colspan") or "1")

    def _begin_cell(self, span):
        row = self.open[-1][-1]
        self.place = len(row)
        row += [""] * (min(int(span), COLUMNS_PER_SHEET) if span.isdigit() else 1)

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tr", "table"):
            self.place = -1
        if tag == "table" and self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.place >= 0:
            self.open[-1][-1][self.place] += data


def _from_page(text: str) -> list[Page]:
    page = _Tables()
    page.feed(text)
    if not any(page.tables):
        raise BadFile(NO_WORKBOOK)
    return [_from_table(f"第 {number} 个表格", rows) for number, rows in enumerate(page.tables, 1) if rows]


def _from_table(name: str, rows: list[list[str]]) -> Page:
    try:
        return Page(name, _limited([[_typed(value.replace("\xa0", " ")) for value in row] for row in rows]))
    except BadFile as problem:
        return Page(name, [], str(problem))


def _hidden(xml: bytes) -> list[int]:
    return [int(match[1]) - 1 for match in islice(HIDDEN_ROW.finditer(xml), ROWS_PER_SHEET)]


def _mark_formulas(rows: Cells, xml: bytes) -> None:
    """Fill in formulas without a stored result, and #N/A, which calamine reads as empty."""
    for pattern, kind, sign in FORMULAS_AND_ERRORS:
        for match in pattern.finditer(xml):
            column, line = _column(match[1].decode()), int(match[2]) - 1
            if line < ROWS_PER_SHEET and column < COLUMNS_PER_SHEET:
                rows += [[] for _ in range(line + 1 - len(rows))]
                rows[line] += [[] for _ in range(column + 1 - len(rows[line]))]
                rows[line][column] = rows[line][column] or [kind, sign + match[3].decode("utf-8", "replace")[:60]]


def _sheet_part(content: bytes, place: int) -> bytes:
    """The XML of a sheet when it may hold formulas, errors or hidden rows and is not too large to search, else b""."""
    archive = zipfile.ZipFile(BytesIO(content))
    book, links = (archive.read(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    ids = re.findall(rb'<(?:\w+:)?sheet\b[^>]*\br:id="([^"]+)"', book)
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in re.findall(rb"<Relationship\b[^>]*>", links)
    }
    name = targets.get(ids[place], b"").decode().lstrip("/") if place < len(ids) else ""
    name = name if name.startswith("xl/") else f"xl/{name}"
    if name not in archive.namelist() or archive.getinfo(name).file_size > BYTES_SEARCHED:
        return b""
    page = archive.read(name)
    return page if any(sign in page for sign in (b"<f", b't="e"', b'hidden="')) else b""


def _attribute(tag: bytes, name: bytes) -> bytes:
    found = re.search(rb"\b" + name + rb'="([^"]*)"', tag)
    return found[1] if found else b""


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
