"""Stays of an earlier system: one row each, with state and rating kept."""

from datetime import date

from shiming.assignment.models import Assignment
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.presence.models import Stay
from tests.cast import invented_id
from tests.tables import commit, problems, tally, upload

HEADS = [
    "姓名",
    "身份证号",
    "手机号",
    "用人单位",
    "项目名称",
    "工种",
    "劳务队",
    "进场日期",
    "退场日期",
    "评价",
    "状态",
    "是否实名",
]
WU, XU = invented_id(601), invented_id(602)


def ledger(cast):
    place = [cast.labour_place.company.name, "滨江一期", "木工", "旧一班"]
    return [
        HEADS,
        ["吴旧", WU, "15499000601", *place, "2023-03-01", "2023-09-30", "良好", "已退场", "已认证"],
        ["吴旧", WU, "15499000601", *place, "2024-02-20", "", "", "在场", "已认证"],
        ["徐旧", XU, "", *place, "2022-05-01", "2022-06-01", "差", "", "否"],
    ]


def test_import_takes_over_people_stays_ratings(cast):
    done = commit(upload("past", cast.admin, *ledger(cast)), cast.admin)
    assert tally(done) == (3, 0, 0, [])

    people = Person.objects.filter(identity_source="imported").order_by("name")
    entries = [(one.name, one.identity_status, str(one.phone or "")) for one in people]
    assert entries == [("吴旧", "verified", "154*****601"), ("徐旧", "unverified", "")]
    stays = Stay.objects.order_by("entered_on").values_list(
        "person__name", "entered_on", "exited_on", "rating", "method"
    )
    assert list(stays) == [
        ("徐旧", date(2022, 5, 1), date(2022, 6, 1), "poor", "imported"),
        ("吴旧", date(2023, 3, 1), date(2023, 9, 30), "good", "imported"),
        ("吴旧", date(2024, 2, 20), None, "", "imported"),
    ]
    jobs = Employment.objects.order_by("person__name", "started_at").values_list("person__name", "status", "team__name")
    assert list(jobs) == [("吴旧", "ended", "旧一班"), ("吴旧", "active", "旧一班"), ("徐旧", "ended", "旧一班")]
    assert Assignment.objects.filter(status="accepted").count() == 1
    assert {row.get_origin_display() for row in Assignment.objects.all()} == {"导入"}
    assert str(AuditEntry.objects.filter(event="stay.imported").first()).endswith("进退场记录")
    assert not InboxItem.objects.exclude(kind="person.registered").exists()


def test_repeated_export_adds_only_new_events(cast):
    lines = ledger(cast)
    commit(upload("past", cast.admin, *lines), cast.admin)
    assert tally(commit(upload("past", cast.admin, *lines), cast.admin)) == (0, 0, 3, [])

    lines[2][8:11] = ["2024-08-01", "优", "已退场"]
    assert tally(commit(upload("past", cast.admin, *lines), cast.admin)) == (0, 1, 2, [])
    assert (
        not Stay.objects.filter(exited_on=None).exists() and not Assignment.objects.filter(status="accepted").exists()
    )
    assert Stay.objects.get(entered_on="2024-02-20").rating == "excellent"


def test_later_export_enters_waiting_people(cast):
    lines = ledger(cast)[:2]
    lines[1][7:] = ["", "", "", "未进场", "已认证"]
    commit(upload("past", cast.admin, *lines), cast.admin)
    assert (Assignment.objects.get().status, Stay.objects.count()) == ("accepted", 0)

    lines[1][7:11] = ["2024-02-20", "", "", "在场"]
    assert tally(commit(upload("past", cast.admin, *lines), cast.admin)) == (0, 1, 0, [])
    assert Stay.objects.get().assignment == Assignment.objects.get()


def test_import_keeps_newer_state_of_register(cast):
    """张三 works for another firm and is on site there: 在场 in the old system does not change that."""
    cast.stay(cast.assignment(cast.employment(cast.zhang, cast.hengli), cast.specialist_place))
    line = [
        "张三",
        cast.zhang.id_number.plain,
        "",
        "安泰劳务",
        "滨江一期",
        "木工",
        "",
        "2024-02-20",
        "",
        "",
        "在场",
        "",
    ]
    assert cast.labour_place
    done = commit(upload("past", cast.admin, HEADS, line), cast.admin)

    assert [refusal.code for _, refusal in done.refusals] == ["R-18"]
    assert cast.zhang.phone.plain == Person.objects.get(pk=cast.zhang.pk).phone.plain


def test_contradicting_rows_are_refused(cast):
    lines = ledger(cast)[:1]
    about = ["", "安泰劳务", "滨江一期", "木工", ""]
    assert cast.labour_place
    lines += [
        ["甲旧", invented_id(611), *about, "2024-03-01", "2024-02-01", "", "", ""],
        ["乙旧", invented_id(612), *about, "2098-01-01", "", "", "", ""],
        ["丙旧", invented_id(613), *about, "2024-03-01", "", "", "已退场", ""],
        ["丁旧", invented_id(614), *about, "2024-03-01", "2024-04-01", "", "在场", ""],
        ["戊旧", invented_id(615), "", "安泰劳务", "没有的项目", "木工", "", "2024-03-01", "", "", "", ""],
        ["己旧", cast.zhang.id_number.plain, *about, "2024-03-01", "", "", "", ""],
    ]
    found = {
        line: "；".join(entries.values()) for line, entries in problems(upload("past", cast.admin, *lines)).items()
    }

    codes = {2: "R-25", 3: "R-45", 4: "R-10", 5: "有退场日期的", 6: "R-29", 7: "R-07"}
    assert {line: code in found[line] for line, code in codes.items()} == dict.fromkeys(codes, True)


def test_entry_desk_list_is_imported_with_leaders(cast):
    place = [cast.labour_place.company.name, "滨江一期", "木工", "旧一班"]
    heads = [
        "姓名",
        "身份证",
        "联系电话",
        "用人单位",
        "项目",
        "从事主要工种",
        "所属劳务队",
        "劳务队长√",
        "进场日期",
        "退场日期",
    ]
    lines = [
        ["吴旧", WU, "15499000601", *place, "√", "2023-03-01", "至今"],
        ["徐旧", XU, "", *place, "", "2022-05-01", "2022-02-30"],
        ["合计", "2 人"],
    ]
    item = upload("past", cast.admin, heads, *lines)
    assert problems(item) == {3: {"exited_on": "没有这一天，请核对年月日"}}

    commit(item, cast.admin)
    stay = Stay.objects.get()
    assert (stay.on_site, stay.assignment.employment.is_leader) == (True, True)
