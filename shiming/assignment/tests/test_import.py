"""Import of allocations to projects of the company with a filed contract."""

from shiming.assignment.models import Assignment
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from tests.cast import invented_id
from tests.tables import commit, problems, tally, upload

HEADS = ["姓名", "身份证号码", "项目名称", "岗位", "班组"]


def number(cast, name: str) -> str:
    return cast.person(name).id_number.plain


def ready(cast):
    cast.filing(cast.labour_place, "孙劳务")
    cast.team("一班")
    for name in ("张三", "李四"):
        cast.employment(cast.person(name))


def test_import_allocates_by_name_or_code_once(cast):
    ready(cast)
    lines = [
        HEADS,
        ["张三", number(cast, "张三"), "滨江一期", "", "一班"],
        ["李四", number(cast, "李四"), cast.binjiang.filing_code, "建筑工人", ""],
    ]
    for expected in ((2, 0, 0, []), (0, 0, 2, [])):
        assert tally(commit(upload("allocations", cast.hr, *lines), cast.hr)) == expected

    one = Assignment.objects.get(person=cast.zhang)
    assert (one.status, one.participation, one.team.name, one.trade) == ("pending", cast.labour_place, "一班", "钢筋工")
    assert str(AuditEntry.objects.get(object_id=str(one.pk))) == "陈人事分配张三到滨江一期（建筑工人）"
    asked = InboxItem.objects.get(subject_id=one.pk, asks=True)
    assert (asked.project, asked.participation, asked.title) == (cast.binjiang, cast.labour_place, "张三待确认")


def test_every_refusal_stands_at_its_cell(cast):
    ready(cast)
    cast.employment(cast.person("未完善"), profile_completed=False)
    cast.employment(cast.person("在专业"), cast.hengli)
    cast.assignment(cast.employment(cast.person("已分配"), cast.antai), cast.gc_place)
    lines = [
        HEADS,
        ["张三", number(cast, "张三"), "城东二期", "", ""],
        ["名字不对", number(cast, "李四"), "滨江一期", "", ""],
        ["未完善", number(cast, "未完善"), "滨江一期", "", ""],
        ["在专业", number(cast, "在专业"), "滨江一期", "", ""],
        ["没来过", invented_id(733), "滨江一期", "", ""],
        ["已分配", number(cast, "已分配"), "滨江一期", "", ""],
        ["李四", number(cast, "李四"), cast.binjiang.filing_code, "董事长", "没有的班"],
    ]
    found = problems(upload("allocations", cast.hr, *lines))

    codes = {2: ("project", "R-29"), 3: ("name", "R-07"), 4: ("number", "R-19"), 5: ("number", "R-19")}
    codes |= {6: ("number", "R-19"), 7: ("project", "R-18")}
    assert {line: code in found[line][column] for line, (column, code) in codes.items()} == dict.fromkeys(codes, True)
    assert found[8]["role"].startswith("只能填：建筑工人")


def test_import_without_filed_contract_is_refused(cast):
    ready(cast)
    cast.labour_place.filings.update(status="draft")
    lines = [HEADS, ["张三", number(cast, "张三"), "滨江一期", "", ""]]
    assert "R-17" in problems(upload("allocations", cast.hr, *lines))[2]["project"]


def test_position_that_does_not_fit_is_refused_in_the_preview_and_at_the_import(cast):
    ready(cast)
    cast.employment(cast.person("王经理"), kind="manager")
    who = (("张三", "专业监理工程师"), ("王经理", ""))
    lines = [HEADS, *([name, number(cast, name), "滨江一期", role, ""] for name, role in who)]

    found = problems(upload("allocations", cast.hr, *lines))

    assert [found[line]["role"][:11] for line in (2, 3)] == ["建筑工人不能担任专业监", "管理人员须按管理岗位分"]


def test_second_project_manager_is_refused(cast):
    ready(cast)
    Employment.objects.update(kind="manager")
    lines = [HEADS, *([name, number(cast, name), "滨江一期", "项目经理", ""] for name in ("张三", "李四"))]
    done = commit(upload("allocations", cast.hr, *lines), cast.hr)

    assert (done.created, [line for line, _ in done.refused]) == (1, ["3"])
