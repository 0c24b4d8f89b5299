"""The start page of 企业端."""

import pytest

from shiming.assignment import commands
from shiming.core.actor import Role
from shiming.inbox import queries
from shiming.inbox.company_home import waiting
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import ASSIGNMENT
from shiming.web import menu
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def test_start_page_counts_open_tasks(cast):
    cast.employment(profile_completed=False)
    cast.employment(cast.person("李四"), status="leave_requested")
    cast.employment(cast.person("王五"), status="invited", started_at=None)
    cast.assignment(cast.employment(cast.person("赵六")), status="pending", confirmed_at=None)

    assert waiting(cast.antai) == {
        "invited": 1,
        "awaiting": 0,
        "leaving": 1,
        "incomplete": 1,
        "employed": 3,
        "pending": 1,
        "rejected": 0,
        "sites": 1,
    }


def menu_of(actor) -> dict[str, list[str]]:
    return {group.label: [item.label for item in group.items] for group in menu.groups_for(actor, "/company/")}


@pytest.mark.parametrize(
    ("who", "audits"),
    [("implementer", True), ("implementing_legal", True), ("implementing_hr", False), ("own_legal", False)],
)
def test_menu_of_manual_004_offers_the_audit_to_the_implementing_company(cast, who, audits):
    assert cast.clerk and cast.implementer
    actor = {
        "implementer": lambda: cast.implementer,
        "implementing_legal": lambda: cast.staff("安居法人", cast.anju, Role.LEGAL_REP),
        "implementing_hr": lambda: cast.staff("安居人事", cast.anju),
        "own_legal": lambda: cast.staff("安泰法人", cast.antai, Role.LEGAL_REP),
    }[who]()
    shown = menu_of(actor)
    assert "企业基本信息" in shown["企业管理"]
    assert ("项目人员登记绑定审核" in shown.get("人员管理", [])) is audits


def test_company_that_audits_nothing_has_no_audit_in_its_menu(cast):
    cast.participation(cast.binjiang, cast.anju, "implementing")
    assert "人员管理" not in menu_of(cast.staff("安居法人", cast.anju, Role.LEGAL_REP))


def test_no_label_stands_twice_in_one_menu(cast):
    """A company under [000], [001] and [004] at once: each button has one name, and each name one button."""
    assert cast.clerk and cast.implementer and cast.labour_place
    tiers = cast.project("两级工地", policy="two_tier")
    cast.participation(tiers, cast.antai, "labour")
    for actor in (cast.hr, cast.clerk, cast.staff("安泰法人", cast.antai, Role.LEGAL_REP)):
        items = [item for group in menu.groups_for(actor, "/") for item in group.items]
        assert len({item.label for item in items}) == len({item.url for item in items}) == len(items)


def test_start_page_of_the_auditor_counts_what_waits_and_opens_only_own_pages(cast):
    assert cast.clerk
    row = cast.assignment(cast.employment(mode="direct"), cast.repair_place, status="pending", confirmed_at=None)
    page = client_of(cast.implementer).get("/company/")
    tiles = {tile.label: tile.count for tile in page.context["tiles"]}
    assert tiles == {"绑定待审核": 1}
    assert {tile.label for tile in client_of(cast.clerk).get("/company/").context["tiles"]} == {
        *("分配被拒绝", "分配待确认", "审核不通过", "已提交待审核"),
    }
    for tile in page.context["tiles"]:
        assert client_of(cast.implementer).get(tile.href).status_code == 200, tile.href
    assert row.status == "pending"


def test_start_page_keeps_the_words_of_each_flow_apart(cast):
    """待审核 of [004] stands beside 待确认 of [001], each with the count of its own sites."""
    assert cast.clerk
    for number, place in enumerate((cast.labour_place, cast.repair_place, cast.repair_place)):
        employment = cast.employment(cast.person(f"某{'甲乙丙'[number]}"), mode="direct")
        cast.assignment(employment, place, status="pending", confirmed_at=None)
    counts = waiting(cast.antai)
    assert (counts["pending"], counts["submitted"]) == (1, 2)
    assert "submitted" not in waiting(cast.hengli)


def test_question_of_a_binding_waits_for_its_auditors_only(cast):
    row = cast.assignment(cast.employment(mode="direct"), cast.repair_place, status="pending", confirmed_at=None)
    InboxItem.objects.create(
        project=cast.yanhe,
        participation=cast.repair_place,
        kind=ASSIGNMENT,
        subject_type="assignment.assignment",
        subject_id=row.pk,
        title="张三待审核",
        asks=True,
    )
    assert cast.implementer
    actors = {
        "auditor": cast.implementer,
        "legal": cast.staff("安居法人", cast.anju, Role.LEGAL_REP),
        "office": cast.staff("安居人事", cast.anju),
        "clerk": cast.clerk,
        "site": cast.pm("王修缮", cast.repair_gc_place),
    }
    assert {who for who, actor in actors.items() if queries.waiting(actor).exists()} == {"auditor", "legal"}
    page = client_of(cast.implementer).get("/inbox/").content.decode()
    assert "项目人员登记绑定待审核" in page and 'href="/audits/"' in page

    commands.accept([row], by=cast.implementer)  # refused without a face, and the question stays open
    assert queries.waiting(cast.implementer).exists()
    commands.reject([row], note="照片不清", by=cast.implementer)
    assert not queries.waiting(cast.implementer).exists()
