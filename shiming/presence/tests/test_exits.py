"""Exits: permission, refusals, and what ends with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.actor import system
from shiming.core.audit import record
from shiming.core.errors import RefusedAll
from shiming.core.events import Event
from shiming.employment.guards import check_dismissal
from shiming.presence import commands, rules
from shiming.presence.tests.conftest import trail


def test_exit_ends_the_allocation(cast):
    stay = cast.stay()

    (left,) = commands.leave_site([stay], by=cast.gc_pm).done

    left.refresh_from_db()
    assert (left.exited_on, left.exited_by_id, left.auto) == (timezone.localdate(), cast.gc_pm.user_id, False)
    assert left.assignment.status == Assignment.Status.ENDED
    assert trail() == ["王总包办理张三退场", "张三在滨江一期的分配结束：退场"]


def test_earlier_exit_stops_the_whole_batch(cast):
    here = cast.stay()
    gone = cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    commands.leave_site([gone], by=cast.gc_pm)

    result = commands.leave_site([here, gone], by=cast.gc_pm)

    ((name, (why,)),) = result.rows
    assert (name, why.code, why.sentence) == ("李四", "R-23", "该人员已经退场，不能重复操作")
    assert result.done == []
    here.refresh_from_db()
    assert here.on_site


@pytest.mark.parametrize(("days", "problem"), [(1, "退场日期晚于今天"), (-21, "退场日期早于进场日期")])
def test_exit_date_has_bounds(cast, days, problem):
    on = timezone.localdate() + timedelta(days=days)
    ((_, (why,)),) = commands.leave_site([cast.stay()], by=cast.gc_pm, on=on).rows
    assert (why.code, why.sentence) == ("R-25", problem)


@pytest.mark.parametrize(
    ("who", "leaves", "leaves_managers"),
    [
        ("gc_pm", True, True),
        ("operator", True, True),
        ("specialist_pm", False, True),  # exits belong to the general contractor's PM and operators
        ("labour_pm", False, True),
        ("supervision_pm", False, False),
        ("stranger_pm", False, False),
        ("hr", False, False),
    ],
)
def test_exit_needs_its_right(cast, who, leaves, leaves_managers):
    actor = cast.operator() if who == "operator" else getattr(cast, who)
    worker = cast.stay()
    manager = cast.stay(cast.assignment(cast.employment(cast.person("李四"), kind="manager"), role="安全员"))

    assert rules.may_leave(actor, worker) is leaves
    assert rules.may_leave_manager(actor, manager) is leaves_managers
    assert rules.may_leave_manager(actor, worker) is False


def test_exit_asks_for_required_rating(cast):
    cast.project("滨江一期", policy="site_direct")
    stay = cast.stay()
    ((_, (why,)),) = commands.leave_site([stay], by=cast.gc_pm).rows
    assert why.sentence == "请填写：用工评价"
    (left,) = commands.leave_site([stay], by=cast.gc_pm, rating="good").done
    assert left.rating == "good"


def test_ended_employment_closes_stay_same_day(cast):
    stay = cast.stay()

    record(Event.EMPLOYMENT_ENDED, stay.assignment.employment, by=system(), person=cast.zhang, company=cast.antai)

    stay.refresh_from_db()
    assert (stay.exited_on, stay.auto) == (timezone.localdate(), True)
    assert trail(starting="stay") == ["张三聘用结束自动退场"]


def test_manager_on_site_is_not_dismissed(cast):
    employment = cast.employment(kind="manager")
    stay = cast.stay(cast.assignment(employment, role="安全员"))

    with pytest.raises(RefusedAll, match="管理员须先在工地端退场"):
        check_dismissal(employment)
    commands.leave_pm([stay], by=cast.gc_pm)
    check_dismissal(employment)


def test_worker_on_site_may_be_dismissed(cast):
    check_dismissal(cast.stay().assignment.employment)


@pytest.mark.parametrize("policy", ["two_tier", "site_direct"])
def test_other_flows_dismiss_managers_on_site(cast, policy):
    cast.project("滨江一期", policy=policy)
    employment = cast.employment(kind="manager")
    cast.stay(cast.assignment(employment, role="安全员"))
    check_dismissal(employment)
