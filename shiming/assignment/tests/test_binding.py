"""[004] A2, A3, A6: drafted, submitted, returned, submitted again; who may, and every reason at once."""

import pytest
from django.utils import timezone

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.binding.tests.cases import proved
from shiming.core.errors import DomainError, NotAllowed
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects.models import ContractFiling, Project

WORKER = Assignment.WORKER


@pytest.fixture
def bound(cast):
    assert cast.clerk
    return cast


def stands_there(person: Person) -> Person:
    Person.objects.filter(pk=person.pk).update(hand_checked_at=timezone.now())
    return person


def worker(cast, name="张三") -> Employment:
    return cast.employment(stands_there(cast.person(name)), mode="direct")


def manager(cast, name="马安全") -> Employment:
    return cast.employment(stands_there(cast.person(name)), mode="direct", kind="manager", trade="", duty="安全员")


def drafted(cast, employment=None, role=WORKER) -> Assignment:
    return commands.draft(employment or worker(cast), cast.repair_place, role=role, by=cast.clerk)


def told(result):
    return [(name, [item.code for item in refusals]) for name, refusals in result.rows]


def test_submission_names_its_clerk_in_the_trail(bound):
    draft = drafted(bound)
    assert (draft.status, draft.submitted_at) == ("draft", None)

    (submitted,) = commands.submit([draft], by=bound.clerk).done

    assert (submitted.status, submitted.submitted_by_id) == ("pending", bound.clerk.user_id)
    assert submitted.submitted_at is not None and submitted.allocated_on == timezone.localdate()
    assert [str(entry) for entry in AuditEntry.objects.filter(object_id=str(draft.pk)).order_by("id")] == [
        "冯经办登记张三到沿河修缮（建筑工人），待提交",
        "冯经办提交张三到沿河修缮（建筑工人），待审核",
    ]


def test_drafting_twice_is_one_draft(bound):
    employment = worker(bound)
    assert drafted(bound, employment) == drafted(bound, employment)


@pytest.mark.parametrize("who", ["gc_hr", "stranger_hr", "labour_pm", "implementer"])
def test_only_the_keepers_of_the_own_company_draft_and_submit(bound, who):
    draft, actor = drafted(bound), getattr(bound, who)
    with pytest.raises(NotAllowed):
        commands.draft(worker(bound, "李四"), bound.repair_place, role=WORKER, by=actor)
    for command in (commands.submit, commands.discard):
        assert told(command([draft], by=actor)) == [("张三", ["R-42"])]


def test_hr_of_the_company_submits_too(bound):
    assert commands.submit([drafted(bound)], by=bound.hr).done


def test_another_companys_employee_is_not_drafted(bound):
    elsewhere = bound.employment(bound.person("外人"), bound.yuanda)
    with pytest.raises(DomainError) as refused:
        commands.draft(elsewhere, bound.repair_place, role=WORKER, by=bound.clerk)
    assert refused.value.codes == ["R-19"]


def test_every_reason_is_told_at_once(bound):
    draft = drafted(bound)
    Person.objects.update(hand_checked_at=None)
    Employment.objects.update(status="leave_requested")
    ContractFiling.objects.update(status="draft")
    Project.objects.filter(pk=draft.project_id).update(status="suspended")

    assert told(commands.submit([draft], by=bound.clerk)) == [("张三", ["R-17", "R-48", "R-19", "R-26"])]
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == ("draft", None)


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"face_status": "registered", "face_registered_at": timezone.now(), "hand_checked_at": None}, []),
        ({"hand_checked_at": timezone.now()}, []),
        ({"hand_checked_at": None}, [("张三", ["R-26"])]),
        ({"face_status": "withdrawn", "hand_checked_at": None}, [("张三", ["R-26"])]),
    ],
)
def test_a_face_or_a_check_by_hand_is_asked_before_submission(bound, change, answer):
    draft = drafted(bound)
    Person.objects.filter(pk=draft.person_id).update(**change)
    assert told(commands.submit([draft], by=bound.clerk)) == answer


