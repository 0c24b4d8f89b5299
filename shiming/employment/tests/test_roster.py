"""一张花名册：登记、邀请、更新，和公司手里现成的各种表。"""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from openpyxl import Workbook

from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.imports import commands as imports
from shiming.imports.commands import committing
from shiming.imports.headings import plain
from shiming.imports.models import HeadChoice
from shiming.imports.reader import BadFile
from shiming.imports.sheet import SHEETS
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.projects.models import Team
from tests.cast import invented_id, phone_number
from tests.tables import commit, problems, tally, upload

HEADS = ["姓名", "身份证号", "联系手机号", "从事主要工种", "班组"]


def roster(cast):
    cast.person("赵已实名", phone=phone_number(901))
    return [
        HEADS,
        ["赵已实名", cast.person("赵已实名").id_number.plain, "15499000901", "钢筋工", "一班"],
        ["钱没来过", invented_id(811), "15499000811", "木工", "一班"],
        ["孙只有名", invented_id(812), "", "", ""],
    ]


def test_roster_registers_invites_and_fills(cast):
    item = commit(upload("employments", cast.hr, *roster(cast)), cast.hr)

    assert tally(item) == (3, 0, 0, [])
    found = Employment.objects.order_by("person__name").values_list("person__name", "status", "profile_completed")
    assert list(found) == [
        ("孙只有名", "awaiting_identity", False),
        ("赵已实名", "invited", True),
        ("钱没来过", "awaiting_identity", True),
    ]
    new = Person.objects.get(name="钱没来过")
    assert (new.identity_status, new.identity_source, new.age > 18) == ("pending", "typed", True)
    hired = Employment.objects.get(person__name="赵已实名")
    assert (hired.trade, hired.team.name, str(hired.contact_phone), hired.kind) == (
        "钢筋工",
        "一班",
        "154*****901",
        "worker",
    )


def test_roster_writes_entries_and_inbox(cast):
    commit(upload("employments", cast.hr, *roster(cast)), cast.hr)

    sentences = [str(entry) for entry in AuditEntry.objects.filter(person_id=Person.objects.get(name="赵已实名").pk)]
    assert sentences == ["陈人事邀请赵已实名受聘于安泰劳务", "陈人事完善赵已实名的信息（建筑工人）"]
    sentences = [str(entry) for entry in AuditEntry.objects.filter(person_id=Person.objects.get(name="钱没来过").pk)]
    assert sentences[:2] == ["陈人事登记钱没来过", "陈人事聘用钱没来过，等待身份核验后自动继续"]
    asked = InboxItem.objects.get(person__name="赵已实名")
    assert (asked.title, asked.asks, asked.due_on is not None) == ("安泰劳务请您受聘", True, True)


def test_same_roster_again_changes_nothing(cast):
    lines = roster(cast)
    commit(upload("employments", cast.hr, *lines), cast.hr)
    entries = AuditEntry.objects.exclude(event="data.imported").count()
    assert tally(commit(upload("employments", cast.hr, *lines), cast.hr)) == (0, 0, 3, [])
    assert AuditEntry.objects.exclude(event="data.imported").count() == entries

    lines[1][3], lines[3][3:] = "架子工", ["油漆工", "一班"]
    assert tally(commit(upload("employments", cast.hr, *lines), cast.hr)) == (0, 2, 1, [])
    assert Employment.objects.get(person__name="赵已实名").trade == "架子工"
    assert Employment.objects.get(person__name="孙只有名").profile_completed


def test_roster_refusals_have_codes_before_import(cast):
    cast.employment(cast.person("周在别处"), cast.hengli)
    failed = cast.person("吴没通过", status="failed")
    lines = [
        [*HEADS, "合同生效日期", "合同失效日期", "是否班组长"],
        ["周在别处", cast.person("周在别处").id_number.plain],
        ["吴没通过", failed.id_number.plain],
        ["名字不对", cast.zhang.id_number.plain],
        ["郑新", invented_id(821), "1549900", "", "", "", "", ""],
        ["王新", invented_id(822), "", "", "", "2026-05-01", "2026-04-01", ""],
        ["冯新", invented_id(823), "", "", "", "", "", "是"],
        ["陈新", invented_id(824)[:-1] + "?", "", "", "", "", "", ""],
        ["", invented_id(825), "", "", "", "", "", ""],
    ]
    found = {
        number: "；".join(kept.values()) for number, kept in problems(upload("employments", cast.hr, *lines)).items()
    }

    codes = {2: "R-05", 3: "R-06", 4: "R-07", 5: "R-13", 6: "R-11", 7: "R-12", 8: "R-03", 9: "R-10"}
    assert {number: code in found[number] for number, code in codes.items()} == dict.fromkeys(codes, True)
    assert not Employment.objects.filter(company=cast.antai).exists()


