"""What the commands write agrees with the trail; what is written behind their back does not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.assignment import commands as assignment_commands
from shiming.assignment.models import Assignment
from shiming.core.actor import system
from shiming.desk import commands as desk
from shiming.desk.commands import Work
from shiming.employment.commands import leaving
from shiming.employment.models import Employment
from shiming.evidence import business
from shiming.evidence.tests.story import employ, let_in
from shiming.presence import commands as presence
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


def findings() -> list[str]:
    return [str(finding) for finding in business.verify()]


@pytest.fixture
def entered(cast):
    return let_in(cast, employ(cast))


def test_rows_of_commands_agree_from_invitation_to_end(cast, entered):
    assert findings() == []
    assert presence.leave_site([entered], by=cast.gc_pm).refused == []
    leaving.end(entered.assignment.employment, by=system())
    assert findings() == []


def test_undone_entry_and_automatic_exit_agree(cast, entered):
    assignment_commands.end(entered.assignment, reason="聘用结束", by=system())
    assert Stay.objects.get().auto
    assert findings() == []


CHANGES = {
    "day of entry": (Stay, {"entered_on": timezone.localdate() - 3 * YESTERDAY}, "进场日期为"),
    "time of entry": (Stay, {"entered_at": timezone.now() - 9 * YESTERDAY}, "进场时间与痕迹不符"),
    "who let in": (Stay, {"entered_by": None}, "办理进场的人与痕迹不符"),
    "exit": (Stay, {"exited_on": timezone.localdate(), "exited_at": timezone.now()}, "痕迹中没有退场"),
    "state of allocation": (Assignment, {"status": "rejected"}, "状态为“已拒绝”，痕迹为“已确认”"),
    "who confirmed": (Assignment, {"confirmed_by": None}, "确认时间或确认人与痕迹不符"),
    "day of confirmation": (Assignment, {"confirmed_at": timezone.now() - 9 * YESTERDAY}, "确认时间或确认人与痕迹不符"),
    "state of employment": (Employment, {"status": "leave_requested"}, "状态为“离职申请中”，痕迹为“在职”"),
    "start of employment": (Employment, {"started_at": timezone.now() - 90 * YESTERDAY}, "在职起与痕迹不符"),
    "end of employment": (Employment, {"ended_at": timezone.now()}, "痕迹中没有"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_row_changed_behind_the_trail_is_named(cast, entered, change):
    model, values, sentence = CHANGES[change]
    model.objects.update(**values)
    (found,) = findings()
    assert str(model.objects.get().pk) in found and sentence in found


def test_added_and_deleted_rows_are_named(cast, entered):
    gone = entered.pk
    entered.delete()
    added = cast.stay(Assignment.objects.get())
    assert sorted(findings()) == sorted(
        [f"在场时段：{added.pk}：痕迹中没有这一条的由来", f"在场时段：{gone}：痕迹中有，数据中没有"]
    )


def test_corrected_day_of_desk_agrees(cast):
    place, by = cast.labour_place, cast.gc_pm
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    work = Work(trade="钢筋工", education="高中", on=timezone.localdate() - 2 * YESTERDAY)
    done = desk.register(place, work, by=by, number=cast.zhang.id_number.plain)
    assert findings() == []

    desk.change(done.stay, replace(work, on=timezone.localdate() - YESTERDAY), by=by)
    assert findings() == []
    Stay.objects.update(entered_on=timezone.localdate())
    assert len(findings()) == 1
