"""Every event sends its notices once, and its answer closes the question."""

from string import Formatter

import pytest
from django.db import transaction

from shiming.core.actor import system
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.inbox import queries
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import CLOSES, NOTICES, SILENT, To
from shiming.projects.models import ProjectPolicy


def notices_of(**whom):
    return [(item.title, item.body, item.asks) for item in InboxItem.objects.filter(**whom).order_by("created_at")]


def waiting(**whom):
    return [item.title for item in InboxItem.objects.filter(asks=True, answered_at=None, **whom)]


def invited(cast):
    return employment.invite(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)


def test_event_has_notices_or_a_reason():
    assert [event for event in Event if (event in NOTICES) is (event in SILENT)] == []


def test_decision_about_person_reaches_that_person():
    decided = ("employment", "dismissal", "assignment", "stay", "entry", "grant")
    own_word = {
        Event.STAY_IMPORTED,  # done in the earlier system, known to the person then
        Event.EMPLOYMENT_CONFIRMED,
        Event.EMPLOYMENT_DECLINED,
        Event.DISMISSAL_REFUSED,
        Event.DISMISSAL_ACCEPTED,
    }
    deaf = [
        event
        for event in Event
        if event.split(".")[0] in decided
        and event not in own_word
        and To.PERSON not in {notice.to for notice in NOTICES.get(event, ())}
    ]
    assert deaf == []


def test_notice_uses_only_words_of_its_event():
    """A placeholder that the label of the event lacks would print as nothing."""
    more = {"company", "project", "person", "operator", "day", "kind", "role", "reason", "by", "what"}
    more |= {"effect", "receiver"}
    unknown = [
        (event, name)
        for event, notices in NOTICES.items()
        for notice in notices
        for _, name, _, _ in Formatter().parse(f"{notice.title}{notice.body}")
        if name and name not in more and f"{{{name}}}" not in event.label
    ]
    assert unknown == []


def test_each_question_has_an_answer():
    asked = {notice.kind for notices in NOTICES.values() for notice in notices if notice.asks}
    assert asked == {kind for kind, _ in CLOSES.values()}


def test_answer_closes_question_of_its_kind():
    assert [event for event, (kind, _) in CLOSES.items() if event.split(".")[0] != kind.split(".")[0]] == []


def test_cancelled_dismissal_leaves_no_question(cast):
    for answer in (
        lambda row: employment.answer_dismissal(row, agree=False, by=cast.himself()),
        lambda row: employment.cancel_dismissal(row, by=cast.hr),
    ):
        row = Employment.objects.first() or cast.employment()
        answer(employment.propose_dismissal(row, reason="工程完工", by=cast.hr))
        assert waiting(person=cast.zhang) == []


def test_invitation_is_question_with_deadline(cast):
    invitation = invited(cast)
    [item] = InboxItem.objects.all()
    assert (item.person, item.title, item.asks, item.due_on) == (
        cast.zhang,
        "安泰劳务请您受聘",
        True,
        invitation.expires_on,
    )


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda cast, row: employment.confirm(row, by=cast.himself()), "已确认"),
        (lambda cast, row: employment.decline(row, by=cast.himself()), "已拒绝"),
        (lambda cast, row: employment.withdraw(row, by=cast.hr), "单位已撤回"),
    ],
)
def test_answer_closes_the_question(cast, answer, word):
    answer(cast, invited(cast))
    question = InboxItem.objects.get(asks=True)
    assert (question.answer, question.answered_at is not None) == (word, True)
    assert queries.waiting(cast.himself()).count() == 0


def test_leave_asks_firm_and_end_informs_both(cast):
    row = employment.request_leave(cast.employment(), reason="回家", by=cast.himself())
    assert waiting(company=cast.antai) == ["张三申请离职"]
    assert InboxItem.objects.get().due_on == row.leave_due_on

    employment.answer_leave(row, agree=True, by=cast.hr)
    assert waiting(company=cast.antai) == []
    end = ("未确认的分配已移除，在场的当天自动退场。", False)
    assert notices_of(person=cast.zhang)[0] == ("您与安泰劳务的聘用已结束", *end)
    assert ("张三已离职", *end) in notices_of(company=cast.antai)


def test_refused_leave_may_be_asked_again(cast):
    row = employment.request_leave(cast.employment(), reason="回家", by=cast.himself())
    employment.answer_leave(row, agree=False, note="工程未完", by=cast.hr)
    assert notices_of(person=cast.zhang) == [
        ("安泰劳务没有同意您离职", "原因：工程未完。您仍在职，可以再次申请。", False)
    ]

    employment.request_leave(row, reason="回家", by=cast.himself())
    assert waiting(company=cast.antai) == ["张三申请离职"]


