"""The month sheet of 500 people: the computation of the days, and the page."""

import calendar
import statistics
import time
from datetime import date

from django.utils import timezone

from bench.asking import cookie_of, get, send
from bench.people import actor
from shiming.attendance import queries
from shiming.attendance.models import AttendanceEvent
from shiming.presence.models import Stay

PEOPLE = 500


def measure(port: int, times: int, say) -> bool:
    pm = actor("gc-pm")
    first = _last_month()
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    stays = list(queries.stays_during(pm, first, last)[:PEOPLE]) or list(Stay.objects.all()[:PEOPLE])
    took, punches = [], 0
    for _ in range(times):
        started = time.perf_counter()
        queries.with_days(stays, first, last, Stay.objects.all())
        took.append((time.perf_counter() - started) * 1000)
    punches = AttendanceEvent.objects.filter(
        person_id__in=[stay.person_id for stay in stays], occurred_at__date__range=(first, last)
    ).count()
    say(
        f"{len(stays)} 人一个月（{punches} 次打卡，全表 {_all_punches():,} 次）推出考勤日：p50 {statistics.median(took):.0f} 毫秒"
    )
    address = f"/attendance/month/?month={first:%Y-%m}&size=100"
    cookie = cookie_of(pm)
    send(port, 1, [get(address, cookie)] * 2)
    page = send(port, 1, [get(address, cookie)] * times)
    say(f"月考勤表页面，一页 100 人：p50 {page.at(0.5):.0f}  p95 {page.at(0.95):.0f} 毫秒{page.strange}")
    return not page.strange


def _last_month() -> date:
    this = timezone.localdate().replace(day=1)
    return (this - timezone.timedelta(days=1)).replace(day=1)


def _all_punches() -> int:
    return AttendanceEvent.objects.count()
