"""处理 and 批量处理: entries made in the office, each person decided alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.core.errors import DomainError
from shiming.presence import commands
from shiming.presence.models import Stay
from shiming.presence.tests.conftest import trail

BATCH = Stay.Method.BATCH


def refusals_of(result):
    return [(name, [item.code for item in refusals]) for name, refusals in result.rows]


def test_office_enters_many_each_decided_alone(cast):
    ready = cast.assignment()
    waiting = cast.assignment(cast.employment(cast.person("李四")), status="pending", confirmed_at=None)
    young = cast.assignment(cast.employment(cast.person("王五", born=timezone.localdate() - timedelta(days=17 * 365))))

    result = commands.enter([ready, waiting, young], method=BATCH, by=cast.gc_pm)

    assert [stay.person_id for stay in result.done] == [cast.zhang.pk]
    assert sorted(refusals_of(result)) == [("李四", ["R-20"]), ("王五", ["R-46"])]
    assert trail(starting="stay") == ["王总包办理张三进场（批量处理）"]
    assert sorted(trail(starting="entry")) == [
        "李四在滨江一期被拒绝进场：该人员尚未确认分配",
        "王五在滨江一期被拒绝进场：未满 18 周岁，不能进场",
    ]


@pytest.mark.parametrize(("days", "problem"), [(1, "进场日期晚于今天"), (-31, "进场日期早于分配日期")])
def test_entry_date_has_bounds(cast, days, problem):
    on = timezone.localdate() + timedelta(days=days)
    ((_, (why,)),) = commands.enter([cast.assignment()], method=BATCH, by=cast.gc_pm, on=on).rows
    assert (why.code, why.sentence) == ("R-45", problem)


def test_day_entered_later_counts_whole(cast):
    on = timezone.localdate() - timedelta(days=3)
    (stay,) = commands.enter([cast.assignment()], method=BATCH, by=cast.gc_pm, on=on).done
    assert (stay.entered_on, timezone.localtime(stay.entered_at).hour) == (on, 0)


def test_manager_enters_on_separate_list(cast):
    manager = cast.assignment(cast.employment(kind="manager"), role="项目经理")
    worker = cast.assignment(cast.employment(cast.person("李四")))

    result = commands.enter_pm([manager, worker], by=cast.labour_pm)

    assert [stay.person_id for stay in result.done] == [cast.zhang.pk]
    assert [name for name, _ in result.rows] == ["李四"]


def test_failure_is_a_known_refusal(cast):
    with pytest.raises(DomainError) as refused:
        commands.enter([], method=BATCH, by=cast.gc_pm)
    assert refused.value.codes == ["R-44"]