def test_a_manager_must_stand_in_the_own_register_as_manager(bound):
    good = drafted(bound, proved(bound, manager(bound)), role="安全员")
    other = drafted(bound, worker(bound, "李四"), role="安全员")
    result = commands.submit([good, other], by=bound.clerk)
    assert [row.person.name for row in result.done] == ["马安全"]
    assert told(result) == [("李四", ["R-28", "R-27"])]


@pytest.mark.parametrize(("days", "answer"), [(60, []), (61, [("马安全", ["R-27"])])])
def test_social_proof_of_manager_is_at_most_sixty_days_old(bound, days, answer):
    row = drafted(bound, proved(bound, manager(bound), days), role="安全员")
    assert told(commands.submit([row], by=bound.clerk)) == answer


def test_manager_without_social_proof_is_refused_alone(bound):
    bare, ready = manager(bound), proved(bound, manager(bound, "钱质量"))
    rows = [drafted(bound, bare, role="安全员"), drafted(bound, ready, role="质量员")]
    result = commands.submit(rows, by=bound.clerk)
    assert ([row.person.name for row in result.done], told(result)) == (["钱质量"], [("马安全", ["R-27"])])


def test_submitting_again_is_answered_in_words(bound):
    draft = drafted(bound)
    commands.submit([draft], by=bound.clerk)
    assert [str(error) for _, error in commands.submit([draft], by=bound.clerk).refused] == [
        "已经提交，等待实施单位审核"
    ]


def returned(cast, employment=None) -> Assignment:
    row = drafted(cast, employment)
    commands.submit([row], by=cast.clerk)
    Assignment.objects.filter(pk=row.pk).update(status="rejected", decision_note="工种不符")
    row.refresh_from_db()
    return row


def test_what_was_returned_is_submitted_again_and_says_what_changed(bound):
    row = returned(bound)
    Employment.objects.update(trade="木工")
    Person.objects.filter(pk=row.person_id).update(native_place="浙江省")

    (again,) = commands.submit([row], by=bound.clerk).done

    assert (again.pk, again.status, again.trade) == (row.pk, "pending", "木工")
    entry = AuditEntry.objects.get(event="assignment.resubmitted")
    assert entry.params["changes"] == "（工种 钢筋工 → 木工，籍贯 空 → 浙江省）"


def test_the_second_submission_asks_afresh(bound):
    row = returned(bound)
    Person.objects.update(hand_checked_at=None)
    assert told(commands.submit([row], by=bound.clerk)) == [("张三", ["R-26"])]


def test_drafting_who_was_returned_leads_to_the_returned_row(bound):
    row = returned(bound)
    assert drafted(bound, row.employment).pk == row.pk


@pytest.mark.parametrize(("status", "goes"), [("draft", True), ("pending", True), ("rejected", True), ("ended", False)])
def test_the_company_takes_back_what_is_not_bound(bound, status, goes):
    row = drafted(bound)
    Assignment.objects.filter(pk=row.pk).update(status=status)
    result = commands.discard([row], by=bound.clerk)
    row.refresh_from_db()
    assert (row.status, not result.refused) == ("removed" if goes else status, goes)


def test_supervisors_and_others_draft_no_workers(bound):
    place = bound.participation(bound.yanhe, bound.mingcheng, "supervision")
    clerk = bound.staff("明诚经办", bound.mingcheng)
    row = bound.employment(bound.person("监理工人"), bound.mingcheng)
    with pytest.raises(DomainError) as refused:
        commands.draft(row, place, role=WORKER, by=clerk)
    assert str(refused.value) == "现场作业人员由总包、专业、劳务单位登记"


def test_each_flow_has_its_own_way_in(bound):
    bound.filing(bound.labour_place, "孙劳务")
    for command, place in ((commands.propose, bound.repair_place), (commands.propose_managers, bound.repair_place)):
        people = [worker(bound)] if command is commands.propose else {worker(bound, "李四"): "安全员"}
        more = {"role": WORKER} if command is commands.propose else {}
        with pytest.raises(DomainError) as refused:
            command(people, place, by=bound.hr, **more)
        assert str(refused.value) == "本项目的人员由实施单位审核绑定"
    with pytest.raises(DomainError) as refused:
        commands.draft(Employment.objects.first(), bound.labour_place, role=WORKER, by=bound.clerk)
    assert str(refused.value) == "本项目不用绑定审核"
