"""The cells of a table, whatever kind of file it stands in. Loaded by the reader's own process, without Django."""

import csv
import datetime
import re
import zipfile
from html.parser import HTMLParser
from io import BytesIO, StringIO
from itertools import islice
from typing import NamedTuple

MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CELLS = 1_000_000  # with something in them: what the server must hold at once
OLD = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FORMULAS_READ_TO = 100_000_000  # bytes of a sheet that is searched for formulas without a result
ENCODINGS = ("utf-8-sig", "gb18030")
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MARKED = (
    (re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]{0,300}><f[^>]{0,300}>([^<]*)</f>(?:<v\s*/>|<v></v>)?</c>'), "f", "="),
    (
        re.compile(
            rb'<c r="([A-Z]+)(\d+)"[^>]{0,300}\bt="e"[^>]{0,300}>(?:<f[^>]{0,300}>[^<]*</f>)?<v>([^<]*)</v></c>'
        ),
        "e",
        "",
    ),
)
HIDDEN = re.compile(rb'<row\b(?=[^>]{0,300}\bhidden="(?:1|true)")[^>]{0,300}\br="(\d+)"')
NO_WORKBOOK = "这不是 Excel 工作簿（.xlsx）或 CSV，请下载模板填写"

MOST_PAGES = 60
MOST_LINES = 1_200_000  # of all sheets, the empty ones too
TOO_LONG = "各张工作表用到的行太多，多半是下面有多余的空行：请删除后重新保存"

Cells = list[list[list[str]]]


class Page(NamedTuple):
    """One sheet of a workbook, or why it was not read; `hidden` are the lines a filter hides, counted from 0."""

    name: str
    rows: Cells
    refused: str = ""
    hidden: list[int] = []


class BadFile(Exception):
    """The file as a whole cannot be taken; the sentence says what to do."""


def is_workbook(content: bytes) -> bool:
    return content[:2] == b"PK" or content[:4] == OLD


def parse(content: bytes) -> list[Page]:
    """The visible sheets that hold anything, each up to the last row with something in it."""
    from python_calamine import CalamineWorkbook

    if content[:4] == OLD and ENCRYPTED in content:
        raise BadFile("文件加了密码，请去掉密码后再导入")
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except Exception:
        raise BadFile(_unreadable(content)) from None
    shown = [place for place, sheet in enumerate(book.sheets_metadata) if str(sheet.visible).endswith(".Visible")]
    return _readable(_pages(book, (shown or [0])[:MOST_PAGES], content))


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
    """Somebody's table among sheets of another kind is read; more than the server can hold is not."""
    if pages and all(page.refused for page in pages):
        raise BadFile(pages[0].refused)
    if sum(_filled(page.rows) for page in pages) > MOST_CELLS:
        raise BadFile(f"各张工作表一共超过 {MOST_CELLS:,} 格，请分成几个文件导入")
    return pages or [Page("", [])]


def _pages(book, places: list[int], content: bytes) -> list[Page]:
    """Nobody waits for sheet after sheet that reaches down to the last line Excel has."""
    pages, looked_at = [], 0
    for place in places:
        name = book.sheet_names[place]
        if looked_at > MOST_LINES:
            pages.append(Page(name, [], TOO_LONG))
            continue
        try:
            sheet = _opened(book, place, content)
            looked_at += sheet.total_height
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
    if sheet.total_width >= MOST_COLUMNS:  # calamine names the last one, counted from 0
        raise BadFile(_too_large(sheet))
    rows = _rows(sheet)
    _mark_formulas(rows, xml)
    _fill_down(rows, sheet)
    return _limited(rows)


def _rows(sheet) -> Cells:
    """Formatted but empty rows below the table are nothing; one with something in it is too many."""
    rows: Cells = []
    left = [[]] * (sheet.start[1] if sheet.start else 0)  # calamine leaves empty columns out, but no rows
    for number, row in enumerate(sheet.iter_rows()):
        if number < MOST_ROWS:
            rows.append([*left, *map(_cell, row)])
        elif any(_cell(value) for value in row if value != ""):
            raise BadFile(_too_large(sheet))
    return rows


