"""Page, phone, Excel, paper and API print one truth about a month: the cases met on sites, and random months.

RANDOM_MONTHS=200 checks more months than a usual run.
"""

import os
import random
import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from shiming.attendance import queries
from shiming.attendance.models import AttendanceEvent
from shiming.ledgers import papers
from shiming.presence.models import Stay
from tests import cases
from tests.callers import site
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
TOGETHER = 20
MONTHS = int(os.environ.get("RANDOM_MONTHS", "20"))


def printed(cast, month: date) -> dict[str, list[tuple]]:
    """For each place that prints the month of 滨江一期: (name, days, hours) of each row it prints."""
    return {
        "page": _page(cast, month),
        "phone": _phones(cast, month),
        "excel": _excel(cast, month),
        "paper": _paper(cast, month),
        "api": _api(cast, month),
    }


def _page(cast, month: date) -> list[tuple]:
    html = client_of(cast.gc_pm).get(f"/attendance/month/?month={month:%Y-%m}&size=100").content.decode()
    rows = re.findall(r'<th scope="row">.*?</tr>', html, re.DOTALL)
    return sorted(_row(row) for row in rows)


def _row(html: str) -> tuple:
    name = re.search(r">\s*(\S+)</a>", html)[1]
    days, hours, _ = re.findall(r'sheet-sum">([^<]*)<', html)
    return name, int(days), float(hours)


def _phones(cast, month: date) -> list[tuple]:
    return sorted(_phone(cast, person, month) for person in _people())


def _phone(cast, person, month: date) -> tuple:
    answer = client_of(cast.himself(person)).get(f"/m/attendance/?month={month:%Y-%m}")
    assert answer.status_code == 200, answer.headers
    page = answer.content.decode()
    days, hours = re.search(r"月出勤 (\d+) 天，([\d.]+) 小时", page).groups()
    return person.name, int(days), float(hours)


def _excel(cast, month: date) -> list[tuple]:
    answer = export(client_of(cast.gc_pm), f"/attendance/month/?month={month:%Y-%m}", "month")
    lines = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True))
    head = lines[0]
    rows = [dict(zip(head, line, strict=True)) for line in lines[1:] if line[1]]
    for row in rows:
        assert {type(row[number]) for number in ("天数", "工时", "待核")} <= {int, float}
        counted = sum(row[str(day)] for day in range(1, len(head) - 5) if isinstance(row[str(day)], int | float))
        assert round(counted, 6) == round(row["工时"], 6)
    return sorted((row["姓名"], row["天数"], round(row["工时"], 1)) for row in rows)


def _paper(cast, month: date) -> list[tuple]:
    paper = papers.attendance(cast.gc_pm, project=cast.binjiang, month=month)
    labels = [column["label"] for column in paper["columns"]]
    rows = [dict(zip(labels, row, strict=True)) for row in paper["rows"]]
    return sorted((row["姓名"], int(row["天数"]), float(row["工时"])) for row in rows)


def _api(cast, month: date) -> list[tuple]:
    caller, found = site(cast.gc_pm), []
    for person in _people():
        days = caller.get(f"/people/{person.pk}/attendance/{month.year}/{month.month}").json()
        normal = [day["minutes"] for day in days if day["status"] == "normal"]
        found.append((person.name, len(normal), float(f"{sum(normal) / 60:.1f}")))
    return sorted(found)


def _people():
    return {stay.person_id: stay.person for stay in Stay.objects.select_related("person")}.values()


# the cases


def days_of(person) -> list[str]:
    return [f"{day.day.day} {day.hours} {day.status}" for day in queries.month_of(person.pk, NOVEMBER)]


def test_night_with_meal_break_is_the_night_it_began(cast):
    """Case 01."""
    stay = cases.play(cast, "01")
    assert days_of(stay.person) == ["20 12:00 normal", "21 12:00 normal"]


def test_forgotten_undirected_scan_stays_on_its_day(cast):
    """Case 02."""
    stay = cases.play(cast, "02")
    (first, second) = queries.month_of(stay.person_id, NOVEMBER)
    shown = [f"{timezone.localtime(at):%H:%M}" for at in (first.first_in, first.last_out)]
    assert (shown, first.status) == (["07:05", "18:20"], "review")
    assert (second.hours, second.status) == ("11:00", "normal")


def test_worker_who_came_back_has_one_row(cast):
    """Case 04."""
    cases.play(cast, "04")
    truth = printed(cast, NOVEMBER)
    assert truth == {place: [("穆回乙", 3, 30.0)] for place in truth}


def test_day_inside_two_stays_counts_once(cast):
    """Case 06: 12 November lies in one stay, because the second entry is refused."""
    cases.play(cast, "06")
    truth = printed(cast, NOVEMBER)
    assert truth == {place: [("穆叠甲", 1, 10.0)] for place in truth}


# random months


@pytest.mark.parametrize("batch", range(-(-MONTHS // TOGETHER)))
def test_random_months_are_printed_alike_everywhere(cast, batch):
    today = timezone.localdate()
    month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    for number in range(TOGETHER):
        _live(cast, f"随机{number:03d}", month, random.Random(f"month {batch} {number}"))
    truth = printed(cast, month)
    expected = truth["phone"]
    assert len(expected) == TOGETHER < sum(days for _, days, _ in expected)
    assert truth == dict.fromkeys(truth, expected)


def _live(cast, name: str, month: date, rng: random.Random) -> None:
    """Stays that touch or not, and punches with or without directions, forgotten ones and nights among them."""
    person, last = cast.person(name), monthrange(month.year, month.month)[1]
    borders = sorted(rng.choices(range(1, last + 1), k=rng.choice([2, 4, 4, 6])))
    for first, until in zip(borders[::2], borders[1::2], strict=True):
        _stay(cast, person, month.replace(day=first), month.replace(day=until))
    directed = rng.random() < 0.5
    for day in range(1, last + 1):
        if any(first <= day <= until for first, until in zip(borders[::2], borders[1::2], strict=True)):
            _work(cast, person, month.replace(day=day), directed, rng)


def _stay(cast, person, first: date, until: date) -> None:
    allocation = cast.assignment(cast.employment(person, status="ended"), status="ended", allocated_on=first)
    entered, exited = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in (first, until))
    cast.stay(allocation, entered_on=first, entered_at=entered, exited_on=until, exited_at=exited)


def _work(cast, person, day: date, directed: bool, rng: random.Random) -> None:
    night, noon = rng.random() < 0.1, rng.random() < 0.4
    hours = [19, 31] if night else [7, 11.5, 13, 18] if noon else [7, 18]
    ways = ["in", "out"] * 2
    punches = [(hour + rng.uniform(-0.5, 0.5), way) for hour, way in zip(hours, ways, strict=False)]
    if rng.random() < 0.15:
        punches.pop(rng.randrange(len(punches)))
    midnight = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    AttendanceEvent.objects.bulk_create(
        AttendanceEvent(
            project_id=cast.binjiang.pk,
            event_id=uuid4(),
            person_id=person.pk,
            occurred_at=midnight + timedelta(hours=hour),
            received_at=timezone.now(),
            direction=way if directed else "unknown",
            method="card",
        )
        for hour, way in punches
    )
