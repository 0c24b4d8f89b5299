"""Allocation, acceptance, rejection, resubmission and removal: roles, states and messages."""

import pytest
from django.utils import timezone

from shiming.assignment import commands, rules
from shiming.assignment.models import Assignment
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment

Status = Assignment.Status
WORKER = Assignment.WORKER


@pytest.fixture
def filed(cast):
    """The place of 安泰劳务 on 滨江一期, with a filed contract."""
    cast.filing(cast.labour_place, "孙劳务")
    return cast.labour_place


def refusals_of(result):
    return [(name, [item.code for item in refusals]) for name, refusals in result.rows]


def pending(cast, **fields):
    return cast.assignment(status="pending", confirmed_at=None, **fields)


def test_allocated_worker_waits_for_the_site(cast, filed):
    result = commands.propose([cast.employment()], filed, role=WORKER, by=cast.hr)

    (assignment,) = result.done
    assert assignment.status == Status.PENDING
    assert (assignment.person, assignment.project, assignment.trade) == (cast.zhang, cast.binjiang, "钢筋工")
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["陈人事分配张三到滨江一期（建筑工人）"]


def test_batch_decides_each_and_names_refused(cast, filed):
    allocated = cast.assignment().employment
    free = cast.employment(cast.person("李四"))
    unfinished = cast.employment(cast.person("王五"), profile_completed=False)
    gone = cast.employment(cast.person("赵六"), status="leave_requested")

    result = commands.propose([allocated, free, unfinished, gone], filed, role=WORKER, by=cast.hr)

    assert [row.person.name for row in result.done] == ["李四"]
    assert sorted(refusals_of(result)) == [("张三", ["R-18"]), ("王五", ["R-19"]), ("赵六", ["R-19"])]


def test_refusal_sentences_match_the_manuals(cast, filed):
    allocated = cast.assignment().employment
    gone = cast.employment(cast.person("李四"), profile_completed=False)

    rows = commands.propose([allocated, gone], filed, role=WORKER, by=cast.hr).rows

    assert {name: items[0].sentence for name, items in rows} == {
        "张三": "该人员已分配到本项目",
        "李四": "该人员未在本单位在职",
    }


@pytest.mark.parametrize("status", [None, "draft", "closed"])
def test_unfiled_contract_allows_no_allocation(cast, status):
    if status:
        cast.filing(cast.labour_place, "孙劳务", status=status)

    with pytest.raises(DomainError) as refused:
        commands.propose([cast.employment()], cast.labour_place, role=WORKER, by=cast.hr)

    assert str(refused.value) == "合同未完成报送，不能分配人员"
    assert refused.value.codes == ["R-17"]


def test_empty_choice_is_refused(cast, filed):
    with pytest.raises(DomainError) as refused:
        commands.propose([], filed, role=WORKER, by=cast.hr)
    assert (refused.value.codes, str(refused.value)) == (["R-44"], "请至少选择一人")


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("hr", True),
        ("labour_pm", True),  # the company's own people on site
        ("gc_pm", False),
        ("gc_hr", False),
        ("stranger_hr", False),
        ("stranger_pm", False),
        ("supervision_pm", False),
    ],
)
def test_allocation_needs_its_role(cast, filed, who, may):
    if may:
        assert commands.propose([cast.employment()], filed, role=WORKER, by=getattr(cast, who)).done
    else:
        with pytest.raises(NotAllowed):
            commands.propose([cast.employment()], filed, role=WORKER, by=getattr(cast, who))


def test_employee_of_another_firm_is_refused(cast, filed):
    elsewhere = cast.employment(company=cast.hengli)
    assert refusals_of(commands.propose([elsewhere], filed, role=WORKER, by=cast.hr)) == [("张三", ["R-19"])]


def test_single_position_is_held_by_one(cast, filed):
    first, second = (cast.employment(cast.person(name), kind="manager") for name in ("张三", "李四"))
    commands.propose([first], filed, role="项目经理", by=cast.hr)

    ((name, (why,)),) = commands.propose([second], filed, role="项目经理", by=cast.hr).rows

    assert (name, why.sentence) == ("李四", "项目经理已是张三")
    assert commands.propose([second], filed, role="安全员", by=cast.hr).done


