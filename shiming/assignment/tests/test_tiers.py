"""The tree of 人员项目分配, 进场人员确认 and 已处理人员 [000]."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.employment.models import Employment
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.doors import client_of


@pytest.fixture
def tiers(cast):
    assert cast.specialist_pm and cast.labour_pm and cast.gc_pm and cast.hr
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    return cast


def waiting(cast, name="张三"):
    row = cast.employment(cast.person(name), team=cast.team())
    return cast.assignment(row, status="pending", confirmed_at=None, team=cast.team())


def test_only_filed_contracts_are_listed(tiers):
    browser = client_of(tiers.hr)
    assert "滨江一期" in browser.get("/assignments/projects/").content.decode()
    tiers.labour_place.filings.update(status="draft")
    assert "滨江一期" not in browser.get("/assignments/projects/").content.decode()


def test_tree_omits_allocated_and_former_people(tiers):
    tiers.employment(tiers.person("李四"), team=tiers.team())
    tiers.employment(tiers.person("走了的"), team=tiers.team(), status="ended")
    waiting(tiers)
    page = client_of(tiers.hr).get(_tree(tiers.labour_place)).content.decode()
    assert "李四【钢筋工】" in page and "王班组" in page
    assert "张三【" not in page and "走了的【" not in page


def test_confirmed_choice_allocates_those_people(tiers):
    row = tiers.employment(team=tiers.team())
    client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": [str(row.pk)]})
    assert Assignment.objects.get().status == "pending"


def test_batch_refuses_dismissed_worker_by_name(tiers):
    stays, leaves = (tiers.employment(tiers.person(name), team=tiers.team()) for name in ("李四", "赵六"))
    Employment.objects.filter(pk=leaves.pk).update(status="ended")
    answer = client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": [str(stays.pk), str(leaves.pk)]})
    assert [row.person.name for row in Assignment.objects.all()] == ["李四"]
    page = answer.content.decode()
    assert "部分办成" in page and "赵六" in page and "R-19" in page


def test_same_reason_names_refused_people_together(tiers):
    rows = [waiting(tiers, name).employment for name in ("张三", "李四")]
    answer = client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": [str(row.pk) for row in rows]})
    page = answer.content.decode()
    assert re.search(r"<h2>张三、李四 <span[^>]*>共 2 人</span></h2>", page) and page.count("该人员已分配到本项目") == 1


def test_too_many_people_are_refused_in_words(tiers):
    too_many = [str(uuid4()) for _ in range(501)]
    answer = client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": too_many}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "一次最多办理 500 人，选了 501 人" in answer.content.decode()


def test_people_of_another_firm_are_refused(tiers):
    stranger = tiers.employment(tiers.person("外人"), tiers.yuanda)
    answer = client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": [str(stranger.pk)]})
    assert (answer.status_code, Assignment.objects.count()) == (404, 0)


def test_parent_sees_masked_data_and_accepts(tiers):
    pending = waiting(tiers)
    browser = client_of(tiers.specialist_pm)
    page = browser.get("/assignments/acceptance/").content.decode()
    assert "张三" in page and str(tiers.zhang.id_number) in page and tiers.zhang.id_number.plain not in page
    answer = browser.post("/assignments/acceptances/", {"ids": [str(pending.pk)], "lodges_on_site": "yes"})
    assert (answer.status_code, answer["Location"]) == (302, "/assignments/acceptance/")
    pending.refresh_from_db()
    assert (pending.status, pending.lodges_on_site, Stay.objects.count()) == ("accepted", True, 1)
    assert "接收" in browser.get("/assignments/acceptance/processed/").content.decode()


def test_parent_sees_phone_kept_by_firm(tiers):
    pending = waiting(tiers)
    employment = pending.employment
    employment.contact_phone = Secret("15400007788")
    employment.save()
    browser = client_of(tiers.specialist_pm)
    for address in ("/assignments/acceptance/", f"/assignments/{pending.pk}/"):
        page = browser.get(address).content.decode()
        assert "154*****788" in page and str(pending.person.phone) not in page


def test_lodging_is_required_and_rejection_returns(tiers):
    pending = waiting(tiers)
    browser = client_of(tiers.specialist_pm)
    assert (
        browser.post("/assignments/acceptances/", {"ids": [str(pending.pk)], "lodges_on_site": ""}).status_code == 422
    )
    answer = browser.post("/assignments/rejections/", {"ids": [str(pending.pk)], "note": "人满"})
    assert answer["Location"] == "/assignments/acceptance/"


def test_general_contractor_is_not_asked(tiers):
    waiting(tiers)
    assert "张三" not in client_of(tiers.gc_pm).get("/assignments/acceptance/").content.decode()


def test_every_acceptance_asks_about_lodging(tiers):
    pending = waiting(tiers)
    browser = client_of(tiers.specialist_pm)
    assert browser.get("/assignments/waiting/")["Location"] == "/assignments/acceptance/"
    page = browser.get(f"/assignments/{pending.pk}/").content.decode()
    assert f"/assignments/acceptances/?ids={pending.pk}" in page and "/assignments/confirmations/" not in page
    browser.post("/assignments/acceptances/", {"ids": [str(pending.pk)], "lodges_on_site": "no"})
    assert "<dt>是否住宿在工地</dt><dd>否</dd>" in browser.get(f"/assignments/{pending.pk}/").content.decode()


def test_rejected_allocation_is_corrected_and_resubmitted(tiers):
    pending = waiting(tiers)
    commands.reject([pending], note="工种不符", by=tiers.specialist_pm)
    Employment.objects.filter(pk=pending.employment_id).update(trade="木工", team=tiers.team("木工二组"))

    browser = client_of(tiers.hr)
    browser.post(_tree(tiers.labour_place), {"ids": [str(pending.employment_id)]})

    again = Assignment.objects.get()
    assert (again.status, again.trade, again.team.name) == ("pending", "木工", "木工二组")
    resubmitted = AuditEntry.objects.get(event="assignment.resubmitted")
    assert resubmitted.params["changes"] == "（班组 王班组 → 木工二组，工种 钢筋工 → 木工）"
    home = browser.get("/company/").context["waiting"]
    assert (home["pending"], home["rejected"]) == (1, 0)


@pytest.mark.parametrize(
    ("who", "page", "entry"),
    [
        ("hr", "tree", "人员项目分配"),
        ("hr", "placed", "人员项目分配"),
        ("specialist_pm", "acceptance", "进场人员确认"),
        ("specialist_pm", "processed", "进场人员确认"),
    ],
)
def test_menu_marks_the_current_page(tiers, who, page, entry):
    address = reverse(f"assignment-{page}", args=[tiers.labour_place.pk] if who == "hr" else [])
    groups = client_of(getattr(tiers, who)).get(address).context["menu"]
    assert [item.label for group in groups for item in group.items if item.current] == [entry]


def test_mistaken_allocations_are_removed_together(tiers):
    by_mistake = [waiting(tiers, name) for name in ("张三", "李四")]
    there = waiting(tiers, "王五")
    commands.accept([there], by=tiers.specialist_pm)
    browser, placed = client_of(tiers.hr), reverse("assignment-placed", args=[tiers.labour_place.pk])

    page = browser.get(placed).content.decode()
    assert [str(row.pk) in re.findall(r'name="ids" value="([^"]+)"', page) for row in (*by_mistake, there)] == [
        True,
        True,
        False,
    ]
    answer = browser.post("/assignments/removals/?from=placed", {"ids": [str(row.pk) for row in by_mistake]})

    assert answer["Location"] == placed
    assert sorted(row.status for row in Assignment.objects.all()) == ["accepted", "removed", "removed"]
    tree = browser.get(_tree(tiers.labour_place)).content.decode()
    assert "张三【" in tree and "李四【" in tree and "王五【" not in tree


@pytest.mark.parametrize(
    ("who", "dialog", "desk"),
    [
        ("specialist_pm", "acceptances", "/assignments/acceptance/"),
        ("specialist_pm", "rejections", "/assignments/acceptance/"),
        ("hr", "allocation", "/assignments/people/"),
    ],
)
def test_dialog_without_people_leads_to_its_list(tiers, who, dialog, desk):
    assert client_of(getattr(tiers, who)).get(f"/assignments/{dialog}/")["Location"] == desk


SEEN = "/assignments/list/", "/assignments/waiting/", "/assignments/{pk}/", "/inbox/"


def seen_by(actor, pending) -> list[str]:
    """The pages on which this actor sees 张三."""
    browser = client_of(actor)
    pages = {address: browser.get(address.format(pk=pending.pk), follow=True) for address in SEEN}
    return [address for address, page in pages.items() if page.status_code == 200 and "张三" in page.content.decode()]


def test_unconfirmed_worker_is_hidden_above_answerer(tiers):
    row = tiers.employment(team=tiers.team())
    client_of(tiers.hr).post(_tree(tiers.labour_place), {"ids": [str(row.pk)]})
    pending = Assignment.objects.get()
    assert seen_by(tiers.specialist_pm, pending) == [*SEEN]
    assert seen_by(tiers.labour_pm, pending) == ["/assignments/list/", "/assignments/{pk}/"]
    assert seen_by(tiers.gc_pm, pending) == []
    assert client_of(tiers.gc_pm).get(f"/assignments/acceptances/?ids={pending.pk}").status_code == 404
    assert client_of(tiers.gc_pm).post(f"/assignments/confirmations/?ids={pending.pk}").status_code == 404

    commands.accept([pending], by=tiers.specialist_pm)
    assert seen_by(tiers.gc_pm, pending) == ["/assignments/list/", "/assignments/{pk}/"]


def test_general_contractor_answers_for_firm_below(tiers):
    place = tiers.participation(tiers.binjiang, tiers.company("永泰劳务"), "labour", tiers.gc_place)
    row = tiers.employment(tiers.zhang, place.company)
    pending = tiers.assignment(row, place, status="pending", confirmed_at=None)
    assert "/assignments/waiting/" in seen_by(tiers.gc_pm, pending)
    assert seen_by(tiers.specialist_pm, pending) == []


def test_worker_is_offered_to_second_project(tiers):
    waiting(tiers)
    second = tiers.participation(tiers.project("二期", policy="two_tier"), tiers.antai, "labour")
    tiers.filing(second, "孙二期")
    page = client_of(tiers.hr).get(_tree(second)).content.decode()
    assert "张三【钢筋工】" in page


def _tree(place) -> str:
    return reverse("assignment-tree", args=[place.pk])
