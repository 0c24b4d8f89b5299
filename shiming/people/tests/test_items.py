"""The repeating blocks of a person [004] 4-06 … 4-11, and the work history 4-12."""

import json
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent
from shiming.core.errors import Conflict, DomainError, Invalid
from shiming.core.models import AuditEntry
from shiming.people import commands
from shiming.people.items import items_of
from shiming.people.work_history import work_history
from shiming.projects.models import ContractFiling, Project
from tests.cast import phone_number
from tests.doors import client_of

pytestmark = pytest.mark.django_db
SCHOOL = {"school": "滨江建筑学校", "started_on": date(2001, 9, 1), "finished_on": date(2004, 7, 1), "graduated": True}
MOTHER = {"relation": "母亲", "name": "李母", "phone": phone_number(7)}


@pytest.fixture
def zhang(cast):
    cast.employment()
    return cast.zhang


def keep(cast, person, **items):
    return commands.keep_items(person, items, by=cast.hr)


def test_rows_are_kept_in_the_order_given(cast, zhang):
    keep(cast, zhang, schools=[SCHOOL, {"school": "城东大学", "major": "土木"}], contacts=[MOTHER])
    first, second = items_of(zhang)["schools"]
    keep(cast, zhang, schools=[{"school": "城东大学", "major": "土木工程", "id": second.pk}, SCHOOL | {"id": first.pk}])

    rows = items_of(zhang)
    assert [(row.pk, row.school, row.major) for row in rows["schools"]] == [
        (second.pk, "城东大学", "土木工程"),
        (first.pk, "滨江建筑学校", ""),
    ]
    assert [str(row.phone) for row in rows["contacts"]] == ["154*****007"]


def test_row_left_out_is_deleted_and_the_trail_says_which_block(cast, zhang):
    keep(cast, zhang, schools=[SCHOOL], contacts=[MOTHER])
    keep(cast, zhang, schools=[])

    assert [len(rows) for rows in items_of(zhang).values()] == [0, 1, 0, 0, 0, 0]
    entry = AuditEntry.objects.latest("id")
    assert str(entry) == "陈人事修改张三的信息：教育经历"
    assert (entry.before, entry.after) == ({"教育经历": "滨江建筑学校 2001-09-01 2004-07-01 是"}, {"教育经历": ""})


def test_same_rows_again_change_nothing(cast, zhang):
    keep(cast, zhang, schools=[SCHOOL])
    row, entries = items_of(zhang)["schools"][0], AuditEntry.objects.count()
    keep(cast, zhang, schools=[SCHOOL | {"id": row.pk}])
    assert AuditEntry.objects.count() == entries


def test_empty_phone_of_a_known_contact_means_unchanged(cast, zhang):
    keep(cast, zhang, contacts=[MOTHER])
    row = items_of(zhang)["contacts"][0]
    keep(cast, zhang, contacts=[MOTHER | {"id": row.pk, "phone": "", "name": "李妈妈"}])
    row = items_of(zhang)["contacts"][0]
    assert (row.name, row.phone.plain) == ("李妈妈", MOTHER["phone"])


@pytest.mark.parametrize(
    ("items", "codes"),
    [
        ({"contacts": [MOTHER | {"phone": ""}]}, ["R-10"]),
        ({"contacts": [MOTHER | {"phone": "123"}]}, ["R-13"]),
        ({"schools": [SCHOOL | {"finished_on": date(2000, 1, 1)}]}, ["V-01"]),
        ({"schools": [SCHOOL | {"school": f"学校{number}"} for number in range(31)]}, ["V-01"]),
    ],
)
def test_what_is_refused_changes_nothing(cast, zhang, items, codes):
    with pytest.raises(DomainError) as caught:
        keep(cast, zhang, **items)
    assert caught.value.codes == codes
    assert not any(items_of(zhang).values())


def test_page_of_before_is_told_that_the_rows_changed(cast, zhang):
    seen = zhang.version
    keep(cast, zhang, schools=[SCHOOL])
    with pytest.raises(Conflict):
        commands.keep_items(zhang, {"schools": []}, by=cast.hr, seen=seen)


