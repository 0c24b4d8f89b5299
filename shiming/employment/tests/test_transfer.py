"""一键转出（N3）：同意、不同意、逾期、取消；新单位永远不知道原单位是谁。"""

import json
from datetime import timedelta

import pytest
from django.forms.models import model_to_dict

from shiming.core.actor import system
from shiming.core.errors import Conflict, DomainError
from shiming.core.models import AuditEntry
from shiming.employment import commands, queries
from shiming.employment.models import Employment, Transfer


@pytest.fixture
def old(cast):
    """张三 works for 远大总包; 安泰劳务 requests a transfer."""
    return cast.employment(company=cast.yuanda)


def ask(cast):
    return commands.request_transfer(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)


def agreed(cast):
    return commands.answer_transfer(ask(cast), agree=True, by=cast.himself())


def now(row):
    return type(row).objects.get(pk=row.pk)


def new_ones(cast):
    return [(row.status, row.company) for row in Employment.objects.filter(company=cast.antai)]


def test_agreed_transfer_files_leave_then_invites(cast, old):
    transfer = agreed(cast)
    assert (transfer.status, transfer.due_on, now(old).status) == ("leaving", now(old).leave_due_on, "leave_requested")
    assert new_ones(cast) == []

    commands.answer_leave(now(old), agree=True, by=cast.stranger_hr)
    assert now(transfer).status == "completed"
    assert new_ones(cast) == [("invited", cast.antai)]


def test_old_employer_sees_leave_without_destination(cast, old):
    agreed(cast)
    [request] = queries.leave_requests(cast.stranger_hr)
    assert request.leave_reason == "个人原因，申请离职"
    assert list(queries.transfers(cast.stranger_hr)) == []


def test_declined_transfer_files_nothing(cast, old):
    transfer = commands.answer_transfer(ask(cast), agree=False, by=cast.himself())
    assert (transfer.status, now(old).status) == ("declined", "active")


def test_refused_leave_stops_transfer_without_details(cast, old):
    transfer = agreed(cast)
    commands.answer_leave(now(old), agree=False, note="远大总包城东二期还缺人", by=cast.stranger_hr)
    assert (now(transfer).status, now(transfer).note, now(old).status) == ("stopped", "离职申请未获同意", "active")


def test_overdue_leave_is_shown_to_new_firm(cast, old):
    assert cast.stranger_place.company == cast.yuanda
    transfer = agreed(cast)
    day = transfer.due_on + timedelta(days=1)
    assert [commands.flag_overdue_leaves(by=system(), today=day) for _ in range(2)] == [1, 0]

    assert (now(transfer).overdue, now(transfer).status) == (True, "leaving")
    assert [row.company for row in queries.overdue_leaves(cast.regulator("孙西区", "西区监督站"))] == [cast.yuanda]


def test_cancelled_leave_stops_the_transfer(cast, old):
    transfer = agreed(cast)
    commands.cancel_leave(now(old), by=cast.himself())
    assert (now(transfer).status, now(transfer).note) == ("stopped", "本人取消离职申请")


def test_stopped_transfer_keeps_the_leave(cast, old):
    transfer = commands.stop_transfer(agreed(cast), by=cast.hr)
    assert (transfer.status, now(old).status) == ("stopped", "leave_requested")


def test_dismissal_completes_the_transfer(cast, old):
    transfer = ask(cast)
    commands.propose_dismissal(old, reason="工程完工", by=cast.stranger_hr)
    with pytest.raises(Conflict, match="现单位已提出解聘，请先在待办中答复"):
        commands.answer_transfer(transfer, agree=True, by=cast.himself())
    commands.answer_dismissal(now(old), agree=True, by=cast.himself())

    assert now(transfer).status == "completed"
    assert new_ones(cast) == [("invited", cast.antai)]


def test_transfer_without_employer_invites_at_once(cast, old):
    transfer = ask(cast)
    Employment.objects.filter(pk=old.pk).update(status="ended")
    assert commands.answer_transfer(transfer, agree=True, by=cast.himself()).status == "completed"
    assert new_ones(cast) == [("invited", cast.antai)]


def test_second_or_needless_transfer_is_refused(cast, old):
    ask(cast)
    with pytest.raises(Conflict, match="已发起转出，等待答复"):
        ask(cast)
    Employment.objects.filter(pk=old.pk).update(status="ended")
    with pytest.raises(Conflict, match="可以直接新建聘用关系"):
        commands.request_transfer(name="张三", number=cast.zhang.id_number.plain, by=cast.gc_hr)


def test_transfer_of_own_worker_is_refused(cast):
    cast.employment()
    with pytest.raises(DomainError, match="该人员已登记"):
        ask(cast)


@pytest.mark.parametrize("answer", ["agree", "refuse", "late"])
def test_new_employer_cannot_identify_old_one(cast, old, answer):
    assert cast.stranger_place.company == cast.yuanda
    transfer = agreed(cast)
    if answer == "late":
        commands.flag_overdue_leaves(by=system(), today=transfer.due_on + timedelta(days=1))
    else:
        commands.answer_leave(now(old), agree=answer == "agree", note="远大还缺人", by=cast.stranger_hr)

    entries = AuditEntry.objects.filter(company_id=cast.antai.pk)
    rows = [*queries.transfers(cast.hr), *queries.employments(cast.hr)]
    visible = json.dumps([[str(e), e.by, e.params, e.before, e.after, e.reason, str(e.user_id)] for e in entries])
    visible += json.dumps([{key: str(value) for key, value in model_to_dict(row).items()} for row in rows])
    visible = visible.encode().decode("unicode_escape")
    secrets = [
        "远大",
        "周人事",
        str(cast.yuanda.pk),
        str(cast.stranger_hr.user_id),
        str(old.pk),
        cast.yuanda.credit_code,
    ]

    assert "安泰劳务" in visible and str(transfer.pk) not in secrets
    assert [secret for secret in secrets if secret in visible] == []


def test_person_and_firm_have_one_transfer(cast, old):
    ask(cast)
    assert Transfer.objects.filter(person=cast.zhang, status="asked").count() == 1