def _fill_down(rows: Cells, sheet) -> None:
    """What is merged over several lines of one column (a crew over its people) stands in each of them."""
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or [])[:MOST_ROWS]:
        if left != right or bottom == top or top >= len(rows) or left >= len(rows[top]):
            continue
        for line in rows[top + 1 : bottom + 1]:
            line += [[] for _ in range(left + 1 - len(line))]
            line[left] = line[left] or rows[top][left]


def _unreadable(content: bytes) -> str:
    if content[:4] == OLD:
        return "文件加了密码或是读不出来的旧版 .xls，请去掉密码并另存为 .xlsx"
    return "文件读不出来，请用模板重新保存为 .xlsx 后再试"


def _too_large(sheet) -> str:
    used = f"这张表用到了第 {sheet.total_height + 1:,} 行、{sheet.total_width + 1} 列"
    return (
        f"{used}，一次最多 {MOST_ROWS:,} 行、{MOST_COLUMNS} 列。多半是下面有多余的空行或空格："
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
        if filled > 2 * MOST_CELLS:  # nobody waits for the rest
            raise BadFile(f"表格超过 {MOST_CELLS:,} 格，请分成几个文件导入")
    return rows


def _typed(value: str) -> list[str]:
    """What people write to make Excel keep digits ('0023, ="0023") and what chat programs add unseen is no text."""
    text = UNSEEN.sub("", value).strip().removeprefix("'")
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
    if len(rows) > MOST_ROWS or widest > MOST_COLUMNS or _filled(rows) > MOST_CELLS:
        most = f"一次最多 {MOST_ROWS:,} 行、{MOST_COLUMNS} 列、{MOST_CELLS:,} 格"
        raise BadFile(f"表格有 {len(rows):,} 行、{widest} 列，{most}，请分成几个文件导入")
    return rows


def _filled(rows: Cells) -> int:
    return sum(map(bool, (cell for row in rows for cell in row)))


def _without_empty_end(rows: Cells) -> Cells:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


class _Tables(HTMLParser):
    """The tables of a page, one in another or not: rows and what stands in their cells; what spans stands in its
    first place."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[list[list[str]]] = []
        self.place = -1  # outside of any cell

    def handle_starttag(self, tag, attrs):
        if tag not in ("table", "tr", "td", "th"):
            return
        self.place = -1
        if tag == "table":
            self.open.append([])
            self.tables += [self.open[-1]] if len(self.tables) < MOST_PAGES else []
        elif tag == "tr" and self.open:
            self.open[-1].append([])
        elif tag in ("td", "th") and self.open and self.open[-1]:
            self._begin_cell(dict(attrs).get("colspan") or "1")

    def _begin_cell(self, span):
        row = self.open[-1][-1]
        self.place = len(row)
        row += [""] * (min(int(span), MOST_COLUMNS) if span.isdigit() else 1)

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
    return [int(match[1]) - 1 for match in islice(HIDDEN.finditer(xml), MOST_ROWS)]


def _mark_formulas(rows: Cells, xml: bytes) -> None:
    """A formula whose result was never kept, and #N/A, read as empty: better to say what they are."""
    for pattern, kind, sign in MARKED:
        for match in pattern.finditer(xml):
            column, line = _column(match[1].decode()), int(match[2]) - 1
            if line < MOST_ROWS and column < MOST_COLUMNS:
                rows += [[] for _ in range(line + 1 - len(rows))]
                rows[line] += [[] for _ in range(column + 1 - len(rows[line]))]
                rows[line][column] = rows[line][column] or [kind, sign + match[3].decode("utf-8", "replace")[:60]]


def _sheet_part(content: bytes, place: int) -> bytes:
    """The XML of the sheet at this place, when it may hold what we search for and is of a size one can search."""
    archive = zipfile.ZipFile(BytesIO(content))
    book, links = (archive.read(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    ids = re.findall(rb'<(?:\w+:)?sheet\b[^>]*\br:id="([^"]+)"', book)
    targets = {
        _attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in re.findall(rb"<Relationship\b[^>]*>", links)
    }
    name = targets.get(ids[place], b"").decode().lstrip("/") if place < len(ids) else ""
    name = name if name.startswith("xl/") else f"xl/{name}"
    if name not in archive.namelist() or archive.getinfo(name).file_size > FORMULAS_READ_TO:
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
