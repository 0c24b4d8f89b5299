"""Exported files: text, formulas, watermark, memory, print setup."""

import csv
import datetime
import io
import tracemalloc
from tempfile import TemporaryFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from shiming.core.errors import Invalid
from shiming.core.privacy import Secret
from shiming.web import export
from shiming.web.export import csv_lines, write_csv, write_xlsx
from shiming.web.table import Column

COLUMNS = [
    Column("姓名", "name"),
    Column("身份证号", "id_number", kind="id"),
    Column("工日", "days", kind="number"),
    Column("进场日期", "entered_on", kind="date"),
]
ROWS = [
    {"name": "张三", "id_number": Secret("119900199001010015"), "days": 22, "entered_on": datetime.date(2025, 3, 1)},
    {"name": "李四", "id_number": Secret("119900199002020026"), "days": 0, "entered_on": None},
]


def written(rows, **kwargs):
    buffer = io.BytesIO()
    write_xlsx(buffer, COLUMNS, rows, title="花名册", **kwargs)
    buffer.seek(0)
    return buffer


def read(lines):
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))


def test_file_holds_masks_numbers_and_dates():
    sheet = CalamineWorkbook.from_filelike(written(ROWS)).get_sheet_by_name("花名册").to_python()
    assert sheet == [
        ["姓名", "身份证号", "工日", "进场日期"],
        ["张三", "119*****015", 22.0, datetime.date(2025, 3, 1)],
        ["李四", "119*****026", 0.0, ""],
    ]


@pytest.mark.parametrize(
    "write", [lambda: written(ROWS).getvalue(), lambda: "".join(csv_lines(COLUMNS, ROWS)).encode()]
)
def test_id_number_is_masked_in_file(write):
    assert b"119900199001010015" not in write()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+8613800000000",
        "-1",
        "@SUM(A1)",
        "  =1",
        "\t=1",
        "＝1",
        '=HYPERLINK("x")',
        "\u200b=1",
        "\u00a0+1",
        "\ufeff@x",
        '"=1',
        "'-1",
    ],
)
def test_formula_like_text_stays_text(text):
    row = ROWS[0] | {"name": text}
    sheet = load_workbook(written([row])).active

    assert read(csv_lines(COLUMNS, [row]))[1][0] == f"'{text}"
    assert (sheet["A2"].data_type, sheet["A2"].value.strip()) == ("s", text.strip())


def test_negative_number_stays_a_number():
    row = ROWS[0] | {"days": -3}
    assert read(csv_lines(COLUMNS, [row]))[1][2] == "-3"
    assert load_workbook(written([row])).active["C2"].value == -3


def test_digits_and_links_stay_text():
    sheet = load_workbook(written([ROWS[0] | {"name": "007"}, ROWS[0] | {"name": "http://x.invalid/"}])).active
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A3"].hyperlink) == ("007", "s", None)


def test_file_holds_the_watermark():
    sheet = load_workbook(written(ROWS, watermark="王人事 2025-06-03 导出")).active
    assert sheet["A5"].value == "王人事 2025-06-03 导出"
    assert read(csv_lines(COLUMNS, ROWS, watermark="王人事 导出"))[-1] == ["王人事 导出"]


def test_csv_counts_rows_and_quotes_watermark():
    file = io.BytesIO()
    assert write_csv(file, COLUMNS, ROWS, watermark="=恶意企业 王人事 导出") == 2
    assert write_csv(io.BytesIO(), COLUMNS, []) == 0
    assert read([file.getvalue().decode()])[-1] == ["'=恶意企业 王人事 导出"]


def test_forbidden_sheet_title_is_cleaned():
    buffer = io.BytesIO()
    write_xlsx(buffer, COLUMNS, [], title="在场/总数: [滨江一期]" + "很" * 40)
    assert len(load_workbook(buffer).active.title) <= 31


def test_long_list_uses_constant_memory():
    peaks = [_peak_of(number) for number in (2_000, 6_000)]
    assert peaks[1] < peaks[0] * 1.1, peaks


def _peak_of(number: int) -> int:
    rows = (ROWS[line % 2] | {"name": f"工人{line}"} for line in range(number))
    with TemporaryFile() as file:
        tracemalloc.start()
        write_xlsx(file, COLUMNS, rows, title="花名册")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_print_setup_is_a4_with_heads():
    firm = "湖北省鄂州市新世纪建筑装饰劳务分包工程有限责任公司"
    sheet = load_workbook(written([ROWS[0] | {"name": firm}, ROWS[1]])).active

    paper = sheet.page_setup
    assert (paper.orientation, int(paper.paperSize), int(paper.fitToHeight)) == ("landscape", export.A4, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == "$1:$1"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D3")
    assert sheet.column_dimensions["A"].width >= 2 * len(firm)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(export, "MOST", 2)
    assert written(ROWS)
    with pytest.raises(Invalid, match="Excel 一张表最多 2 行"):
        written([*ROWS, *ROWS])
