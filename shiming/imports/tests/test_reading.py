"""企业手里的旧表：一班一张工作表、封面、合计、签字、分页重复的表头、出错的公式，读进来的和没读的都说清楚。"""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from shiming.imports import commands as imports
from shiming.imports.models import SheetImport, WordChoice
from tests.cast import invented_id
from tests.doors import client_of
from tests.tables import commit, printed, problems, upload

HEADS = ["姓名", "身份证号", "手机号", "工种"]


def worker(serial: int, **instead) -> list:
    found = {
        "name": f"工{'甲乙丙丁戊己庚辛'[serial % 8]}",
        "number": invented_id(700 + serial),
        "phone": "",
        "trade": "木工",
    }
    return list((found | instead).values())


def book(**pages) -> bytes:
    made, out = Workbook(), BytesIO()
    made.remove(made.active)
    for name, lines in pages.items():
        page = made.create_sheet(name)
        for line in lines:
            page.append(line)
    made.save(out)
    return out.getvalue()


def names(item) -> list[str]:
    return [row.values["name"] for row in imports.rows_of(item, values=True)]


def test_crew_sheets_are_read_as_one(cast):
    again = worker(1)
    content = book(木工班=[HEADS, worker(1), worker(2)], 钢筋班=[["钢筋班"], HEADS, worker(3, phone="154"), again])
    item = upload("employments", cast.hr, content=content)

    assert (item.total, item.good) == (4, 2)
    assert item.notes[0] == "2 张工作表表头相同，一起读：木工班、钢筋班"
    found = {row.place: printed(row) for row in imports.rows_of(item) if not row.good}
    assert found == {
        "钢筋班 3": {"phone": "手机号应为 11 位（R-13）"},
        "钢筋班 4": {"number": "与第 木工班 2 行重复"},
    }
    page = client_of(cast.hr).get(f"/imports/files/{item.pk}/").content.decode()
    assert 'aria-label="第 钢筋班 3 行 联系手机号"' in page

    imports.correct(item, {(4, "phone"): "15499000703"}, by=cast.hr)
    item.refresh_from_db()
    assert item.notes[0].startswith("2 张工作表") and (item.good, item.bad) == (3, 1)
    assert commit(item, cast.hr).created == 3


def test_sheet_with_people_is_found(cast):
    content = book(封面=[["劳务人员资料"], ["编制", "审核"]], 说明=[["身份证号填 18 位"]], 名单=[HEADS, worker(1)])
    item = upload("employments", cast.hr, content=content)

    assert names(item) == ["工乙"]
    assert "没有读的工作表：封面、说明" in item.notes


def test_unreadable_sheet_does_not_block_others(cast):
    content = book(考勤=[["日"] * 150], 名单=[HEADS, worker(1)])
    item = upload("employments", cast.hr, content=content)

    assert names(item) == ["工乙"] and "没有读的工作表：考勤" in item.notes


def test_headings_are_assigned_once_per_file(cast):
    strange = ["谁", "号", "电", "活"]
    content = book(封面=[["编制", "审核"]], 木工班=[strange, worker(1)], 钢筋班=[strange, worker(2), worker(3)])
    item = upload("employments", cast.hr, content=content)
    assert item.status == "mapping"

    item = imports.assign_columns(item, {0: "name", 1: "number", 3: "trade"}, by=cast.hr)
    assert [row.place for row in imports.rows_of(item)] == ["木工班 2", "钢筋班 2", "钢筋班 3"]
    assert upload("employments", cast.hr, content=content).good == 3


def test_totals_signatures_headings_are_no_rows(cast):
    lines = [
        ["安泰劳务花名册 第 1 页"],
        HEADS,
        worker(1),
        ["小 计", "1 人"],
        ["安泰劳务花名册 第 2 页"],
        HEADS,
        worker(2),
        ["", invented_id(709), "", "木工"],
        ["合计：", "", "2 人"],
        ["制表人：陈人事", "", "审核："],
        ["备注：按身份证核对"],
    ]
    item = upload("employments", cast.hr, *lines)

    assert (names(item), problems(item)) == (["工乙", "工丙"], {8: {"name": "请填写：姓名（R-10）"}})
    assert "第 4、5、6、9、10、11 行是合计、签字或重复的表头，没有读" in item.notes