def test_more_adds_what_is_not_there(cast, zhang):
    keep(cast, zhang, schools=[SCHOOL])
    commands.keep_items(zhang, {"schools": [SCHOOL, {"school": "城东大学"}]}, by=cast.hr, more=True)
    assert [row.school for row in items_of(zhang)["schools"]] == ["滨江建筑学校", "城东大学"]


def test_strangers_write_nothing_and_see_nothing(cast, zhang):
    with pytest.raises(DomainError):
        commands.keep_items(zhang, {"schools": [SCHOOL]}, by=cast.stranger_hr)
    keep(cast, zhang, schools=[SCHOOL])
    cast.stay(cast.assignment(zhang.employments.get()))
    assert "工作经历" not in client_of(cast.hr).get(f"/people/{zhang.pk}/").content.decode()
    assert cast.repair_place
    page = client_of(cast.hr).get(f"/people/{zhang.pk}/").content.decode()
    assert "滨江建筑学校" in page and "工作经历" in page
    assert "滨江建筑学校" not in client_of(cast.gc_pm).get(f"/people/{zhang.pk}/").content.decode()


def test_own_copy_has_the_blocks_with_whole_numbers(cast, zhang):
    keep(cast, zhang, schools=[SCHOOL], contacts=[MOTHER])
    data = json.loads(client_of(cast.himself()).post("/m/me/export/").content)
    assert data["教育经历"][0]["就读学校"] == "滨江建筑学校"
    assert data["紧急联系人"] == [{"与本人关系": "母亲", "姓名": "李母", "联系电话": MOTHER["phone"]}]


def punch(stay, hour, direction):
    at = timezone.make_aware(datetime(2026, 3, 2, hour))
    AttendanceEvent.objects.create(
        project_id=stay.project_id,
        event_id=uuid4(),
        occurred_at=at,
        person_id=stay.person_id,
        received_at=at,
        direction=direction,
        method="manual",
    )


def test_work_history_sums_the_hours_and_hides_other_companies(cast, zhang):
    assert cast.repair_place
    here, before = zhang.employments.get(), cast.employment(zhang, cast.yuanda, status="ended", ended_at=timezone.now())
    Project.objects.filter(pk=cast.chengdong.pk).update(investment=900)
    Project.objects.filter(pk=cast.binjiang.pk).update(investment=100, area=2000, started_on=date(2026, 1, 1))
    cast.filing(cast.labour_place, "孙劳务")
    cast.filing(cast.stranger_place, "郑外人")
    ContractFiling.objects.update(award_price=55)
    past = timezone.make_aware(datetime(2025, 1, 5))
    cast.stay(
        cast.assignment(before, cast.stranger_place, role="安全员", status="ended"),
        entered_at=past,
        entered_on=past.date(),
        exited_at=past + timedelta(days=9),
        exited_on=past.date() + timedelta(days=9),
    )
    since = timezone.make_aware(datetime(2026, 3, 1))
    stay = cast.stay(cast.assignment(here), entered_at=since, entered_on=since.date())
    punch(stay, 7, "in")
    punch(stay, 16, "out")

    told = [
        (row.project, row.company, row.position, row.price, row.area, row.hours) for row in work_history(zhang, cast.hr)
    ]
    assert told == [
        ("滨江一期", "安泰劳务", "钢筋工", 55, 2000, "9.0 小时"),
        ("城东二期", "其他单位", "安全员", 900, None, ""),
    ]
    assert [row.company for row in work_history(zhang, cast.himself())] == ["安泰劳务", "远大总包"]
    assert work_history(zhang, cast.gc_pm) == []


def test_invalid_row_is_named(cast, zhang):
    with pytest.raises(Invalid, match="截止时间早于开始时间"):
        keep(cast, zhang, schools=[SCHOOL | {"finished_on": date(1999, 1, 1)}])
