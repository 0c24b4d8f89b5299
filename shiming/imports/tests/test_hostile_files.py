"""Hostile files, and files that only look hostile: refused with a sentence, in seconds, within the memory limit."""

import resource
import time
import zipfile
from io import BytesIO

import pytest
import xlsxwriter

from shiming.core import sandbox
from shiming.imports import formats, reader
from shiming.imports.reader import BadFile

SECONDS = 30  # wall clock of a machine busy with other tests; alone each takes at most two
HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>证号</t></is></c></row>'
)


def read(content: bytes) -> list:
    """The rows of the only sheet."""
    [page] = reader.read(content)
    return page.rows


def book(write) -> bytes:
    out = BytesIO()
    made = xlsxwriter.Workbook(out)
    write(made.add_worksheet())
    made.close()
    return out.getvalue()


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet has exactly this XML."""
    source, out = zipfile.ZipFile(BytesIO(book(lambda page: page.write(0, 0, "x")))), BytesIO()
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            whole = f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{xml}</sheetData></worksheet>'
            archive.writestr(name, whole if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return out.getvalue()


def zip_bomb() -> bytes:
    out = BytesIO(book(lambda page: page.write(0, 0, "x")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(300_000_000))
    return out.getvalue()


def million_empty_rows() -> bytes:
    return with_sheet(
        HEAD + "".join(f'<row r="{number}" spans="1:9" s="{number % 977}"/>' for number in range(2, 1_048_577))
    )


def one_cell_at_the_far_end() -> bytes:
    return book(lambda page: (page.write_row(0, 0, ["姓名", "证号"]), page.write(1_048_575, 0, "x")))


def billion_laughs() -> bytes:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = with_sheet(HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>&l9;</t></is></c></row>')
    source, out = zipfile.ZipFile(BytesIO(body)), BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"<worksheet", f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]><worksheet'.encode(), 1)
            archive.writestr(name, text)
    return out.getvalue()


def too_many_cells() -> bytes:
    return ("1," * 99 + "1\n").encode() * 40_000


ANSWERS = [
    (zip_bomb, "展开后过大"),
    (million_empty_rows, None),
    (one_cell_at_the_far_end, "用到了第 1,048,576 行"),
    (billion_laughs, "读不出来"),
    (too_many_cells, "请分成几个文件"),
    (lambda: b'a,b\n"' + b"x" * 9_000_000, "CSV 文件读不出来"),
    (lambda: b"<table><tr>" + b"<td colspan=99999999>x" * 5_000, "请分成几个文件"),
    (lambda: bytes(range(256)) * 4_000, "这不是 Excel"),
    (lambda: b"PK\x03\x04" + bytes(5_000), "这不是 Excel"),
]


@pytest.mark.parametrize(("make", "message"), ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_hostile_file_is_refused_within_limits(make, message):
    content, started = make(), time.monotonic()
    try:
        answer = str(len(read(content)))
    except BadFile as refused:
        answer = str(refused)

    assert message is None or message in answer
    assert time.monotonic() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < reader.MEMORY


def test_formatted_empty_rows_are_no_rows():
    assert read(million_empty_rows()) == [[["s", "姓名"], ["s", "证号"]]]


def test_long_empty_sheets_are_refused_quickly():
    out = BytesIO()
    made = xlsxwriter.Workbook(out)
    made.add_worksheet("名单").write_row(0, 0, ["姓名", "证号"])
    for _ in range(30):
        made.add_worksheet().write(1_048_575, 0, "x")
    made.close()
    first, *far = reader.read(out.getvalue())

    assert first.rows == [[["s", "姓名"], ["s", "证号"]]]
    assert ["用到了第 1,048,576 行" in page.refused for page in far] == [True, True] + [False] * 28
    assert far[-1].refused == formats.TOO_LONG


def test_formula_without_result_is_marked():
    def write(page):
        page.write_row(0, 0, ["姓名", "证号"])
        page.write_formula(1, 0, "=A9", None, "张三")
        page.write_formula(1, 1, '=HYPERLINK("http://example.invalid","x")', None, "")

    assert read(book(write))[1] == [["s", "张三"], ["f", '=HYPERLINK("http://example.invalid","x")']]


def test_slow_reader_is_stopped_with_sentence(monkeypatch):
    monkeypatch.setattr(reader, "WALL_SECONDS", 0.01)
    with pytest.raises(BadFile, match="读不出来或太大"):
        read(book(lambda page: page.write(0, 0, "x")))


def test_reader_environment_has_no_secrets(monkeypatch):
    monkeypatch.setenv("SHIMING_PROXY_SECRET", "secret")
    assert not [name for name in sandbox.environment() if name.startswith(("SHIMING", "DATABASE", "DJANGO"))]
