"""新增项目 and 删除项目 [004] 4-18 (domain.md §11.3)."""

import pytest

from shiming.assignment.models import Assignment
from shiming.companies.models import Company
from shiming.core.actor import Role
from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.projects import commands
from shiming.projects.models import Participation, Project


@pytest.fixture
def yongtai(cast):
    """A labour company that is on no project yet."""
    assert cast.repair_gc_place
    return cast.staff("永泰经办", cast.company("永泰劳务"), Role.PARTICIPANT_CLERK)


def refused(command) -> tuple[list[str], str]:
    with pytest.raises(DomainError) as found:
        command()
    return found.value.codes, str(found.value)


def test_a_labour_company_adds_the_project_under_the_general_contractor(cast, yongtai):
    place = commands.take_part(f" {cast.yanhe.filing_code} ", by=yongtai)
    assert (place.company.name, place.kind, place.parent) == ("永泰劳务", "labour", cast.repair_gc_place)
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["永泰经办登记永泰劳务参建沿河修缮（劳务分包）"]


def test_a_project_that_is_listed_is_returned(cast, yongtai):
    first = commands.take_part(cast.yanhe.filing_code, by=yongtai)
    assert commands.take_part(cast.yanhe.filing_code, by=yongtai) == first
    assert Participation.objects.filter(company=first.company).count() == 1


@pytest.mark.parametrize("code", ["没有的", "", "other"])
def test_unknown_numbers_and_projects_of_other_flows_are_not_found(cast, yongtai, code):
    code = cast.binjiang.filing_code if code == "other" else code
    assert refused(lambda: commands.take_part(code, by=yongtai)) == (["R-29"], "未找到该报建编号")


@pytest.mark.parametrize("status", ["suspended", "finished"])
def test_a_project_that_is_not_open_is_not_added(cast, yongtai, status):
    Project.objects.filter(pk=cast.yanhe.pk).update(status=status)
    assert refused(lambda: commands.take_part(cast.yanhe.filing_code, by=yongtai))[0] == ["R-48"]


@pytest.mark.parametrize("kind", ["general", "implementing"])
def test_places_that_see_or_audit_the_whole_project_are_not_taken_by_typing_a_number(cast, yongtai, kind):
    Company.objects.filter(pk=yongtai.company_id).update(kind=kind)
    _, sentence = refused(lambda: commands.take_part(cast.yanhe.filing_code, by=yongtai))
    assert sentence == f"{Company.Kind(kind).label}参建的项目由系统管理员登记"


def test_a_builder_needs_the_general_contractor_above(cast, yongtai):
    Participation.objects.filter(pk=cast.repair_gc_place.pk).update(left_on="2024-05-01")
    _, sentence = refused(lambda: commands.take_part(cast.yanhe.filing_code, by=yongtai))
    assert sentence == "本项目还没有登记施工总包"


@pytest.mark.parametrize("who", ["implementer", "labour_pm", "admin"])
def test_only_keepers_add_projects(cast, yongtai, who):
    assert refused(lambda: commands.take_part(cast.yanhe.filing_code, by=getattr(cast, who)))[0] == ["R-42"]


@pytest.mark.parametrize(
    ("status", "may"),
    [("draft", True), ("rejected", True), ("removed", True), ("ended", True), ("pending", False), ("accepted", False)],
)
def test_a_project_is_deleted_while_nobody_is_bound_or_waiting(cast, status, may):
    clerk = cast.clerk
    row = cast.assignment(cast.employment(), cast.repair_place, status=status)
    if not may:
        _, sentence = refused(lambda: commands.give_up_place(cast.repair_place, by=clerk))
        assert sentence == "有人员已绑定或待审核，不能删除项目"
        return
    place = commands.give_up_place(cast.repair_place, by=clerk)
    row.refresh_from_db()
    assert place.left_on is not None
    assert row.status == ("removed" if status in ("draft", "rejected") else status)


@pytest.mark.parametrize("who", ["stranger_hr", "gc_hr", "implementer"])
def test_another_companys_project_is_not_deleted(cast, who):
    assert refused(lambda: commands.give_up_place(cast.repair_place, by=getattr(cast, who)))[0] == ["R-42"]


def test_a_deleted_project_comes_back_with_its_contract_and_drafts(cast):
    clerk = cast.clerk
    draft = cast.assignment(cast.employment(), cast.repair_place, status="draft", confirmed_at=None)
    place = commands.give_up_place(cast.repair_place, by=clerk)

    assert commands.take_part(cast.yanhe.filing_code, by=clerk).pk == place.pk

    place.refresh_from_db()
    assert (place.left_on, place.filings.get().status) == (None, "filed")
    rows = Assignment.objects.order_by("created_at").values_list("person__name", "status")
    assert list(rows) == [("张三", "removed"), ("张三", "draft")]
    assert draft.pk != Assignment.objects.get(status="draft").pk


def test_what_the_administrator_ended_does_not_come_back_by_the_company(cast):
    clerk = cast.clerk
    place = commands.leave(cast.repair_place, by=cast.admin)
    assert "系统管理员" in refused(lambda: commands.restore_place(place, by=clerk))[1]
    assert commands.take_part(cast.yanhe.filing_code, by=clerk).pk != place.pk
