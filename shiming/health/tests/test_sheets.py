"""Excel: pre-registrations row by row with the declaration of each, readings of many people at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.health.models import DailyHealth, PreRegistration
from shiming.health.tests.cases import declared, gate, preregister
from shiming.imports.models import SheetImport
from tests.doors import client_of
from tests.world import uploaded

pytestmark = pytest.mark.django_db
PEOPLE = ["姓名", "身份证号", "出发地", "用人单位", "手机号"]
READINGS = ["姓名", "身份证号", "日期", "时间", "健康状态", "体温"]


@pytest.fixture
def site(cast):
    gate(cast)
    cast.filing(cast.labour_place, "孙劳务")
    return cast


def imported(by, kind, *lines) -> SheetImport:
    key = uploaded(by, kind, *lines)
    client_of(by).post(f"/imports/files/{key}/commitment/")
    return SheetImport.objects.get(pk=key)


def line(person, **values) -> list[str]:
    given = {"origin": "安徽省阜阳市", "employer": "安泰劳务", "phone": ""} | values
    return [person.name, person.id_number.plain, *given.values()]


def reading(person, state="无", degrees="36.5", on=None, clock="00:01") -> list[str]:
    return [person.name, person.id_number.plain, f"{on or timezone.localdate()}", clock, state, degrees]


def test_people_with_a_declaration_are_preregistered(site):
    first, second = site.person("李一"), site.person("李二")
    declared(first)
    done = imported(site.gc_pm, "preregistrations", PEOPLE, line(first), line(second))
    assert (done.created, [reason["code"] for _, reason in done.refused]) == (1, ["R-35"])
    assert PreRegistration.objects.get().phone.plain == first.phone.plain


def test_unknown_firm_and_open_row_are_marked_before_the_import(site):
    preregister(site, site.zhang)
    other = site.person("李一")
    key = uploaded(site.gc_pm, "preregistrations", PEOPLE, line(site.zhang), line(other, employer="没有的单位"))
    page = client_of(site.gc_pm).get(f"/imports/files/{key}/").content.decode()
    assert "该人员在本项目已预登记（R-91）" in page and "列表里没有“没有的单位”" in page


def test_readings_of_a_morning_are_kept_once(site):
    people = [site.person(f"李{number}") for number in "甲乙丙"]
    for person in people:
        preregister(site, person)
    lines = [READINGS, *(reading(person) for person in people)]
    first, again = (imported(site.supervision_pm, "daily_health", *lines) for _ in range(2))
    assert ((first.created, first.same), (again.created, again.same)) == ((3, 0), (0, 3))
    assert DailyHealth.objects.first().values == {
        "symptoms": ["无上述异常症状"],
        "temperature": "36.5",
        "warned": False,
    }


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": "无、咳嗽"}, "不能与其他症状同选"),
        ({"state": "头晕"}, "没有“头晕”这种症状"),
        ({"degrees": "50"}, "体温应在"),
        ({"degrees": "37.8"}, "体温与症状不一致"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "日期晚于现在"),
        ({"clock": "25:00"}, "没有这个时间"),
    ],
)
def test_wrong_reading_is_marked(site, given, sentence):
    preregister(site, site.zhang)
    key = uploaded(site.gc_pm, "daily_health", READINGS, reading(site.zhang, **given))
    assert sentence in client_of(site.gc_pm).get(f"/imports/files/{key}/").content.decode()


def test_stranger_of_the_site_is_marked(site):
    key = uploaded(site.gc_pm, "daily_health", READINGS, reading(site.zhang))
    assert "没有预登记，也不在场" in client_of(site.gc_pm).get(f"/imports/files/{key}/").content.decode()
