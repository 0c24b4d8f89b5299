"""项目人员绑定 4-18, 4-19: the company's projects, their counts, 新增项目 and 删除项目 on the page."""

import re

import pytest
from django.urls import reverse

from shiming.assignment import commands as assignments
from shiming.assignment.models import Assignment
from shiming.binding import commands, queries
from shiming.binding.tests.cases import accepted, drafted, filed, manager
from shiming.core.actor import Role
from shiming.projects.models import Participation, Project
from tests.doors import client_of

LIST = "/binding/projects/"


def page_of(actor, **asked) -> str:
    answer = client_of(actor).get(LIST, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_in(page: str) -> int:
    return page.count('<td class="roll__no">')


def test_the_list_has_the_columns_of_the_manual(cast):
    page = page_of(cast.clerk)
    heads = re.findall(r"<th [^>]*>([^<]+)</th>", page)
    assert heads == ["序号", "报建编号", "项目名称", "管理人员数量", "现场作业人员数量", "操作"]
    assert "沿河修缮" in page and "新增项目" in page and "删除项目" in page


def test_projects_of_other_flows_and_companies_are_not_listed(cast):
    assert cast.clerk and cast.labour_place and cast.stranger_place
    page = page_of(cast.clerk)
    assert "滨江一期" not in page and "城东二期" not in page
    assert "沿河修缮" not in page_of(cast.stranger_hr)


@pytest.mark.parametrize(
    ("status", "asked", "shown"),
    [
        ("open", {}, True),
        ("suspended", {}, False),
        ("finished", {}, False),
        ("suspended", {"status": "suspended"}, True),
        ("finished", {"status": "all"}, True),
        ("open", {"status": "finished"}, False),
        ("open", {"name": "沿河"}, True),
        ("open", {"name": "滨江"}, False),
        ("open", {"code": "没有的"}, False),
    ],
)
def test_the_filters_stand_on_projects_under_construction(cast, status, asked, shown):
    clerk = cast.clerk
    Project.objects.filter(pk=cast.yanhe.pk).update(status=status)
    assert ("沿河修缮" in page_of(clerk, **asked)) is shown


def test_each_count_is_the_number_of_rows_its_link_opens(cast):
    clerk, place = cast.clerk, cast.repair_place
    for name in ("甲安全", "乙质量"):
        filed(cast, manager(cast, name).person)
    filed(cast, cast.person("丙未登记"))
    commands.sync(place, by=clerk)
    cast.assignment(manager(cast, "丁不再报送"), place, role="资料员")
    cast.assignment(manager(cast, "戊走了"), place, role="资料员", status="ended")
    drafted(cast, "张三"), accepted(cast, "李四")
    for name, status in (("王五", "rejected"), ("赵六", "ended"), ("孙七", "removed"), ("周八", "pending")):
        row = drafted(cast, name)
        Assignment.objects.filter(pk=row.pk).update(status=status)

    (row,) = queries.counted(list(queries.places(clerk)))
    browser = client_of(clerk)
    opened = [
        rows_in(browser.get(reverse(f"binding-{page}", args=[place.pk])).content.decode())
        for page in ("managers", "workers")
    ]
    assert [row.managers, row.workers] == opened == [4, 4]


@pytest.mark.parametrize("kind", ["supervision", "implementing", "other"])
def test_companies_that_do_not_build_have_no_workers(cast, kind):
    place = cast.participation(cast.yanhe, cast.mingcheng, kind)
    clerk = cast.staff("明诚经办", cast.mingcheng, Role.PARTICIPANT_CLERK)
    browser = client_of(clerk)
    page = browser.get(LIST).content.decode()
    assert reverse("binding-managers", args=[place.pk]) in page
    assert reverse("binding-workers", args=[place.pk]) not in page
    assert browser.get(reverse("binding-workers", args=[place.pk])).status_code == 404
    assert browser.get(reverse("binding-worker-new", args=[place.pk])).status_code == 404
    managers = browser.get(reverse("binding-managers", args=[place.pk])).content.decode()
    assert reverse("binding-workers", args=[place.pk]) not in managers


def test_a_project_is_added_after_its_name_was_confirmed(cast):
    assert cast.repair_gc_place
    clerk = cast.staff("永泰经办", cast.company("永泰劳务"), Role.PARTICIPANT_CLERK)
    browser, address = client_of(clerk), "/binding/projects/new/"
    code = cast.yanhe.filing_code
    unknown = browser.post(address, {"code": "没有的"})
    assert unknown.status_code == 422 and "未找到该报建编号" in unknown.content.decode()

    asked = browser.post(address, {"code": code}).content.decode()
    assert "确认信息" in asked and "沿河修缮" in asked and code in asked
    assert not Participation.objects.filter(company=clerk.company_id).exists()

    answer = browser.post(address, {"code": code, "sure": "yes"}, follow=True)
    assert "沿河修缮" in answer.content.decode()
    assert Participation.objects.get(company=clerk.company_id).project == cast.yanhe


def test_deleting_names_the_drafts_and_can_be_undone(cast):
    clerk, place = cast.clerk, cast.repair_place
    drafted(cast)
    browser, address = client_of(clerk), f"/binding/places/{place.pk}/removal/"
    assert "张三" in browser.get(address).content.decode()
    assert Assignment.objects.get().status == "draft"

    page = browser.post(address, follow=True).content.decode()
    assert "撤销删除" in page and Assignment.objects.get().status == "removed"
    browser.post(f"/binding/restorations/{place.pk}/")
    assert "沿河修缮" in browser.get(LIST).content.decode()
    assert Assignment.objects.get(status="draft").person.name == "张三"


def test_deleting_is_refused_in_words_while_somebody_waits(cast):
    row = drafted(cast)
    assignments.submit([row], by=cast.clerk)
    answer = client_of(cast.clerk).post(f"/binding/places/{cast.repair_place.pk}/removal/")
    assert answer.status_code == 422
    assert "有人员已绑定或待审核，不能删除项目" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "role", "sees"),
    [
        ("clerk", None, True),
        ("安泰法人", Role.LEGAL_REP, True),
        ("陈人事", Role.HR_OFFICER, True),
        ("安泰审核", Role.IMPLEMENTER, False),
    ],
)
def test_the_menu_leads_the_keepers_there(cast, who, role, sees):
    assert cast.clerk
    actor = cast.clerk if who == "clerk" else cast.staff(who, cast.antai, role)
    groups = client_of(actor).get("/company/").context["menu"]
    labels = [item.label for group in groups if group.label == "人员管理" for item in group.items]
    assert ("项目人员绑定" in labels) is sees


def test_the_menu_has_no_such_entry_where_no_implementing_unit_audits(cast):
    assert cast.labour_place
    groups = client_of(cast.hr).get("/company/").context["menu"]
    assert "项目人员绑定" not in [item.label for group in groups for item in group.items]


def test_a_clerk_reaches_the_list_before_the_first_project(cast):
    assert cast.implementing_place
    clerk = cast.staff("永泰经办", cast.company("永泰劳务"), Role.PARTICIPANT_CLERK)
    browser = client_of(clerk)
    groups = browser.get("/company/").context["menu"]
    assert "项目人员绑定" in [item.label for group in groups for item in group.items]
    assert "点“新增项目”" in browser.get(LIST).content.decode()


def test_allocation_pages_leave_these_projects_alone(cast):
    assert cast.clerk and cast.filing(cast.labour_place, "孙劳务")
    page = client_of(cast.hr).get("/assignments/").content.decode()
    assert "滨江一期" in page and "沿河修缮" not in page
