"""改正：在页面上，一格一格，或写法相同的一起；表头不认得的先对应。"""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from shiming.employment.models import Employment
from shiming.imports import commands as imports
from shiming.imports.models import SheetImport, WordChoice
from tests.cast import invented_id
from tests.doors import client_of
from tests.tables import problems, upload, workbook

HEADS = ["姓名", "身份证号", "联系手机号", "工种", "班组"]
NUMBER = invented_id(501)


def lines():
    return [
        HEADS,
        ["甲一", NUMBER, "15499000501", "钢筋", "一班"],
        ["乙一", invented_id(502), "15499000502", "钢筋", "一班"],
        ["丙一", invented_id(503), "1549900", "木工", "一班"],
        ["丁一", invented_id(504), "15499000504", "木工", "一班"],
    ]


def test_correction_replaces_equal_wrong_cells(cast):
    clerk = client_of(cast.hr)
    item = upload("employments", cast.hr, *lines())
    at = f"/imports/files/{item.pk}/"
    page = clerk.get(at).content.decode()
    assert (
        'name="c-2-trade"' in page and 'name="c-4-phone" value="1549900"' in page and "列表里没有“钢筋”，请选择" in page
    )

    answer = clerk.post(
        f"{at}corrections/", {"c-2-trade": "钢筋工", "c-3-trade": "钢筋", "c-4-phone": "15499000503"}, follow=True
    )
    assert "改了 3 格，全部可以导入了" in answer.content.decode()
    item.refresh_from_db()
    assert (item.good, item.bad) == (4, 0)
    assert {row.values["trade"] for row in imports.rows_of(item, values=True)} == {"钢筋工", "木工"}


def test_correct_cells_stay_masked_during_correction(cast):
    item = upload("employments", cast.hr, *lines())
    page = client_of(cast.hr).get(f"/imports/files/{item.pk}/").content.decode()

    assert NUMBER not in page and "15499000501" not in page and "119*****" in page


def test_wrong_number_comes_with_candidates(cast):
    right = invented_id(505)
    wrong = right[:9] + ("7" if right[9] != "7" else "1") + right[10:]
    item = upload("employments", cast.hr, HEADS, ["甲一", wrong, "", "", ""])
    page = client_of(cast.hr).get(f"/imports/files/{item.pk}/").content.decode()

    assert "（R-03）" in page and len(re.findall(r"<datalist.*?</datalist>", page, re.DOTALL)) == 1


def test_chosen_word_applies_to_same_firm(cast):
    item = upload("employments", cast.hr, *lines())
    imports.correct(item, {(2, "trade"): "钢筋工", (4, "phone"): "15499000503"}, by=cast.hr)

    again = upload("employments", cast.hr, *lines())
    assert (again.good, problems(again)) == (3, {4: {"phone": "手机号应为 11 位（R-13）"}})
    assert again.notes[0] == "按以前的选择读：钢筋→钢筋工"
    assert {row.values["trade"] for row in imports.rows_of(again, values=True)} == {"钢筋工", "木工"}
    assert set(problems(upload("employments", cast.stranger_hr, *lines()))) == {2, 3, 4}


def test_forged_list_word_is_not_remembered(cast):
    item = upload("employments", cast.hr, *lines())
    imports.correct(item, {(2, "trade"): "大师傅"}, by=cast.hr)
    assert not WordChoice.objects.exists()


def test_forged_correction_keeps_good_cell(cast):
    item = upload("employments", cast.hr, *lines())
    client_of(cast.hr).post(
        f"/imports/files/{item.pk}/corrections/", {"c-5-name": "别人", "c-999-name": "x", "c-x": "y"}
    )

    item.refresh_from_db()
    assert [row.values["name"] for row in imports.rows_of(item, values=True)] == ["丁一"]
    assert set(problems(item)) == {2, 3, 4}