@pytest.mark.parametrize("name", ["合计", "制表人：陈人事"])
def test_row_with_number_is_no_signature(cast, name):
    assert upload("employments", cast.hr, HEADS, worker(1, name=name), worker(2)).total == 2


def test_hidden_row_is_read_with_note(cast):
    made, out = (
        load_workbook(BytesIO(book(一=[HEADS, worker(1), worker(2)], 二=[HEADS, worker(3), worker(4)]))),
        BytesIO(),
    )
    for name, line in (("一", 3), ("二", 2), ("二", 30)):
        made[name].row_dimensions[line].hidden = True
    made.save(out)
    item = upload("employments", cast.hr, content=out.getvalue())

    assert item.good == 4 and "第 一 3、二 2 行在文件里是隐藏的（如筛选），也读了" in item.notes


def test_failed_formula_is_not_empty_cell(cast):
    item = upload("employments", cast.hr, HEADS, worker(1, phone="#N/A"))
    assert problems(item) == {2: {"phone": "单元格里是公式出错的结果（如 #N/A），请填写真正的内容"}}


def test_numbers_with_spaces_are_normalised(cast):
    number = invented_id(711)
    lines = [
        worker(1, number=f"'{invented_id(712)}", phone="'15499000712"),
        worker(2, number=f"\u202d{invented_id(713)}\u202c", phone="154 9900 0713"),
        worker(3, number=f"{number[:6]} {number[6:14]}　{number[14:]}", phone="15499000711.0"),
        worker(4, phone="无"),
        worker(5, phone="＋86 154-9900-0715"),
    ]
    item = upload("employments", cast.hr, HEADS, *lines)

    assert problems(item) == {}
    read = [(row.values["number"], row.values["phone"]) for row in imports.rows_of(item, values=True)]
    assert read == [
        (invented_id(712), "15499000712"),
        (invented_id(713), "15499000713"),
        (number, "15499000711"),
        (invented_id(704), ""),
        (invented_id(705), "15499000715"),
    ]


def test_sex_against_number_is_refused(cast):
    heads = ["姓名", "身份证号", "性别"]
    item = upload(
        "employments", cast.hr, heads, *([*worker(n)[:2], sex] for n, sex in enumerate(["男", "女", "", "-"]))
    )
    assert problems(item) == {
        3: {
            "number": "身份证号码无效，请核对第 17 位：与填写的性别不一致（R-03）",
            "sex": "与身份证号不一致，请对照证件核对两格",
        }
    }

    page = client_of(cast.hr).get(f"/imports/files/{item.pk}/").content.decode()
    assert "请对照证件核对两格" in page and "列表里没有" not in page

    imports.correct(item, {(3, "sex"): "男"}, by=cast.hr)
    item.refresh_from_db()
    assert (item.good, item.bad) == (4, 0)


def test_word_in_list_corrects_one_row(cast):
    heads = ["姓名", "身份证号", "性别"]
    item = upload("employments", cast.hr, heads, [*worker(1)[:2], "女"], [*worker(2)[:2], "女"])
    imports.correct(item, {(2, "sex"): "男"}, by=cast.hr)

    assert set(problems(SheetImport.objects.get(pk=item.pk))) == {3}
    assert not WordChoice.objects.exists()


def test_two_line_heading_gives_both_dates(cast):
    lines = [
        ["基本信息", "", "合同", ""],
        ["姓名", "身份证号", "起", "止"],
        [*worker(1)[:2], "2026年3月5日", "无固定期限"],
        [*worker(2)[:2], "2026.3.5", 46450],
    ]
    item = upload("employments", cast.hr, *lines)

    found = [
        (str(row.values["contract_start"]), str(row.values["contract_end"]))
        for row in imports.rows_of(item, values=True)
    ]
    assert found == [("2026-03-05", "None"), ("2026-03-05", "2027-03-04")]


def test_web_page_table_with_people_is_found(cast):
    def table(lines):
        return (
            "<table>"
            + "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in line)}</tr>" for line in lines)
            + "</table>"
        )

    inner = table([HEADS, worker(1), worker(2)])
    page = f"<html><body>{table([['返回', '打印']])}<table><tr><td>{inner}</td></tr></table></body></html>"
    item = upload("employments", cast.hr, content=page.encode("gbk"))

    assert names(item) == ["工乙", "工丙"] and "没有读的工作表：第 1 个表格、第 2 个表格" in item.notes
