"""The N-th working day: holidays, 调休, and years without entries."""

from datetime import date, timedelta

import pytest

from shiming.dictionaries.models import DictionaryEntry
from shiming.dictionaries.working_days import calendar, calendar_for, waited

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # Friday
        (date(2026, 2, 14), True),  # Saturday, 调休
        (date(2026, 2, 15), False),
        (date(2026, 2, 18), False),  # Wednesday, holiday
        (date(2026, 2, 24), True),
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),
        (date(2024, 5, 11), True),
    ],
)
def test_holidays_and_worked_weekends(day, works):
    assert calendar({day.year}).works(day) is works


@pytest.mark.parametrize(
    ("since", "today", "day"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), 1),  # submitted on the same day
        (date(2026, 3, 2), date(2026, 3, 3), 1),
        (date(2026, 3, 6), date(2026, 3, 9), 1),  # submitted on Friday, Monday is day 1
        (date(2026, 2, 13), date(2026, 2, 24), 2),  # across 春节: work on the 14th, then on the 24th
        (date(2026, 3, 2), date(2026, 3, 23), 15),
        (date(2026, 3, 2), date(2026, 3, 24), 16),
    ],
)
def test_day_of_submission_does_not_count(since, today, day):
    assert waited(since, today).day == day


def test_wait_is_overdue_after_limit():
    on_time, late = waited(date(2026, 3, 2), date(2026, 3, 23)), waited(date(2026, 3, 2), date(2026, 3, 24))

    assert (on_time.due, on_time.overdue, late.overdue) == (date(2026, 3, 23), False, True)
    assert on_time.label == "第 15 个工作日/共 15"


def test_unknown_year_uses_weekends_with_note():
    answer = waited(date(2031, 9, 29), date(2031, 10, 3))
    assert (answer.day, answer.note) == (4, "2031 年的放假安排尚未录入，按周末推算")


def test_entered_notice_counts_at_once():
    DictionaryEntry.objects.create(table="holiday", code="2031-10-01", label="国庆节")
    DictionaryEntry.objects.create(table="holiday", code="2031-10-04", label="国庆节调休上班")

    known = calendar_for([date(2031, 9, 29)], date(2031, 10, 5))
    assert waited(date(2031, 9, 29), date(2031, 10, 5), known).day == 4
    assert waited(date(2031, 9, 29), date(2031, 10, 5), known).note == ""


def test_many_waits_cost_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        known = calendar_for([date(2026, 3, 2), date(2025, 12, 30)])
        assert {waited(day, date(2026, 3, 9), known).day for day in (date(2026, 3, 2), date(2026, 3, 6))} == {5, 1}


def test_promised_day_is_the_last_of_the_limit():
    known = calendar({2026, 2027})
    for number in range(330):
        since = date(2026, 1, 1) + timedelta(days=number)
        promised = waited(since, since, known).due
        on_the_day, after = (waited(since, promised + timedelta(days=days), known) for days in (0, 1))
        assert (on_the_day.day, on_the_day.due, on_the_day.overdue) == (15, promised, False)
        assert after.overdue
