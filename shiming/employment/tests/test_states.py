"""The state machine of domain.md §5.2 as a table: every arrow, and every pair without one."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from shiming.core.audit import trail_of
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.employment import commands
from shiming.employment.models import Employment

Status = Employment.Status

# command → (role, its arguments)
COMMANDS = {
    "withdraw": ("hr", lambda e, by: commands.withdraw(e, by=by)),
    "confirm": ("himself", lambda e, by: commands.confirm(e, by=by)),
    "decline": ("himself", lambda e, by: commands.decline(e, by=by)),
    "request_leave": ("himself", lambda e, by: commands.request_leave(e, reason="回家农忙", by=by)),
    "approve_leave": ("hr", lambda e, by: commands.answer_leave(e, agree=True, by=by)),
    "refuse_leave": ("hr", lambda e, by: commands.answer_leave(e, agree=False, note="工程未完", by=by)),
    "cancel_leave": ("himself", lambda e, by: commands.cancel_leave(e, by=by)),
    "propose_dismissal": ("hr", lambda e, by: commands.propose_dismissal(e, reason="工程完工", by=by)),
    "accept_dismissal": ("himself", lambda e, by: commands.answer_dismissal(e, agree=True, by=by)),
    "refuse_dismissal": ("himself", lambda e, by: commands.answer_dismissal(e, agree=False, by=by)),
    "cancel_dismissal": ("hr", lambda e, by: commands.cancel_dismissal(e, by=by)),
}
ARROWS = {
    ("awaiting_identity", "withdraw"): "withdrawn",  # E3
    ("invited", "withdraw"): "withdrawn",  # E3
    ("invited", "confirm"): "active",  # E4
    ("invited", "decline"): "declined",  # E5
    ("active", "request_leave"): "leave_requested",  # E8
    ("leave_requested", "approve_leave"): "ended",  # E9
    ("leave_requested", "refuse_leave"): "active",  # E10
    ("leave_requested", "cancel_leave"): "active",  # E10
    ("active", "propose_dismissal"): "dismissal_pending",  # E11
    ("dismissal_pending", "accept_dismissal"): "ended",  # E12
    ("dismissal_pending", "refuse_dismissal"): "active",  # E13
    ("dismissal_pending", "cancel_dismissal"): "active",  # E13
}
TRAIL = {
    "withdraw": ["陈人事撤回对张三的聘用邀请"],
    "confirm": ["张三确认受聘于安泰劳务"],
    "decline": ["张三拒绝安泰劳务的聘用邀请"],
    "request_leave": ["张三向安泰劳务申请离职：回家农忙"],
    "approve_leave": ["陈人事同意张三离职", "张三与安泰劳务的聘用结束"],
    "refuse_leave": ["陈人事不同意张三离职：工程未完"],
    "cancel_leave": ["张三取消离职申请"],
    "propose_dismissal": ["陈人事提出解聘张三：工程完工"],
    "accept_dismissal": ["张三同意解聘", "张三与安泰劳务的聘用结束"],
    "refuse_dismissal": ["张三不同意解聘"],
    "cancel_dismissal": ["陈人事取消解聘张三"],
}


def employment_in(cast, status):
    never_worked = status in ("awaiting_identity", "invited", "withdrawn", "declined", "expired")
    times = {
        "started_at": None if never_worked else timezone.now() - timedelta(days=60),
        "leave_requested_at": timezone.now() if status == "leave_requested" else None,
    }
    return cast.employment(status=status, **times)


def actor_for(cast, who):
    return cast.himself() if who == "himself" else getattr(cast, who)


@pytest.mark.parametrize(("status", "command"), ARROWS)
def test_every_arrow_changes_state_and_records(cast, status, command):
    employment, (who, call) = employment_in(cast, status), COMMANDS[command]
    moved = call(employment, actor_for(cast, who))

    assert moved.status == ARROWS[status, command] == Employment.objects.get(pk=employment.pk).status
    assert [str(entry) for entry in reversed(trail_of(employment))] == TRAIL[command]


@pytest.mark.parametrize(("status", "command"), sorted(set(product(Status.values, COMMANDS)) - set(ARROWS)))
def test_missing_arrow_is_refused_without_changes(cast, status, command):
    employment, (who, call) = employment_in(cast, status), COMMANDS[command]
    with pytest.raises(DomainError):
        call(employment, actor_for(cast, who))

    assert Employment.objects.get(pk=employment.pk).status == status
    assert list(trail_of(employment)) == []


@pytest.mark.parametrize(("status", "command"), ARROWS)
@pytest.mark.parametrize("stranger", ["stranger_hr", "gc_pm", "regulator", "other person", "the other side"])
def test_arrow_is_refused_to_other_actors(cast, status, command, stranger):
    employment, (who, call) = employment_in(cast, status), COMMANDS[command]
    actor = {
        "regulator": lambda: cast.regulator(),
        "other person": lambda: cast.himself(cast.person("李四")),
        "the other side": lambda: actor_for(cast, "hr" if who == "himself" else "himself"),
    }.get(stranger, lambda: getattr(cast, stranger))()
    with pytest.raises(NotAllowed, match="您没有此项权限"):
        call(employment, actor)

    assert Employment.objects.get(pk=employment.pk).status == status


def test_every_arrow_has_a_command():
    by_command = {(start, end) for (start, _), end in ARROWS.items()}
    by_itself = {
        ("awaiting_identity", "invited"),  # 核验通过
        ("awaiting_identity", "expired"),  # 核验失败
        ("invited", "expired"),  # 30 天
        ("active", "ended"),  # E14，直接离职
    }
    drawn = {(str(start), str(end)) for start, ends in Employment.NEXT.items() for end in ends}
    assert drawn == by_command | by_itself


def test_leave_answer_does_not_answer_dismissal(cast):
    employment = employment_in(cast, "dismissal_pending")
    with pytest.raises(Conflict, match="聘用关系解聘待确认，请刷新后再处理"):
        commands.answer_leave(employment, agree=True, by=cast.hr)


def test_second_job_is_a_second_row(cast):
    first = employment_in(cast, "ended")
    second = commands.invite(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)
    commands.confirm(second, by=cast.himself())

    assert [(row.pk, row.status) for row in Employment.objects.order_by("created_at")] == [
        (first.pk, "ended"),
        (second.pk, "active"),
    ]


def test_invitation_expires_after_thirty_days(cast):
    employment = commands.invite(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)
    assert employment.expires_on - timezone.localdate() == timedelta(days=30)
    assert employment.expires_on > date.today()