def test_roster_limits_disclosing_rows(cast):
    """Thirty wrong names, or one row in twenty of a long table; above that nothing is shown, and it is counted."""
    numbers = [cast.person(f"在册{number:02d}").id_number.plain for number in range(31)]
    asked = [["试试看", number] for number in numbers]
    with pytest.raises(BadFile, match="这次一行也不告诉"):
        upload("employments", cast.hr, HEADS[:2], *asked)
    assert AuditEntry.objects.filter(event="person.missed").count() == 31
    with pytest.raises(BadFile, match="R-72"):
        upload("employments", cast.hr, HEADS[:2], asked[0])
    assert upload("employments", cast.stranger_hr, HEADS[:2], *asked[:30]).bad == 30


def test_correction_does_not_recount_shown_refusals(cast):
    lines = [[*HEADS], ["名字不对", cast.zhang.id_number.plain, "1549900", "", ""]]
    item = upload("employments", cast.hr, *lines)
    for typed in ("154", "15499000"):
        imports.correct(item, {(2, "phone"): typed}, by=cast.hr)
        item.refresh_from_db()
    assert imports.correct(item, {(2, "phone"): "15499000123"}, by=cast.hr) == 1
    item.refresh_from_db()

    assert set(problems(item)[2]) == {"name"}
    assert AuditEntry.objects.filter(event="person.missed").count() == 1


def test_person_hired_meanwhile_is_refused_at_import(cast):
    item = upload("employments", cast.hr, *roster(cast))
    cast.employment(cast.person("赵已实名"), cast.hengli)
    done = commit(item, cast.hr)

    assert (done.created, [refusal.code for _, refusal in done.refusals]) == (2, ["R-05"])


def test_all_or_nothing_marks_the_refused_row(cast):
    item = upload("employments", cast.hr, *roster(cast))
    cast.employment(cast.person("赵已实名"), cast.hengli)
    back = commit(item, cast.hr, all_or_nothing=True)

    assert (back.status, back.good, back.bad) == ("checked", 2, 1)
    assert "R-05" in problems(back)[2]["row"]
    assert not Employment.objects.filter(company=cast.antai).exists() and not Team.objects.exists()


def test_direct_mode_needs_two_tier_site(cast):
    verified = cast.person("赵已实名").id_number.plain
    lines = [[*HEADS, "合同生效日期", "聘用方式"], ["赵已实名", verified, "", "木工", "一班", "2026-03-01", "直接登记"]]
    assert "没有“直接登记”的项目" in problems(upload("employments", cast.hr, *lines))[2]["mode"]

    site = cast.project("两级工地", policy="two_tier")
    cast.participation(site, cast.antai, "labour")
    assert tally(commit(upload("employments", cast.hr, *lines), cast.hr)) == (1, 0, 0, [])
    hired = Employment.objects.get(person__name="赵已实名")
    assert (hired.status, hired.mode, hired.profile_completed) == ("active", "direct", True)
    assert InboxItem.objects.get(person=hired.person).kind == "registration.told"


def test_killed_import_hires_each_once(cast, monkeypatch):
    monkeypatch.setattr(committing, "BULK_CHUNK", 2)
    item = imports.start(upload("employments", cast.hr, *roster(cast)), by=cast.hr)
    imports.advance(item, imports.rows_of(item, values=True))
    assert Employment.objects.count() == 2

    item.refresh_from_db()
    assert tally(imports.finish(item)) == (3, 0, 0, [])
    assert Employment.objects.count() == 3


def test_failed_chunk_is_saved_row_by_row(cast):
    """A parallel registration of the same number must not stop the other rows."""
    item = upload("employments", cast.hr, *roster(cast))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.name = '钱没来过' THEN RAISE unique_violation; END IF; RETURN NEW; END $$"
        )
        cursor.execute("CREATE TRIGGER refuse BEFORE INSERT ON people_person FOR EACH ROW EXECUTE FUNCTION refuse()")
    done = commit(item, cast.hr)

    assert (done.created, [(number, refusal.code) for number, refusal in done.refusals]) == (2, [("3", "R-43")])


def test_roster_parses_dates_money_and_cards(cast):
    heads = [*HEADS, "合同开始日期", "合同到期日期", "日工资", "银行卡号", "是否临时工", "学历"]
    line = [
        "李新",
        invented_id(831),
        15499000831,
        "钢筋工",
        "二班",
        "2026年3月1日",
        46387,
        "260元",
        "6217 0000 0000 0000 017",
    ]
    item = commit(upload("employments", cast.hr, heads, [*line, "√", "本科"]), cast.hr)

    hired = Employment.objects.get(person__name="李新")
    assert item.created == 1
    assert (hired.contract_start, hired.contract_end) == (date(2026, 3, 1), date(2026, 12, 31))
    assert (hired.day_rate, str(hired.bank_card), hired.is_temporary) == (Decimal("260.00"), "621*****017", True)
    assert hired.person.education == "本科"


