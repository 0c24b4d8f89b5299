"""The reader process: kinds of cells, bombs, other formats."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from shiming.imports import reader
from shiming.imports.reader import BadFile, inspect
from tests.tables import workbook


def read(content: bytes) -> list:
    """The rows of the only sheet."""
    [page] = reader.read(content)
    return page.rows


def with_part(content: bytes, name: str, data: bytes) -> bytes:
    out = BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def test_cells_keep_kind_without_empty_ends():
    rows = read(workbook(["报建编号", "日期"], ["0023", 15499001234], [None, 2.5], [None, None]))
    assert rows == [[["s", "报建编号"], ["s", "日期"]], [["s", "0023"], ["n", "15499001234"]], [[], ["n", "2.5"]]]


def test_lower_table_keeps_its_line_numbers():
    book, out = Workbook(), BytesIO()
    for place, text in {"C4": "姓名", "D4": "班组", "C5": "甲一", "D5": "木工班", "C6": "=A9"}.items():
        book.active[place] = text
    book.active.merge_cells("D5:D6")
    book.save(out)
    rows = read(out.getvalue())

    empty = [[], []]
    assert rows[3:] == [
        [*empty, ["s", "姓名"], ["s", "班组"]],
        [*empty, ["s", "甲一"], ["s", "木工班"]],
        [*empty, ["f", "=A9"], ["s", "木工班"]],
    ]


def test_zip_bomb_is_refused_before_parsing():
    bomb = with_part(workbook(["a"]), "xl/worksheets/sheet2.xml", b"0" * 30_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(BadFile, match="展开后过大"):
        read(bomb)


def test_forged_size_is_counted_while_inflating():
    bomb = bytearray(with_part(workbook(["a"]), "xl/worksheets/sheet2.xml", b"0" * 30_000_000))
    stated, small = (30_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert bomb.count(stated) >= 2
    with pytest.raises(BadFile):
        inspect(bytes(bomb).replace(stated, small))


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/externalLinks/externalLink1.xml", "链接"),
        ("xl/embeddings/object1.bin", "嵌入"),
        ("../outside.xml", "异常"),
        ("/etc/passwd", "异常"),
    ],
)
def test_macros_links_and_odd_names_are_refused(part, message):
    with pytest.raises(BadFile, match=message):
        inspect(with_part(workbook(["a"]), part, b"x"))


def test_too_many_parts_are_refused():
    out = BytesIO(workbook(["a"]))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(reader.PARTS_PER_WORKBOOK):
            archive.writestr(f"xl/media/{number}", b"")
    with pytest.raises(BadFile, match="异常"):
        inspect(out.getvalue())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "不是 Excel"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 100, "密码或是读不出来的旧版"),
        (b"PK\x03\x04 broken", "不是 Excel"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "不是 Excel"),
        ("一行没有分隔的话".encode("gbk"), "不是 Excel"),
    ],
)
def test_other_format_is_refused_with_reason(content, message):
    with pytest.raises(BadFile, match=message):
        read(content)


def test_file_over_limit_is_not_read(monkeypatch):
    with pytest.raises(BadFile, match="超过 10 MB"):
        read(b"0" * (reader.LARGEST_FILE + 1))


def test_damaged_sheet_is_refused_with_sentence():
    broken = with_part(workbook(["a"]), "xl/worksheets/sheet1.xml", b"<not xml")
    with pytest.raises(BadFile, match=r"读不出来|损坏"):
        read(broken)
