"""The attendance pages of site, firm, authority and worker."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from shiming.attendance import commands
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.presence import codes
from tests.doors import client_of

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


def at(hour):
    midnight = timezone.make_aware(timezone.datetime.combine(YESTERDAY, timezone.datetime.min.time()))
    return midnight + timedelta(hours=hour)


def worked(cast, *punches, **fields):
    """张三 on site yesterday with punches at these hours."""
    stay = cast.stay(**fields)
    for hour, direction in punches:
        commands.punch(
            stay.person_id,
            stay.project_id,
            event_id=uuid4(),
            occurred_at=at(hour),
            direction=direction,
            method="worker_code",
            offline=True,
            by=cast.gc_pm,
        )
    return stay


def shown(client, name, *args, query=""):
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.mark.parametrize("who", ["gc_pm", "specialist_pm", "labour_pm", "hr", "supervision_pm"])
def test_day_list_shows_times_and_hours(cast, who):
    worked(cast, (7, "in"), (17.5, "out"))
    page = shown(client_of(getattr(cast, who)), "attendance-list", query=f"?day={YESTERDAY}")
    assert [text in page for text in ("张三", "07:00", "17:30", "10:30", "正常")] == [True] * 5


@pytest.mark.parametrize("who", ["stranger_pm", "stranger_hr"])
def test_other_roles_see_no_days(cast, who):
    worked(cast, (7, "in"))
    actor = getattr(cast, who)
    assert "张三" not in shown(client_of(actor), "attendance-list", query=f"?day={YESTERDAY}")


def test_month_sheet_marks_open_days(cast):
    worked(cast, (7, "in"))
    page = shown(client_of(cast.gc_pm), "attendance-month", query=f"?month={YESTERDAY:%Y-%m}")
    assert 'sheet-mark--alarm" title="缺出">缺出' in page


def test_regulator_sees_month_on_own_stations_projects(cast):
    stay = worked(cast, (7, "in"), (17, "out"))
    query = f"?month={YESTERDAY:%Y-%m}"
    assert "07:00" in shown(client_of(cast.regulator()), "attendance-person", stay.person_id, query=query)
    stranger = client_of(cast.regulator("沈监督", "西区监督站"))
    assert stranger.get(reverse("attendance-person", args=[stay.person_id])).status_code == 404


def test_worker_sees_own_month_and_day(cast):
    worked(cast, (7, "in"), (17, "out"))
    client = client_of(cast.himself())
    assert reverse("my-day", args=[YESTERDAY]) in shown(client, "my-attendance", query=f"?month={YESTERDAY:%Y-%m}")
    assert "滨江一期：正常，10:00" in shown(client, "my-day", YESTERDAY)


def test_day_without_stay_is_not_found(cast):
    assert client_of(cast.himself()).get(reverse("my-day", args=[YESTERDAY])).status_code == 404


def test_worker_scans_the_site_code(cast):
    stay = worked(cast)
    page = client_of(cast.himself()).post(reverse("my-scan"), {"code": codes.site_code(stay.project)}).content.decode()
    assert "进场打卡成功" in page and "滨江一期" in page
    assert AttendanceEvent.objects.get().method == "site_code"


def test_scan_before_entry_shows_next_step(cast):
    cast.assignment()
    response = client_of(cast.himself()).post(reverse("my-scan"), {"code": codes.site_code(cast.binjiang)})
    assert (response.status_code, "请先办理进场" in response.content.decode()) == (422, True)


def test_forged_site_code_is_refused(cast):
    worked(cast)
    response = client_of(cast.himself()).post(reverse("my-scan"), {"code": "G" + "A" * 40})
    assert (response.status_code, "二维码无效" in response.content.decode()) == (422, True)


def test_approved_correction_completes_the_day(cast):
    stay = worked(cast, (7, "in"))
    asked = reverse("my-correction", args=[YESTERDAY, stay.project_id])
    client_of(cast.himself()).post(asked, {"left": "17:00", "reason": "出门没扫上"})
    correction = Correction.objects.get()
    page = client_of(cast.gc_pm)
    assert "出门没扫上" in shown(page, "attendance-corrections")
    page.post(reverse("attendance-decision", args=[correction.pk]), {"answer": "approve"})
    assert "滨江一期：正常，10:00" in shown(client_of(cast.himself()), "my-day", YESTERDAY)


def test_refused_correction_keeps_the_input(cast):
    stay = worked(cast, (7, "in"))
    asked = reverse("my-correction", args=[YESTERDAY, stay.project_id])
    response = client_of(cast.himself()).post(asked, {"came": "18:00", "left": "17:00", "reason": "记错了"})
    page = response.content.decode()
    assert (response.status_code, "出场应晚于进场" in page, "记错了" in page) == (422, True, True)


def test_three_rows_cost_the_queries_of_one(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, query = client_of(cast.gc_pm), f"?day={YESTERDAY}"
    counts = []
    for name in ("张三", "李四", "赵五"):
        cast.stay(cast.assignment(cast.employment(cast.person(name))))
        with CaptureQueriesContext(connection) as queries:
            shown(client, "attendance-list", query=query)
        counts.append(len(queries))
    assert counts[0] == counts[-1]


def test_repeated_attendance_scan_is_one_punch(cast):
    stay = worked(cast)
    scan = {"code": codes.personal_code(stay.person_id), "event_id": str(uuid4())}
    client = client_of(cast.gc_pm)
    answers = [client.post(reverse("site-punch"), scan, headers={"Accept": "application/json"}).json() for _ in "12"]
    assert [(answer["tone"], answer["title"], answer["repeated"]) for answer in answers] == [
        ("ok", "进场打卡", False),
        ("ok", "进场打卡", True),
    ]
    assert AttendanceEvent.objects.count() == 1


def test_former_employer_sees_no_later_days(cast):
    former, today = cast.yuanda, timezone.localdate()
    place = cast.participation(cast.binjiang, former, "specialist", cast.gc_place)
    long_ago = timezone.now() - timedelta(days=30)
    job = cast.employment(cast.zhang, former, status="ended", ended_at=long_ago)
    allocation = cast.assignment(job, place, status="ended", allocated_on=today - timedelta(days=60))
    entered = long_ago - timedelta(days=10)
    gone = {"exited_on": timezone.localdate(long_ago), "exited_at": long_ago}
    cast.stay(allocation, entered_on=timezone.localdate(entered), entered_at=entered, **gone)
    worked(cast, (7, "in"), (17, "out"))
    client = client_of(cast.stranger_hr)
    page = client.get(reverse("attendance-person", args=[cast.zhang.pk]) + f"?month={YESTERDAY:%Y-%m}")
    assert "07:00" not in page.content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-45"])
def test_impossible_day_gets_an_answer(cast, day):
    client, worker = client_of(cast.gc_pm), client_of(cast.himself())
    pages = [f"/attendance/?day={day}", f"/attendance/month/?month={day[:7]}"]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    answers = [
        worker.get(f"/m/attendance/?month={day[:7]}").status_code,
        worker.get(f"/m/attendance/{day}/").status_code,
    ]
    assert answers == [200, 404]


def test_day_without_any_punch_can_be_corrected(cast):
    """Case 19."""
    stay = worked(cast)
    month = shown(client_of(cast.himself()), "my-attendance", query=f"?month={YESTERDAY:%Y-%m}")
    assert reverse("my-day", args=[YESTERDAY]) in month
    asked = reverse("my-correction", args=[YESTERDAY, stay.project_id])
    assert asked in shown(client_of(cast.himself()), "my-day", YESTERDAY)
    client_of(cast.himself()).post(asked, {"came": "07:00", "left": "17:00", "reason": "手机没电"})
    assert Correction.objects.get().day == YESTERDAY


def test_day_after_today_and_off_site_cannot_be_tapped(cast):
    today = timezone.localdate()
    worked(cast, entered_on=today, entered_at=timezone.now())
    month = shown(client_of(cast.himself()), "my-attendance")
    assert [reverse("my-day", args=[today + timedelta(days=days)]) in month for days in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("answer", "word"),
    [(None, "更正中"), ({"answer": "approve"}, "已更正"), ({"answer": "deny", "note": "不符"}, "未同意")],
)
def test_corrections_are_marked_in_the_calendar(cast, answer, word):
    stay = worked(cast)
    asked = reverse("my-correction", args=[YESTERDAY, stay.project_id])
    client_of(cast.himself()).post(asked, {"came": "07:00", "left": "17:00", "reason": "手机没电"})
    if answer:
        client_of(cast.gc_pm).post(reverse("attendance-decision", args=[Correction.objects.get().pk]), answer)
    query = f"?month={YESTERDAY:%Y-%m}"
    for page in (
        shown(client_of(cast.himself()), "my-attendance", query=query),
        shown(client_of(cast.gc_pm), "attendance-person", stay.person_id, query=query),
    ):
        assert f"<small>{word}</small>" in page


def test_decision_shows_the_punches_of_the_day(cast):
    stay = worked(cast, (7, "in"), (11.5, "out"))
    asked = reverse("my-correction", args=[YESTERDAY, stay.project_id])
    client_of(cast.himself()).post(asked, {"left": "17:00", "reason": "出门没扫上"})
    page = shown(client_of(cast.gc_pm), "attendance-decision", Correction.objects.get().pk)
    assert ["当天打卡" in page, "07:00" in page, "11:30" in page, "17:00" in page] == [True] * 4