# 公司现成的表：表头十五种写法。

VARIANTS = [
    ["姓名", "身份证号", "手机号", "工种", "班组"],
    ["序号", "姓名", "身份证号码", "联系电话", "岗位工种", "所属班组"],
    ["员工姓名", "证件号", "手机", "主要工种", "劳务队"],
    ["工人姓名", "证件号码", "电话", "职业工种", "施工队"],
    ["姓 名", "身份证", "联系方式", "工种名称", "班组名称"],
    ["人员姓名 *", "公民身份号码（18位）", "移动电话", "岗位", "所在班组"],
    ["所属班组", "工种", "手机号码", "身份证编号", "姓名"],
    ["民工姓名", "身份证件号码", "本人电话", "专业工种", "队伍"],
    ["工友姓名", "居民身份证号码", "电话号码", "作业工种", "作业班组"],
    ["职工姓名：", "身份号码", "联系手机", "工种岗位", "作业队"],
    ["Name", "ID", "Phone", "Trade", "Team"],
    ["名字", "证号", "手机电话", "从事工种", "小组"],
    ["姓名\n(必填)", "身份证号\n(文本)", "联系电话\n(11位)", "工种/岗位", "班组/劳务队"],
    ["员工名称", "ＩＤ号", "TEL", "工作类型", "施工班组"],
    ["人员", "居民身份证号", "本人手机", "工种类别", "所属劳务队"],
]


@pytest.mark.parametrize("heads", VARIANTS, ids=lambda heads: heads[0].split("\n")[0])
def test_fifteen_heading_styles_are_recognised(cast, heads):
    values = {"name": "李新", "number": invented_id(841), "phone": "15499000841", "trade": "钢筋工", "team": "三班"}
    names = _meant(heads)
    item = upload("employments", cast.hr, heads, [values.get(name, "1") for name in names])

    [row] = imports.rows_of(item, values=True)
    assert {name: row.values[name] for name in values} == values


def _meant(heads) -> list[str]:
    return [SHEETS["employments"].headings.get(plain(head), "") for head in heads]


def test_unknown_headings_are_remembered_per_firm(cast):
    lines = [["谁", "号", "干什么", "备注"], ["李新", invented_id(851), "钢筋工", "-"]]
    asked = upload("employments", cast.hr, *lines)
    assert asked.status == "mapping"

    item = imports.assign_columns(asked, {0: "name", 1: "number", 2: "trade"}, by=cast.hr)
    assert (item.status, item.good) == ("checked", 1)
    assert upload("employments", cast.hr, *lines).status == "checked"
    assert upload("employments", cast.stranger_hr, *lines).status == "mapping"
    kept = dict(HeadChoice.objects.values_list("heading", "column"))
    assert kept == {"谁": "name", "号": "number", "干什么": "trade", "备注": ""}


def test_titles_and_merged_cells_are_read(cast):
    book, out = Workbook(), BytesIO()
    page = book.active
    page["A1"] = "2026 年三月劳务人员花名册"
    page.merge_cells("A1:F1")
    for place, head in enumerate(["序号", "姓名", "证件", None, "班组", "工种"], 1):
        page.cell(2, place).value = head
    page["C3"], page["D3"] = "证件类型", "证件号码"
    page.merge_cells("C2:D2")
    for column in "ABEF":
        page.merge_cells(f"{column}2:{column}3")
    page.append([1, "李一", "身份证", invented_id(861), "四班", "木工"])
    page.append([2, "李二", "身份证", invented_id(862), None, "木工"])
    page.merge_cells("E4:E5")
    book.save(out)
    item = upload("employments", cast.hr, content=out.getvalue())

    rows = imports.rows_of(item, values=True)
    assert [(row.number, row.values["name"], row.values["team"]) for row in rows] == [
        (4, "李一", "四班"),
        (5, "李二", "四班"),
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_any_encoding(cast, encoding):
    text = f"姓名,身份证号,工种\n李新,'{invented_id(871)},木工\n王新,4.40E+17,木工\n"
    item = upload("employments", cast.hr, content=text.encode(encoding))

    assert item.good == 1
    assert "身份证列须为文本" in problems(item)[3]["number"]


def test_web_page_named_xls_is_read(cast):
    text = f"<html><table><tr><th>姓名<th>身份证号</tr><tr><td>李新</td><td>{invented_id(881)}&nbsp;</td></tr></table>"
    item = upload("employments", cast.hr, content=text.encode("gbk"))

    assert (item.total, item.good) == (1, 1)
