"""班次规则: the project chooses it, from a day on; the days of attendance follow it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shiming.attendance import commands, queries
from shiming.attendance.models import AttendanceEvent, ShiftRule
from shiming.core.actor import system
from shiming.core.errors import Invalid, NotAllowed
from shiming.core.models import AuditEntry
from tests import cases
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def test_two_shifts_of_one_day_are_shown_and_summed(cast):
    today = timezone.localdate()
    commands.set_shift_rule(cast.binjiang, kind="two", longest_hours=8, from_date=today.replace(day=1), by=cast.gc_pm)
    ShiftRule.objects.update(from_date=today - timedelta(days=5))
    stay, day = cast.stay(), today - timedelta(days=1)
    for clock in ("06:00", "13:00", "18:00", "23:00"):
        cases.punched(stay.person, stay.project, at=f"{day}T{clock}", direction=None, by=cast.gc_pm)
    (found,) = queries.month_of(stay.person_id, day)
    assert (found.hours, found.status, len(found.parts)) == ("12:00", "normal", 2)
    page = client_of(cast.gc_pm).get(reverse("attendance-person", args=[stay.person_id]) + f"?month={day:%Y-%m}")
    assert [f"第 {number} 班" in page.content.decode() for number in (1, 2, 3)] == [True, True, False]
    sheet = client_of(cast.gc_pm).get(f"/attendance/month/?month={day:%Y-%m}").content.decode()
    assert "06:00–13:00 7 小时，18:00–23:00 5 小时" in sheet


def test_pm_sets_the_rule_on_its_page(cast):
    browser, today = client_of(cast.gc_pm), timezone.localdate()
    assert "还没有设定过" in browser.get("/attendance/shifts/").content.decode()
    given = {"kind": "watch", "from_date": today, "break_minutes": 0, "break_after_hours": 6, "repeat_minutes": 5}
    assert browser.post("/attendance/shifts/", given).status_code == 302
    row = ShiftRule.objects.get()
    assert (row.kind, row.window_hours, row.longest_hours, row.repeat_minutes) == ("watch", 26, 25, 5)
    assert str(AuditEntry.objects.get(event="shift_rule.set")) == f"王总包为滨江一期设定班次：{row}，{today}起"
    assert "24 小时值守，配对 26 小时" in browser.get("/attendance/shifts/").content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"from_date": timezone.localdate().replace(day=1) - timedelta(days=1)}, "班次规则不能早于本月 1 日"),
        ({"window_hours": 10, "longest_hours": 12}, "最长正常工时不能大于配对时限"),
    ],
)
def test_impossible_rule_is_refused(cast, given, sentence):
    with pytest.raises(Invalid, match=sentence):
        commands.set_shift_rule(cast.binjiang, by=cast.gc_pm, **({"from_date": timezone.localdate()} | given))


@pytest.mark.parametrize("who", ["specialist_pm", "supervision_pm", "admin", "hr"])
def test_only_the_general_contractor_sets_the_rule(cast, who):
    assert cast.labour_place
    with pytest.raises(NotAllowed):
        commands.set_shift_rule(cast.binjiang, from_date=timezone.localdate(), by=getattr(cast, who))


def test_forgotten_exit_is_closed_after_the_window_of_the_rule(cast):
    ShiftRule.objects.create(project=cast.binjiang, from_date=date(2026, 1, 1), kind="watch", window_hours=26)
    stay = cast.stay()
    for hours in (20, 28):
        at = timezone.localtime() - timedelta(hours=hours)
        if hours == 28:
            at -= timedelta(days=2)
        cases.punched(stay.person, stay.project, at=f"{at:%Y-%m-%dT%H:%M}", direction="in", by=cast.gc_pm)
    assert commands.auto_close(until=timezone.now(), by=system()) == 1
    closed = AttendanceEvent.objects.get(method="auto_close")
    assert closed.note.startswith("26 小时内没有出场打卡")


def test_live_scan_uses_the_window_of_the_project(cast):
    ShiftRule.objects.create(project=cast.binjiang, from_date=date(2026, 1, 1), repeat_minutes=2)
    stay, before = cast.stay(), timezone.now() - timedelta(minutes=3)
    given = {"method": "worker_code", "by": cast.gc_pm}
    commands.punch(stay.person_id, stay.project_id, event_id=stay.pk, occurred_at=before, offline=True, **given)
    again = commands.punch(stay.person_id, stay.project_id, event_id=stay.project_id, live=True, **given)
    assert (again.again, again.direction) == (False, "out")