def test_unknown_headings_ask_for_columns_masked(cast):
    clerk = client_of(cast.hr)
    file = SimpleUploadedFile("名单.xlsx", workbook(["谁", "号", "干什么"], ["甲一", NUMBER, "木工"]))
    answer = clerk.post("/imports/employments/", {"file": file})
    assert answer["Location"].endswith("/columns/")
    page = clerk.get(answer["Location"]).content.decode()
    assert "还缺：姓名</" in page and NUMBER not in page
    assert re.findall(r'name="place-1">.*?</select>', page, re.DOTALL)[0].count('value="number" selected') == 1

    again = clerk.post(answer["Location"], {"place-0": "name", "place-1": "", "place-2": "trade"})
    assert again.status_code == 422 and "还没有对应：身份证号" in again.content.decode()
    done = clerk.post(answer["Location"], {"place-0": "name", "place-1": "number", "place-2": "trade"}, follow=True)
    assert "导入正确的 1 行" in done.content.decode()


def test_marked_file_can_be_uploaded_again(cast):
    clerk = client_of(cast.hr)
    item = upload("employments", cast.hr, ["安泰劳务花名册"], *lines())
    book = load_workbook(BytesIO(clerk.get(f"/imports/files/{item.pk}/marked/").content))
    page, words = book["花名册"], book["选项"]

    heads = [cell.value for cell in page[1]]
    assert (heads[-2:], page.freeze_panes, page.auto_filter.ref, words.sheet_state) == (
        ["原来的行", "问题"],
        "B2",
        "A1:X5",
        "hidden",
    )
    trade = heads.index("从事主要工种")
    [rule] = [each for each in page.data_validations.dataValidation if get_column_letter(trade + 1) in str(each.sqref)]
    assert "钢筋工" in [row[trade].value for row in words.iter_rows()] and "选项" in rule.formula1
    assert [(row[-2].value, bool(row[-1].value)) for row in page.iter_rows(min_row=2)] == [
        ("3", True),
        ("4", True),
        ("5", True),
        ("6", False),
    ]

    for line, trade_or_phone in ((2, "钢筋工"), (3, "钢筋工")):
        page.cell(line, trade + 1).value = trade_or_phone
    page.cell(4, heads.index("联系手机号") + 1).value = "15499000503"
    out = BytesIO()
    book.save(out)
    again = upload("employments", cast.hr, content=out.getvalue())
    assert (again.good, again.bad, again.notes) == (4, 0, ["将新建 1 个班组：一班"])


def test_clerk_sees_own_uploads_only(cast):
    item = upload("employments", cast.hr, *lines())
    for actor, status in (
        (cast.gc_hr, 404),
        (cast.stranger_hr, 404),
        (cast.admin, 404),
        (cast.gc_pm, 404),
        (cast.regulator(), 403),
    ):
        assert client_of(actor).get(f"/imports/files/{item.pk}/").status_code == status
        assert client_of(actor).post(f"/imports/files/{item.pk}/corrections/", {"c-4-phone": "1"}).status_code == status
    kinds = client_of(cast.hr).get("/imports/").content.decode()
    assert "花名册" in kinds and "人员分配" in kinds and "旧系统" not in kinds
    assert client_of(cast.admin).get("/imports/employments/").status_code == 404


def test_file_creates_people_on_page(cast):
    clerk = client_of(cast.hr)
    file = SimpleUploadedFile("名单.csv", ("\n".join(",".join(line) for line in lines())).encode("gbk"))
    at = clerk.post("/imports/employments/", {"file": file})["Location"]
    assert "全部正确才导入" not in clerk.get(at).content.decode()
    refused = clerk.post(f"{at}commitment/", {"all": "1"})
    assert refused.status_code == 409 and not Employment.objects.exists()

    clerk.post(f"{at}commitment/")
    assert (SheetImport.objects.get().status, Employment.objects.count()) == ("done", 1)
    done = clerk.get(at).content.decode()
    assert "待建档的人核验通过后，邀请自动发出" in done and 'href="/employments/"' in done
