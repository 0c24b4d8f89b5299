"""The overview: its figures by day, trade, age and district, of the own station only."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.oversight import commands, overview
from shiming.oversight.overview import AGES, DAYS
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def days_ago(number):
    return timezone.localdate() - timedelta(days=number)


def noon(number):
    return timezone.make_aware(datetime.combine(days_ago(number), time(12)))


@pytest.fixture
def month(cast):
    """张三 on site since ten days ago with a punch five days ago; 李四, aged 62, there from the ninth to the third day."""
    cast.stay(entered_on=days_ago(10), entered_at=noon(10))
    old = cast.person("李四", born=date(timezone.localdate().year - 62, 1, 1))
    cast.stay(
        cast.assignment(cast.employment(old), status="ended", ended_at=noon(3)),
        entered_on=days_ago(9),
        entered_at=noon(9),
        exited_on=days_ago(3),
        exited_at=noon(3),
    )
    AttendanceEvent.objects.create(
        project_id=cast.binjiang.pk,
        event_id=uuid4(),
        occurred_at=noon(5),
        person_id=cast.zhang.pk,
        received_at=noon(5),
        direction="in",
        method="card",
    )
    commands.count_everything()
    return cast


def charts(actor):
    return {chart.key: chart for chart in overview.charts(actor, timezone.localdate())}


def on(chart, number, series=0):
    """The value of the day so many days ago."""
    return chart.series[series].values[DAYS - 1 - number]


def test_people_by_day(month):
    days = charts(month.regulator())["days"]
    assert [on(days, number) for number in (11, 10, 9, 4, 3, 0)] == [0, 1, 2, 2, 1, 1]


def test_entries_exits_and_attendance_rate_by_day(month):
    found = charts(month.regulator())
    assert [on(found["moves"], number) for number in (10, 9, 8)] == [1, 1, 0]
    assert [on(found["moves"], number, 1) for number in (4, 3, 2)] == [0, 1, 0]
    assert [on(found["rate"], number) for number in (6, 5, 4)] == [0, 50.0, 0]


def test_trades_ages_and_districts_of_those_on_site(month):
    found = charts(month.regulator())
    assert found["trades"].rows == [("钢筋工", (1,))]
    assert dict(found["ages"].rows) == {label: (1 if label == AGES[40] else 0,) for label in AGES.values()}
    assert [number for _, (number,) in found["districts"].rows] == [1]


def test_late_registration_changes_the_day_it_names(month):
    month.stay(month.assignment(month.employment(month.person("王五"))), entered_on=days_ago(8), entered_at=noon(8))
    commands.count_days([days_ago(8)])
    assert on(charts(month.regulator())["days"], 8) == 3


def test_another_station_has_no_figures(month):
    found = charts(month.regulator("远监督", "西区监督站"))
    assert sum(sum(series.values) for chart in found.values() for series in chart.series) == 0


def test_page_has_each_chart_and_its_table(month):
    page = client_of(month.regulator()).get("/oversight/overview/").content.decode()
    for title in ("每日在场人员", "每日进场与退场", "每日出勤率", "工种构成", "年龄构成", "各区在场人员"):
        assert f"<h2>{title}</h2>" in page
    assert page.count("<table>") == 6 and "钢筋工" in page and "data-chart" in page
