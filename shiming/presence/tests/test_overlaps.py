"""Stays of one person on one project may touch and never overlap (domain.md §7.2)."""

from datetime import date, datetime, time
from importlib import import_module
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shiming.core.errors import DomainError
from shiming.desk import commands as desk
from shiming.desk.commands import Work
from shiming.presence import commands
from shiming.presence.models import Stay
from shiming.presence.periods import overlap
from tests import cases
from tests.tables import commit, problems, tally, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def november():
    with cases.stopped_clock():
        yield


def kept(cast, *days: str) -> list[bool]:
    """Whether the database keeps each stay, given as 'first last' by the day of November; '-' is open."""
    job = cast.employment()
    return [_kept(cast.assignment(job, status="ended"), *text.split()) for text in days]


def _kept(allocation, first: str, last: str) -> bool:
    entered, exited = (None if day == "-" else date(2026, 11, int(day)) for day in (first, last))
    at = timezone.make_aware(datetime.combine(entered, time.min))
    given = {"entered_on": entered, "entered_at": at, "exited_on": exited, "exited_at": exited and at, "method": "form"}
    try:
        with transaction.atomic():
            Stay.of(allocation, **given).save(force_insert=True)
    except IntegrityError as error:
        assert error.__cause__.diag.constraint_name == "stays_do_not_overlap"
        return False
    return True


@pytest.mark.parametrize(
    "touching", [("1 10", "10 20"), ("1 10", "10 10", "10 10", "10 -"), ("10 10", "10 20"), ("1 10", "1 1")]
)
def test_stay_may_begin_on_last_day_of_another(cast, touching):
    assert kept(cast, *touching) == [True] * len(touching)


@pytest.mark.parametrize("overlapping", [("1 20", "10 10"), ("10 10", "1 20"), ("1 20", "10 -"), ("1 9", "8 12")])
def test_database_refuses_overlapping_stays(cast, overlapping):
    assert kept(cast, *overlapping) == [True, False]


def test_upgrade_marks_stays_that_overlapped_before(cast):
    upgrade = import_module("shiming.presence.migrations.0002_stays_do_not_overlap")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE presence_stay DROP CONSTRAINT stays_do_not_overlap")
        assert all(kept(cast, "1 20", "10 10", "10 10", "20 25", "24 -"))
        cursor.execute(upgrade.MARK)
    marked = Stay.objects.filter(overlapping=True).values_list("entered_on__day", "exited_on__day")
    assert sorted(marked, key=str) == [(10, 10), (10, 10), (24, None)]


SPAN = "tsrange({0}::timestamp, {1}::timestamp, CASE WHEN {0}::date = {1}::date THEN '[]' ELSE '()' END)"
TOUCH = f"SELECT {SPAN.format('%s::date', '%s::date')} && {SPAN.format('%s::date', '%s::date')}"


def test_python_and_database_compare_alike(db):
    days = [date(2026, 11, number) for number in range(1, 5)]
    periods = [(first, last) for first in days for last in (*days, None) if last is None or first <= last]
    with connection.cursor() as cursor:
        for one, other in product(periods, periods):
            cursor.execute(TOUCH, [*one, *one, *other, *other])
            both_one_day = one[0] == one[1] and other[0] == other[1]
            assert overlap(*one, *other) == (cursor.fetchone()[0] and not both_one_day), (one, other)


def test_desk_refuses_entry_inside_an_earlier_stay(cast, november):
    """Case 06."""
    cases.play(cast, "06")
    person = cast.person("穆叠甲")
    for name, card in (("", None), ("穆叠甲", {"birth_date": person.birth_date, "sex": person.sex})):
        work = Work(trade="钢筋工", education="高中", on=date(2026, 11, 10))
        with pytest.raises(DomainError) as refused:
            desk.register(cast.labour_place, work, by=cast.gc_pm, number=person.id_number.plain, name=name, card=card)
        (reason,) = refused.value.refusals
        assert (reason.code, reason.sentence) == ("R-45", "进场日期早于上次退场日期")
        assert reason.next_step == "上次退场 2026-11-20，请填这一天或以后"


def test_entry_is_not_moved_into_an_earlier_stay(cast, november):
    cases.play(cast, "06")
    person = cast.person("穆叠甲")
    work = Work(trade="钢筋工", education="高中", on=date(2026, 11, 20))
    stay = desk.register(cast.labour_place, work, by=cast.gc_pm, number=person.id_number.plain).stay
    with pytest.raises(DomainError, match="进场日期早于上次退场日期"):
        desk.change(stay, Work(trade="钢筋工", education="高中", on=date(2026, 11, 19)), by=cast.gc_pm)


def test_batch_entry_is_refused_with_the_reason(cast, november):
    cases.play(cast, "06")
    person = cast.person("穆叠甲")
    again = cast.assignment(cast.employment(person), allocated_on=date(2026, 11, 1))
    result = commands.enter([again], method=Stay.Method.BATCH, by=cast.gc_pm, on=date(2026, 11, 12))
    assert [[item.code for item in refusals] for _, refusals in result.rows] == [["R-45"]]


def old_system(cast, *days):
    place = [cast.labour_place.company.name, "滨江一期", "钢筋工"]
    heads = ["姓名", "身份证号", "用人单位", "项目名称", "工种", "进场日期", "退场日期", "状态", "是否实名"]
    who = ["穆旧叠", cast.person("穆旧叠").id_number.plain]
    lines = [[*who, *place, first, last, "退场" if last else "在场", "已实名"] for first, last in days]
    return upload("past", cast.admin, heads, *lines)


def test_preview_refuses_overlapping_rows(cast, november):
    """Case 06b."""
    item = old_system(cast, ("2026-01-01", "2026-03-31"), ("2026-02-01", "2026-04-30"), ("2026-04-30", "2026-05-02"))
    sentence = "进场日期早于上次退场日期（R-45），与 2026-01-01 至 2026-03-31 的进退场重叠"
    assert problems(item) == {3: {"entered_on": sentence}}
    assert tally(commit(item, cast.admin))[0] == 2


def test_preview_compares_with_the_register(cast, november):
    commit(old_system(cast, ("2026-01-01", "2026-03-31")), cast.admin)
    item = old_system(cast, ("2026-01-01", "2026-03-31"), ("2026-02-01", ""), ("2026-03-31", ""))
    assert list(problems(item)) == [3]


def test_commit_refuses_what_was_entered_since_the_preview(cast, november):
    first, second = (old_system(cast, (day, "2026-03-31")) for day in ("2026-01-01", "2026-02-01"))
    assert [tally(commit(item, cast.admin))[0] for item in (first, second)] == [1, 0]
    assert Stay.objects.count() == 1