def test_dismissal_asks_person_with_reason(cast):
    employment.propose_dismissal(cast.employment(), reason="工程完工", by=cast.hr)
    assert notices_of(person=cast.zhang) == [("安泰劳务提出解聘", "原因：工程完工", True)]


def test_old_and_new_firm_stay_unknown_to_each_other(cast):
    old = cast.employment(company=cast.yuanda)
    transfer = employment.request_transfer(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)
    employment.answer_transfer(transfer, agree=True, by=cast.himself())
    employment.answer_leave(Employment.objects.get(pk=old.pk), agree=True, note="远大同意", by=cast.stranger_hr)

    new_firm, old_firm = str(notices_of(company=cast.antai)), str(notices_of(company=cast.yuanda))
    assert "离职已办成" in new_firm and "申请离职" in old_firm
    assert ("远大" in new_firm, "安泰" in old_firm, "转" in old_firm) == (False, False, False)


def test_allocation_asks_site_and_informs_person(cast):
    assignment = cast.assignment(status="pending", confirmed_at=None)
    with_names = {"person": assignment.person, "project": assignment.project, "role": "建筑工人"}
    happened(Event.ASSIGNMENT_PROPOSED, assignment, cast.hr, company_id=cast.antai.pk, **with_names)

    assert notices_of(person=cast.zhang) == [
        ("单位把您分配到滨江一期", "岗位：建筑工人。工地同意后，出示建设码进场。", False)
    ]
    assert waiting(project=cast.binjiang) == ["张三待确认"]
    happened(Event.ASSIGNMENT_ACCEPTED, assignment, cast.gc_pm, company_id=cast.antai.pk, **with_names)
    assert waiting(project=cast.binjiang) == []


def test_acceptance_flow_mentions_no_scan(cast):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    assignment = cast.assignment(status="pending", confirmed_at=None)
    named = {"person": assignment.person, "project": assignment.project, "role": "建筑工人"}
    happened(Event.ASSIGNMENT_PROPOSED, assignment, cast.hr, company_id=cast.antai.pk, **named)
    assert notices_of(person=cast.zhang) == [
        ("单位把您分配到滨江一期", "岗位：建筑工人。工地接收后，当天即进场。", False)
    ]


def happened(event, subject, by, **params):
    with transaction.atomic():
        return record(event, subject, by=by, **params)


def test_many_of_a_kind_are_one_line(cast):
    for name in ("张三", "李四", "王五"):
        row = cast.assignment(cast.employment(cast.person(name)), status="pending", confirmed_at=None)
        happened(Event.ASSIGNMENT_PROPOSED, row, cast.hr, person=row.person, project=row.project, role="建筑工人")
    assert [(group.count, group.unit, group.label) for group in queries.groups(cast.gc_pm)] == [
        (3, "人", "人员分配待确认")
    ]


def test_site_sees_only_its_part_of_chain(cast):
    row = cast.assignment(status="pending", confirmed_at=None)
    happened(Event.ASSIGNMENT_PROPOSED, row, cast.hr, person=row.person, project=row.project, role="建筑工人")
    other = cast.participation(cast.binjiang, cast.yuanda, "specialist", cast.gc_place)

    seen = {
        name: queries.waiting(actor).count()
        for name, actor in {
            "总包": cast.gc_pm,
            "专业": cast.specialist_pm,
            "劳务": cast.labour_pm,
            "旁边的专业": cast.pm("林旁边", other),
            "别的项目": cast.stranger_pm,
        }.items()
    }
    assert seen == {"总包": 1, "专业": 1, "劳务": 1, "旁边的专业": 0, "别的项目": 0}


def test_reveal_by_others_is_sent_to_person(cast):
    shown = {"person": "张三", "field": "身份证号", "reason": "核对劳动合同", "person_id": cast.zhang.pk}
    happened(Event.PERSON_REVEALED, cast.zhang, cast.himself(), **shown)
    happened(Event.PERSON_REVEALED, cast.zhang, cast.hr, **shown)
    assert notices_of(person=cast.zhang) == [("有人查看了您的身份证号", "陈人事，用途：核对劳动合同", False)]


def test_failed_identity_sends_the_reason(cast):
    happened(Event.PERSON_FAILED, cast.zhang, system(), person="张三", person_id=cast.zhang.pk, reason="照片模糊")
    assert notices_of(person=cast.zhang) == [("您的身份信息核验没有通过", "照片模糊。请重新登记。", False)]


def test_entry_costs_one_more_statement(cast, django_assert_num_queries):
    stay, by = cast.stay(), cast.gc_pm
    with transaction.atomic(), django_assert_num_queries(2):
        record(Event.STAY_OPENED, stay, by=by, person="张三", project="滨江一期", method="扫码")