def test_managers_are_saved_with_their_positions(cast, filed):
    safety, quality = cast.employment(kind="manager"), cast.employment(cast.person("李四"), kind="manager")

    commands.propose_managers({safety: "安全员", quality: "质量员"}, filed, by=cast.hr)

    rows = Assignment.objects.order_by("person__name").values_list("person__name", "role")
    assert dict(rows) == {"张三": "安全员", "李四": "质量员"}


WORKER_AS_MANAGER = "建筑工人不能担任专业监理工程师"
MANAGER_AS_WORKER = "管理人员须按管理岗位分配"
MISFITS = [("worker", "专业监理工程师", WORKER_AS_MANAGER), ("manager", WORKER, MANAGER_AS_WORKER)]


@pytest.mark.parametrize(("kind", "role", "sentence"), MISFITS)
def test_position_that_does_not_fit_is_refused_at_every_door(cast, filed, kind, role, sentence):
    row = cast.employment(kind=kind)
    people_first = commands.propose([row], filed, role=role, by=cast.hr)
    site_first = commands.propose_managers({row: role}, filed, by=cast.hr)
    rejected = cast.assignment(row, filed, role=role, status="rejected")
    with pytest.raises(DomainError) as again:
        commands.resubmit(rejected, role=role, by=cast.hr)
    Assignment.objects.all().delete()
    with pytest.raises(DomainError) as at_the_desk:
        commands.allocate_directly(row, filed, team=None, trade="", on=timezone.localdate(), by=cast.gc_pm, role=role)

    assert [why.sentence for result in (people_first, site_first) for _, (why,) in result.rows] == [sentence] * 2
    assert [str(again.value), str(at_the_desk.value)] == [sentence] * 2
    assert not Assignment.objects.exists()


def test_unknown_role_is_refused(cast, filed):
    with pytest.raises(DomainError, match="请选择角色"):
        commands.propose([cast.employment()], filed, role="皇帝", by=cast.hr)


def test_confirmation_is_recorded_in_the_trail(cast):
    (assignment,) = commands.accept([pending(cast)], by=cast.gc_pm, lodges_on_site=True).done

    assignment.refresh_from_db()
    assert (assignment.status, assignment.lodges_on_site) == (Status.ACCEPTED, True)
    assert (assignment.confirmed_by_id, assignment.confirmed_at is not None) == (cast.gc_pm.user_id, True)
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["王总包同意张三到滨江一期"]


@pytest.mark.parametrize(
    ("who", "sees", "confirms"),
    [
        ("labour_pm", True, True),  # PM of the company on this site
        ("specialist_pm", True, True),  # the company above
        ("gc_pm", True, True),  # the general contractor
        ("operator", True, True),  # operator with a grant of the general contractor
        ("supervision_pm", False, False),  # sees accepted ones
        ("hr", True, False),
        ("gc_hr", False, False),  # sees accepted ones
        ("stranger_pm", False, False),
        ("stranger_hr", False, False),
        ("regulator", False, False),  # sees accepted ones
        ("other_regulator", False, False),
        ("himself", True, False),
        ("admin", True, False),
    ],
)
def test_waiting_allocation_is_visible_by_role(cast, who, sees, confirms):
    actors = {"operator": cast.operator, "himself": cast.himself, "regulator": cast.regulator}
    actors["other_regulator"] = lambda: cast.regulator("孔监督", "西区监督站")
    actor = actors[who]() if who in actors else getattr(cast, who)
    assignment = pending(cast)

    assert Assignment.objects.filter(rules.visible_to(actor)).exists() is sees
    assert rules.may_confirm(actor, assignment) is confirms


@pytest.mark.parametrize(
    ("who", "sees"), [("gc_hr", True), ("supervision_pm", True), ("stranger_hr", False), ("stranger_pm", False)]
)
def test_firms_above_see_confirmed_people(cast, who, sees):
    cast.assignment()
    assert Assignment.objects.filter(rules.visible_to(getattr(cast, who))).exists() is sees


def test_operator_confirms_only_with_that_right(cast):
    from shiming.core.actor import Right

    assert not rules.may_confirm(cast.operator("李操作", rights=(Right.ENTRY,)), pending(cast))


