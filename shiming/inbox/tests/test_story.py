"""One worker's employment and stay through every module: what each command triggers, and which notices follow."""

import pytest

from shiming.assignment import commands as assignment
from shiming.assignment.models import Assignment
from shiming.core.errors import RefusedAll
from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from shiming.presence import commands as presence
from shiming.presence.models import Stay
from shiming.presence.reminders import remind
from tests.doors import client_of


def hired(cast):
    row = employment.invite(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)
    row = employment.confirm(row, by=cast.himself())
    return employment.complete_profile(row, kind="worker", trade="钢筋工", team=cast.team(), by=cast.hr)


def on_site(cast):
    cast.filing(cast.labour_place, "孙劳务")
    row = hired(cast)
    [proposed] = assignment.propose([row], cast.labour_place, role="worker", by=cast.hr).done
    [accepted] = assignment.accept([proposed], by=cast.gc_pm).done
    [stay] = presence.enter([accepted], method="batch", by=cast.gc_pm).done
    return row, stay


def titles(**whom):
    return [item.title for item in InboxItem.objects.filter(**whom).order_by("created_at", "pk")]


def test_each_step_up_to_entry_sends_notices(cast):
    on_site(cast)
    assert titles(person=cast.zhang) == [
        "安泰劳务请您受聘",
        "安泰劳务完善了您的用工信息",
        "单位把您分配到滨江一期",
        "滨江一期同意您进场",
        "您已进场：滨江一期",
    ]
    assert titles(company=cast.antai) == ["张三确认受聘"]
    assert titles(project=cast.binjiang) == ["张三待确认"]


def test_dismissed_worker_leaves_site_and_all_get_notices(cast):
    row, stay = on_site(cast)
    InboxItem.objects.all().delete()
    employment.propose_dismissal(row, reason="工程完工", by=cast.hr)
    employment.answer_dismissal(row, agree=True, by=cast.himself())

    stay = Stay.objects.get(pk=stay.pk)
    assert (Employment.objects.get().status, Assignment.objects.get().status) == ("ended", "ended")
    assert (stay.on_site, stay.auto) == (False, True)
    assert sorted(titles(person=cast.zhang)) == [
        "安泰劳务提出解聘",
        "您与安泰劳务的聘用已结束",
        "您已自动退场：滨江一期",
    ]
    assert titles(company=cast.antai) == ["张三已离职"]
    assert sorted(titles(project=cast.binjiang)) == ["张三的分配已结束", "张三自动退场"]


def test_manager_leaves_site_before_dismissal(cast):
    row = cast.employment(kind="manager", duty="安全员")
    stay = cast.stay(cast.assignment(row, role="安全员"))
    with pytest.raises(RefusedAll, match="管理员须先在工地端退场"):
        employment.propose_dismissal(row, reason="工程完工", by=cast.hr)
    page = client_of(cast.hr).post(f"/employments/{row.pk}/dismissal/", {"reason": "工程完工"})
    assert (page.status_code, "管理员须先在工地端退场：滨江一期（R-24）" in page.content.decode()) == (422, True)

    presence.leave_pm([stay], by=cast.gc_pm)
    assert employment.propose_dismissal(row, reason="工程完工", by=cast.hr).status == "dismissal_pending"


def test_reminder_reaches_the_responsible_side(cast):
    cast.assignment(cast.employment(), status="pending", confirmed_at=None)
    remind(cast.zhang, cast.binjiang, "R-20", by=cast.himself())
    assert [title.startswith("请办理：张三在滨江一期") for title in titles(project=cast.binjiang)] == [True]
    assert titles(person=cast.zhang) == []
