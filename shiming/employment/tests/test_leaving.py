"""离职与解聘：期限、原因、逾期、退场在先。"""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.core.actor import system
from shiming.core.audit import trail_of
from shiming.core.errors import DomainError, Refused
from shiming.employment import commands, guards, queries


def codes(call):
    with pytest.raises(DomainError) as caught:
        call()
    return [(item.code, item.sentence) for item in caught.value.refusals]


def asked_to_leave(cast, days_ago=0, **fields):
    employment = cast.employment(**fields)
    employment = commands.request_leave(employment, reason="回家", by=cast.himself(employment.person))
    employment.leave_requested_at -= timedelta(days=days_ago)
    employment.save()
    return employment


def test_leave_request_requires_reason(cast):
    employment = cast.employment()
    assert codes(lambda: commands.request_leave(employment, reason=" ", by=cast.himself())) == [
        ("R-10", "请填写：离职原因")
    ]


def test_leave_refusal_requires_reason(cast):
    employment = asked_to_leave(cast)
    assert codes(lambda: commands.answer_leave(employment, agree=False, by=cast.hr)) == [
        ("R-10", "请填写：不同意的原因")
    ]


def test_refused_leave_keeps_reason_for_person(cast):
    employment = commands.answer_leave(asked_to_leave(cast), agree=False, note="工程未完", by=cast.hr)
    assert (employment.status, employment.answer_note, employment.leave_requested_at) == ("active", "工程未完", None)


def test_leave_is_overdue_after_seven_days(cast):
    assert cast.labour_place.company == cast.antai
    employment = asked_to_leave(cast, days_ago=0)
    due = employment.leave_due_on
    runs = [commands.flag_overdue_leaves(by=system(), today=due + timedelta(days=n)) for n in (0, 1, 2)]

    assert due == timezone.localdate() + timedelta(days=7)
    assert runs == [0, 1, 0]
    assert list(queries.overdue_leaves(cast.regulator())) == [employment]
    assert list(queries.overdue_leaves(cast.regulator("孙西区", "西区监督站"))) == []
    assert str(trail_of(employment)[0]) == "张三的离职申请逾期未答，已告知监督机构"


def test_answered_leave_is_not_overdue(cast):
    assert cast.labour_place.company == cast.antai
    employment = asked_to_leave(cast, days_ago=8)
    commands.flag_overdue_leaves(by=system())
    commands.answer_leave(employment, agree=True, by=cast.hr)
    assert list(queries.overdue_leaves(cast.regulator())) == []


def test_dismissal_requires_reason(cast):
    employment = cast.employment()
    assert codes(lambda: commands.propose_dismissal(employment, reason="", by=cast.hr)) == [("R-41", "请输入解聘原因")]


def test_guard_of_later_module_stops_dismissal(cast, monkeypatch):
    def still_on_site(employment):
        raise Refused("R-24")

    monkeypatch.setattr(guards, "_dismissal", [still_on_site])
    employment = cast.employment(kind="manager")
    assert codes(lambda: commands.propose_dismissal(employment, reason="工程完工", by=cast.hr)) == [
        ("R-24", "管理员须先在工地端退场")
    ]
    employment.refresh_from_db()
    assert employment.status == "active"


def test_cancelled_dismissal_clears_its_reason(cast):
    employment = commands.propose_dismissal(cast.employment(), reason="工程完工", by=cast.hr)
    employment = commands.cancel_dismissal(employment, by=cast.hr)
    assert (employment.status, employment.end_reason, employment.dismissal_at) == ("active", "", None)


def test_ended_employment_keeps_dismissal_reason(cast):
    employment = commands.propose_dismissal(cast.employment(), reason="工程完工", by=cast.hr)
    employment = commands.answer_dismissal(employment, agree=True, by=cast.himself())
    assert (employment.status, employment.end_reason, employment.ended_at is not None) == ("ended", "工程完工", True)