@pytest.mark.parametrize(
    ("policy", "who", "confirms"),
    [
        ("two_tier", "specialist_pm", True),  # the company above receives
        ("two_tier", "gc_pm", False),
        ("two_tier", "labour_pm", False),
        ("audit_bind", "gc_pm", False),
        ("site_direct", "gc_pm", False),
        ("invite_scan", "gc_pm", True),
    ],
)
def test_project_policy_defines_the_confirmer(cast, policy, who, confirms):
    cast.project("滨江一期", policy=policy)
    assert rules.may_confirm(getattr(cast, who), pending(cast)) is confirms


def test_batch_confirms_two_and_refuses_third(cast):
    first, second = pending(cast), pending(cast, employment=cast.employment(cast.person("李四")))
    done = cast.assignment(cast.employment(cast.person("王五")))

    result = commands.accept([first, second, done], by=cast.gc_pm)

    assert sorted(row.person.name for row in result.done) == ["张三", "李四"]
    ((name, (why,)),) = result.rows
    assert (name, why.code, why.sentence) == ("王五", "R-43", "人员分配已确认，无需再办")


def test_rejection_needs_a_reason(cast):
    assignment = pending(cast)
    with pytest.raises(DomainError) as refused:
        commands.reject([assignment], note=" ", by=cast.gc_pm)
    assert (refused.value.codes, str(refused.value)) == (["R-40"], "请填写不通过原因")

    commands.reject([assignment], note="工种不符", by=cast.gc_pm)

    assignment.refresh_from_db()
    assert (assignment.status, assignment.decision_note) == (Status.REJECTED, "工种不符")
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["王总包拒绝张三到滨江一期：工种不符"]


def test_resubmission_records_the_changes(cast, filed):
    assignment = pending(cast)
    commands.reject([assignment], note="应为安全员", by=cast.gc_pm)
    Employment.objects.update(kind="manager")

    again = commands.resubmit(assignment, role="安全员", by=cast.hr)

    assert (again.status, again.role) == (Status.PENDING, "安全员")
    entry = AuditEntry.objects.latest("id")
    assert str(entry) == "陈人事再次提交张三到滨江一期（角色 建筑工人 → 安全员）"
    assert (entry.before["角色"], entry.after["角色"]) == ("建筑工人", "安全员")


def test_firm_takes_back_unconfirmed_allocation(cast):
    waiting, confirmed = pending(cast), cast.assignment(cast.employment(cast.person("李四")))

    result = commands.remove([waiting, confirmed], by=cast.hr)

    assert [row.status for row in result.done] == [Status.REMOVED]
    assert refusals_of(result) == [("李四", ["R-43"])]


@pytest.mark.parametrize(
    ("start", "target"),
    [(start, target) for start in Status.values for target in Status.values],
)
def test_state_table_allows_only_its_arrows(start, target):
    """A1, A3–A9 of domain.md §5.3, and no other transition."""
    drawn = {
        ("draft", "pending"),
        ("draft", "removed"),
        ("pending", "accepted"),
        ("pending", "rejected"),
        ("pending", "removed"),
        ("rejected", "pending"),
        ("rejected", "removed"),
        ("accepted", "ended"),
    }
    assert Assignment(status=start).can_become(target) is ((start, target) in drawn)


def test_ended_employment_ends_its_allocations(cast):
    from shiming.core.audit import record

    employment = cast.employment()
    confirmed = cast.assignment(employment)
    chengdong = cast.participation(cast.chengdong, cast.antai, "labour", cast.stranger_place)
    waiting = pending(cast, employment=employment, place=chengdong)

    record(Event.EMPLOYMENT_ENDED, employment, by=cast.hr, person=cast.zhang, company=cast.antai)

    confirmed.refresh_from_db()
    waiting.refresh_from_db()
    assert (confirmed.status, waiting.status) == (Status.ENDED, Status.REMOVED)
    sentences = [str(entry) for entry in AuditEntry.objects.filter(event__startswith="assignment").order_by("event")]
    assert sentences == ["张三在滨江一期的分配结束：聘用结束", "陈人事移除张三在城东二期的分配"]


def test_person_returns_with_new_allocation(cast, filed):
    old = cast.assignment()
    commands.end(old, reason="退场", by=cast.gc_pm)
    assert commands.propose([old.employment], filed, role=WORKER, by=cast.hr).done


def test_removed_allocation_is_not_resubmitted(cast, filed):
    assignment = pending(cast)
    commands.remove([assignment], by=cast.hr)
    with pytest.raises(Conflict, match="人员分配已移除，不能改为待确认"):
        commands.resubmit(assignment, by=cast.hr)
