"""The repeating blocks of managers in Excel: read from sheets of their own, and written beside the exported list."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shiming.core.models import AuditEntry
from shiming.employment.tests.test_manager_import import HEADS, line
from shiming.employment.tests.test_managers import register
from shiming.imports import commands as imports
from shiming.imports import preview, workbooks
from shiming.imports.reader import BadFile
from shiming.imports.sheet import SHEETS
from shiming.people.items import items_of
from shiming.people.models import Credential, EducationItem, Person
from tests.cast import invented_id, phone_number
from tests.doors import client_of
from tests.tables import commit, printed, tally, upload, workbook

pytestmark = pytest.mark.django_db
SCHOOLS = ["身份证号", "就读学校", "开始时间", "截止时间", "专业名称", "是否毕业"]
CREDENTIALS = ["身份证号", "证书编号", "执业名称", "授予单位", "有效期", "备注"]
FULL = {
    "教育经历": [SCHOOLS, [invented_id(401), "城东大学", "1998-09-01", "2002-07-01", "土木工程", "是"]],
    "紧急联系人": [
        ["身份证号", "与本人关系", "姓名", "联系电话"],
        [invented_id(401), "配偶", "钱家属", phone_number(411)],
    ],
    "培训经历": [
        ["身份证号", "培训机构", "课程", "时间", "成绩"],
        [invented_id(401), "城东中心", "安全管理", "2025-03-01", ""],
    ],
    "职称": [
        ["身份证号", "职称名称", "等级", "授予单位", "取得时间", "备注"],
        [invented_id(401), "建筑工程师", "中级", "", "", ""],
    ],
    "执业证书": [CREDENTIALS, [invented_id(401), "AQ-001", "安全生产考核合格证", "", "2030-01-01", ""]],
    "获奖情况": [
        ["身份证号", "奖项名称", "颁发部门", "获奖时间", "备注"],
        [invented_id(401), "安全标兵", "沿河街道", "", ""],
    ],
}


@pytest.fixture
def clerk(cast):
    return cast.clerk


def sent(clerk, *lines, **sheets):
    return upload("managers", clerk, content=workbook(HEADS, *lines, sheets=sheets))


def wrong(item) -> dict[str, dict[str, str]]:
    """Sheet and line → what is wrong at which column."""
    return {row.place: printed(row) for row in imports.rows_of(item) if row.problems}


def counts(person) -> dict[str, int]:
    return {code: len(rows) for code, rows in items_of(person).items() if rows}


def test_every_block_has_its_sheet_and_the_same_again_changes_nothing(clerk):
    lines = (line(401, "钱管"), line(402, "孙管"))
    first, again = (commit(sent(clerk, *lines, **FULL), clerk) for _ in range(2))
    assert (tally(first), tally(again)) == ((2, 0, 0, []), (0, 0, 2, []))
    person = Person.by_id_number(invented_id(401))
    assert counts(person) == dict.fromkeys(items_of(person), 1)
    (school,), (contact,) = items_of(person)["schools"], items_of(person)["contacts"]
    assert (school.school, str(school.finished_on), school.graduated) == ("城东大学", "2002-07-01", True)
    assert (contact.name, contact.phone.plain) == ("钱家属", phone_number(411))
    assert counts(Person.by_id_number(invented_id(402))) == {}


def test_only_blocks_in_the_file_are_replaced_and_the_preview_says_so(clerk):
    items = {
        "schools": [{"school": "旧学校"}, {"school": "城东大学"}],
        "credentials": [{"number": "AQ-1", "name": "证书"}],
    }
    person = register(clerk, invented_id(401), "钱管", items=items).person
    kept = EducationItem.objects.get(school="城东大学").pk
    item = sent(clerk, line(401, "钱管"), 教育经历=[SCHOOLS[:2], [invented_id(401), "城东大学"]])
    assert "1 人已登记：文件里有的各条（教育经历）整块换成文件里的，文件里没有的不动" in item.notes
    assert EducationItem.objects.count() == 2
    commit(item, clerk)
    assert counts(person) == {"schools": 1, "credentials": 1}
    assert EducationItem.objects.get().pk == kept


def test_every_error_is_told_at_once_with_sheet_and_line(clerk):
    sheets = {
        "教育经历": [
            SCHOOLS,
            [invented_id(401), "", "2002-09-01", "2001-07-01", "", "也许"],
            [invented_id(499), "别人的学校", "", "", "", ""],
            [invented_id(401), "早毕业", "2002-09-01", "2001-07-01", "", ""],
        ],
        "执业证书": [CREDENTIALS, ["", "AQ-001", "安全证", "", "去年", ""]],
    }
    item = sent(clerk, line(401, "钱管", 联系电话="12"), line(402, "孙管"), **sheets)
    assert wrong(item) == {
        "2": {"contact_phone": "手机号应为 11 位（R-13）"},
        "教育经历 2": {"school": "请填写：就读学校（R-10）", "graduated": "只能填：是、否"},
        "教育经历 3": {"owner": "“管理人员”表里没有这个身份证号的人"},
        "教育经历 4": {"finished_on": "截止时间早于开始时间"},
        "执业证书 2": {
            "owner": "请填写：身份证号（R-10）",
            "valid_until": "日期写成 2024-03-15 这样，年月日都要有",
        },
    }
    assert (item.total, item.good, item.bad) == (4, 1, 3)  # 2 people, 2 lines that belong to nobody


def test_person_with_a_bad_line_waits_until_it_is_corrected(clerk):
    sheets = {"教育经历": [SCHOOLS[:2], [invented_id(401), ""], [invented_id(401), "城东大学"], ["1", "城西大学"]]}
    item = sent(clerk, line(401, "钱管"), **sheets)
    assert (item.good, item.bad) == (0, 2)
    bad = {row.place: row.number for row in imports.rows_of(item) if row.problems}
    corrections = {(bad["教育经历 2"], "school"): "城东中学", (bad["教育经历 4"], "owner"): invented_id(401)}
    assert imports.correct(item, corrections, by=clerk) == 2
    item.refresh_from_db()
    assert (item.total, item.good, item.bad) == (1, 1, 0)
    commit(item, clerk)
    schools = EducationItem.objects.order_by("position").values_list("school", flat=True)
    assert list(schools) == ["城东中学", "城东大学", "城西大学"]


def test_person_keeps_thirty_lines_of_a_block_at_most(clerk):
    lines = [[invented_id(401), f"第 {number} 中学"] for number in range(31)]
    item = sent(clerk, line(401, "钱管"), 教育经历=[SCHOOLS[:2], *lines])
    assert wrong(item) == {"教育经历 32": {"owner": "教育经历一人最多 30 条"}}


def test_sheet_without_a_needed_column_is_refused_by_name(clerk):
    with pytest.raises(BadFile, match="“执业证书”缺少这些列：执业名称"):
        sent(clerk, line(401, "钱管"), 执业证书=[["身份证号", "证书编号"], [invented_id(401), "AQ-1"]])


def test_word_chosen_for_a_line_is_remembered(clerk):
    sheets = {"职称": [["身份证号", "职称名称", "等级"], [invented_id(401), "工程师", "中等"]]}
    item = sent(clerk, line(401, "钱管"), **sheets)
    (row,) = [row for row in imports.rows_of(item) if row.problems]
    imports.correct(item, {(row.number, "level"): "中级"}, by=clerk)
    again = sent(clerk, line(401, "钱管"), **sheets)
    assert again.bad == 0 and "按以前的选择读：中等→中级" in again.notes


def test_template_and_marked_workbook_have_a_sheet_for_each_block(clerk):
    kind = SHEETS["managers"]
    template = load_workbook(BytesIO(workbooks.template(kind, clerk)))
    assert template.sheetnames == ["管理人员", *FULL, "选项"]
    assert [cell.value for cell in template["紧急联系人"][1]] == ["身份证号 *", "与本人关系 *", "姓名 *", "联系电话 *"]
    item = sent(clerk, line(401, "钱管"), 教育经历=[SCHOOLS[:2], [invented_id(401), ""]])
    content = workbooks.marked(kind, imports.rows_of(item), clerk)
    marked = load_workbook(BytesIO(content))
    assert marked.sheetnames == ["管理人员", *FULL, "选项"]
    assert marked["教育经历"]["H2"].value == "就读学校：请填写：就读学校（R-10）"
    again = upload("managers", clerk, content=content)
    assert wrong(again) == {"教育经历 2": {"school": "请填写：就读学校（R-10）"}}


def test_preview_shows_bad_lines_by_sheet_and_counts_the_good(clerk):
    item = sent(clerk, line(401, "钱管"), line(402, "孙管"), 教育经历=[SCHOOLS[:2], [invented_id(401), ""]], 执业证书=[
        CREDENTIALS, [invented_id(402), "AQ-1", "安全证", "", "", ""]
    ])  # fmt: skip
    rows = imports.rows_of(item)
    (table,) = preview.bad_rows(SHEETS["managers"], rows, clerk)
    assert (table.label, [row.place for row in table.rows]) == ("教育经历", ["教育经历 2"])
    (good,) = preview.good_rows(SHEETS["managers"], rows).body
    assert good.cells[-1].text == "执业证书 1"
    page = client_of(clerk).get(f"/imports/files/{item.pk}/").content.decode()
    assert "教育经历 2" in page and "执业证书 1" in page and invented_id(401) not in page


def test_exported_list_has_the_blocks_of_its_rows(clerk):
    for serial, name in ((401, "钱管"), (402, "孙管")):
        credentials = [{"number": f"AQ-{serial}", "name": "安全证"}]
        contacts = [{"relation": "配偶", "name": "家属", "phone": phone_number(411)}]
        register(clerk, invented_id(serial), name, items={"credentials": credentials, "contacts": contacts})
    answer = client_of(clerk).post("/lists/file/", {"list": "/managers/?name=钱管", "table": "list"})
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["管理人员登记", *FULL]
    people = [row[0].value for row in book["管理人员登记"].iter_rows(min_row=2, max_row=3) if row[0].value]
    assert people == ["钱管"]
    credentials = [[cell.value for cell in row] for row in book["执业证书"].iter_rows(max_row=3)]
    assert credentials[0][:4] == ["员工名称", "身份证号码", "证书编号", "执业名称"]
    number = str(Credential.objects.get(number="AQ-401").person.id_number)
    assert (credentials[1][:4], credentials[2][0]) == (["钱管", number, "AQ-401", "安全证"], None)
    assert book["紧急联系人"]["E2"].value != phone_number(411)
    assert str(AuditEntry.objects.get(event="data.exported")).endswith("导出管理人员登记 1 行")
