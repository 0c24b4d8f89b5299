"""The problems of import rows are refusals, from the check to the workbook that prints them."""

import ast
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

import shiming
from shiming.core.refusals import Refusal, refusal, unnumbered, worded
from shiming.imports import commands as imports
from shiming.imports import preview, sheet, workbooks
from shiming.imports.cells import Cell
from shiming.imports.sheet import SHEETS, Row
from tests.cast import invented_id
from tests.tables import commit, upload

SOURCES = [path for path in Path(shiming.__file__).parent.rglob("*.py") if "tests" not in path.parts]
# One wrong value for each column of one of the kinds below, found by different checks.
WRONG = {
    "name": "张三",
    "number": invented_id(1)[:-1],
    "phone": "1549900",
    "trade": "没有的工种",
    "contract_start": "昨天",
    "station": "没有的监督站",
    "filing_code": "00000",
    "credit_code": "1",
    "project": "没有的项目",
    "company": "没有的企业",
    "entered_on": "2024-03-15",
    "exited_on": "2024-03-14",
    "team": "没有的班组",
    "leader_number": invented_id(2),
}


def problems_of(code: str, by, cells: dict[str, str]) -> dict[str, Refusal]:
    row = Row(2, {name: Cell("s", text) for name, text in cells.items()})
    sheet.check(SHEETS[code], [row], by)
    return row.problems


def found(code: str, by) -> list[Refusal]:
    """Problems of an empty row, of a row with wrong cells, and of rows refused only by the check of the sheet."""
    columns = {column.name: column.example for column in SHEETS[code].columns}
    readable = {"name": "张三", "number": invented_id(1), "credit_code": "", "phone": ""}
    rows = [
        {},
        {name: WRONG[name] for name in columns if name in WRONG},
        {name: readable.get(name, WRONG.get(name, "")) for name in columns if name not in ("trade", "contract_start")},
    ]
    return [problem for cells in rows for problem in problems_of(code, by, cells).values()]


@pytest.mark.parametrize("code", sorted(SHEETS))
def test_every_problem_of_a_row_is_a_refusal(cast, code):
    problems = found(code, cast.admin if code in ("past", "companies", "projects") else cast.hr)

    assert problems and [problem for problem in problems if not isinstance(problem, Refusal)] == []


def test_rows_are_refused_through_refuse_alone():
    """An assignment to `row.problems[…]` outside the module would bypass Refusal values."""
    wrong = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
        if getattr(node.value, "attr", "") == "problems" and path != Path(sheet.__file__)
    ]
    assert wrong == []


def test_stored_rows_keep_their_refusals(cast):
    number, phone = invented_id(810), "1549900"
    item = upload(
        "employments", cast.hr, ["姓名", "身份证号", "手机号", "合同开始日期"], ["甲一", number, phone, "昨天"]
    )
    (row,) = imports.rows_of(item)

    assert (row.problems["phone"], row.codes) == (refusal("R-13"), ["R-13", "V-01"])


def test_page_and_marked_workbook_print_the_code_unless_there_is_none(cast):
    heads, line = ["姓名", "身份证号", "手机号", "合同开始日期"], ["甲一", invented_id(810), "1549900", "昨天"]
    item = upload("employments", cast.hr, heads, line)
    rows = imports.rows_of(item)
    (table,) = preview.bad_rows(SHEETS["employments"], rows, cast.hr)
    (shown,) = table.rows
    marked = load_workbook(BytesIO(workbooks.marked(SHEETS["employments"], rows, cast.hr))).worksheets[0]

    texts = {cell.label: str(cell.problem) for cell in shown.cells if cell.problem}
    assert texts == {
        "联系手机号": "手机号应为 11 位（R-13）",
        "劳动合同生效日期": "日期写成 2024-03-15 这样，年月日都要有",
    }
    assert marked.cell(2, marked.max_column).value == "；".join(f"{label}：{text}" for label, text in texts.items())


def test_row_refused_at_the_commit_is_listed_with_its_refusal(cast):
    person = cast.person("赵已实名")
    item = upload("employments", cast.hr, ["姓名", "身份证号"], ["赵已实名", person.id_number.plain])
    cast.employment(person, cast.hengli)
    done = commit(item, cast.hr)

    assert done.refusals == [("2", refusal("R-05"))]


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (refusal("R-07"), "姓名与身份证号不一致（R-07）"),
        (refusal("R-10", label="姓名"), "请填写：姓名（R-10）"),
        (worded("R-29", "没有这个项目", hint="，请先导入"), "没有这个项目（R-29），请先导入"),
        (unnumbered("最多 5 个字"), "最多 5 个字"),
    ],
)
def test_refusal_prints_its_code_after_the_sentence(value, printed):
    assert str(value) == printed
