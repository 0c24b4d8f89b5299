"""项目管理人员 4-20 … 4-22: filed people are there by themselves, each with what is missing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.binding import commands, jobs, queries
from shiming.binding.tests.cases import filed, manager, proved, stands_there, worker
from shiming.core.actor import system
from shiming.core.models import AuditEntry
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.projects import commands as projects
from shiming.projects.models import FiledPerson
from shiming.web.sealing import seal, unseal
from tests.doors import client_of

PAGE = "/binding/places/{}/managers/"


def page_of(cast, **asked) -> str:
    answer = client_of(cast.clerk).get(PAGE.format(cast.repair_place.pk), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(cast) -> dict:
    return {
        row.name: (row.word, [item.code for item in row.lacks]) for row in queries.filed_managers(cast.repair_place)
    }


def test_each_filed_person_is_listed_with_what_is_missing(cast):
    here, elsewhere, unknown = manager(cast).person, cast.person("吴质量"), cast.person("郑资料")
    cast.employment(elsewhere, cast.yuanda)
    as_worker = worker(cast, "孙施工").person
    misnamed = manager(cast, "李材料").person
    for person in (here, elsewhere, unknown, as_worker, misnamed):
        filed(cast, person)
    FiledPerson.objects.filter(id_digest=misnamed.id_digest).update(name="李木料")
    filed(cast, manager(cast, "赵机械").person, position="不存在的岗")

    assert listed(cast) == {
        "马安全": ("", []),
        "吴质量": ("", ["R-05"]),
        "郑资料": ("", ["R-28"]),
        "孙施工": ("", ["R-28", "V-01"]),
        "李木料": ("", ["R-07"]),
        "赵机械": ("", ["V-01"]),
    }
    page = page_of(cast)
    assert "请先在“管理人员登记”登记；已在其他单位的须先迁出" in page and "远大总包" not in page
    assert all(person.id_number.plain not in page for person in (here, elsewhere, unknown))


def test_the_sync_drafts_those_of_the_own_register(cast):
    for person in (manager(cast).person, cast.person("郑资料")):
        filed(cast, person)
    assert commands.sync(cast.repair_place, by=cast.clerk) is True
    assert commands.sync(cast.repair_place, by=cast.clerk) is False
    draft = Assignment.objects.get()
    assert (draft.person.name, draft.role, draft.status, draft.origin) == ("马安全", "安全员", "draft", "sync")
    assert listed(cast) == {"马安全": ("draft", ["R-27"]), "郑资料": ("", ["R-28"])}


def test_opening_the_page_writes_nothing_and_its_sync_does(cast):
    filed(cast, manager(cast).person)
    page_of(cast)
    assert Assignment.objects.count() == 0
    browser, address = client_of(cast.clerk), f"/binding/places/{cast.repair_place.pk}/sync/"
    first, second = browser.post(address), browser.post(address)
    assert (first.headers.get("HX-Refresh"), second.headers.get("HX-Refresh")) == ("true", None)
    assert Assignment.objects.get().status == "draft"


def test_the_nightly_job_syncs_every_place_of_the_flow(cast):
    filed(cast, manager(cast).person)
    jobs.sync_filed_people(0)
    assert Assignment.objects.get().origin == "sync"


def test_who_is_taken_out_of_the_filing_loses_the_draft(cast):
    row = filed(cast, manager(cast).person, until=timezone.localdate())
    commands.sync(cast.repair_place, by=cast.clerk)
    FiledPerson.objects.filter(pk=row.pk).update(until=timezone.localdate() - timedelta(days=1))
    projects.withdraw_expired(by=system())
    assert Assignment.objects.get().status == "removed"
    assert listed(cast) == {}


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected"])
def test_who_is_taken_out_of_the_filing_stays_bound_and_is_marked(cast, status):
    row = filed(cast, manager(cast).person)
    commands.sync(cast.repair_place, by=cast.clerk)
    Assignment.objects.update(status=status, confirmed_at=timezone.now())
    FiledPerson.objects.filter(pk=row.pk).update(until=timezone.localdate() - timedelta(days=1))
    projects.withdraw_expired(by=system())
    assert Assignment.objects.get().status == status
    assert "合同已不再报送此人" in page_of(cast)


def test_a_person_filed_in_a_second_contract_keeps_the_draft(cast):
    person = manager(cast).person
    row = filed(cast, person, until=timezone.localdate() - timedelta(days=1))
    FiledPerson.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    filed(cast, person)
    commands.sync(cast.repair_place, by=cast.clerk)
    commands.drop_draft_of(row, by=system())
    assert Assignment.objects.get().status == "draft"


def test_ticked_managers_are_submitted_each_alone(cast):
    ready, faceless = proved(cast, manager(cast)), proved(cast, manager(cast, "钱质量"))
    Person.objects.filter(pk=faceless.person_id).update(hand_checked_at=None)
    for employment in (ready, faceless):
        filed(cast, employment.person)
    commands.sync(cast.repair_place, by=cast.clerk)
    assert "请先完成人脸认证（R-26）" in page_of(cast)

    address = f"/binding/places/{cast.repair_place.pk}/submissions/"
    answer = client_of(cast.clerk).post(address, {"ids": [str(row.pk) for row in Assignment.objects.all()]})

    page = answer.content.decode()
    assert "部分办成" in page and "钱质量" in page and "R-26" in page
    assert dict(Assignment.objects.values_list("person__name", "status")) == {"马安全": "pending", "钱质量": "draft"}


def test_a_manager_who_moved_out_is_refused_with_r_28(cast):
    employment = manager(cast)
    filed(cast, employment.person)
    commands.sync(cast.repair_place, by=cast.clerk)
    Employment.objects.update(status="ended", ended_at=timezone.now())
    assert listed(cast) == {"马安全": ("draft", ["R-28", "R-27"])}


def test_the_filter_by_state_shows_ended_bindings(cast):
    cast.assignment(manager(cast), cast.repair_place, role="安全员", status="ended", ended_at=timezone.now())
    assert cast.clerk and "马安全" not in page_of(cast) and "马安全" in page_of(cast, status="ended")


def test_the_page_says_that_people_must_be_filed_first(cast):
    assert cast.clerk
    page = page_of(cast)
    assert "缺的人要先在合同信息报送里报送" in page and "合同里还没有报送管理人员" in page


def test_the_button_to_register_carries_the_number_sealed(cast):
    row = filed(cast, cast.person("郑资料"))
    address = f"/binding/filed/{row.pk}/registration/"
    assert address in page_of(cast)

    answer = client_of(cast.clerk).post(address)

    number, sealed = row.id_number.plain, answer["Location"].partition("?f=")[2]
    assert number not in answer["Location"] and unseal(sealed, purpose="filter") == {"number": number}
    assert AuditEntry.objects.get(event="person.revealed").reason == "管理人员登记"
    assert client_of(cast.stranger_hr).post(address).status_code == 404


def test_a_contract_that_is_not_filed_is_said_above_the_list(cast):
    assert cast.clerk
    cast.repair_place.filings.update(status="draft")
    assert "合同未完成报送，不能分配人员" in page_of(cast)


def test_three_managers_cost_what_one_costs(cast):
    browser, costs = client_of(cast.clerk), []
    for names in (["甲一"], ["乙二", "丙三"]):
        for name in names:
            filed(cast, manager(cast, name).person)
            filed(cast, stands_there(cast.person(f"{name}外")))
        commands.sync(cast.repair_place, by=cast.clerk)
        with CaptureQueriesContext(connection) as seen:
            browser.get(PAGE.format(cast.repair_place.pk))
        costs.append(len(seen))
    assert costs[1] <= costs[0]


def test_list_is_paged_and_exported_whole_with_its_filters(cast):
    for number in range(12):
        filed(cast, cast.person(f"报送{'甲乙丙丁戊己庚辛壬癸子丑'[number]}"))
    first = page_of(cast, size="10")
    assert (first.count("请先在“管理人员登记”登记"), "共 <b>12</b>" in first) == (10, True)
    following = re.search(r'href="(\?[^"]*cursor[^"]*)"', first)[1].replace("&amp;", "&")
    second = client_of(cast.clerk).get(PAGE.format(cast.repair_place.pk) + following).content.decode()
    assert second.count("请先在“管理人员登记”登记") == 2

    def file(query: str) -> list[str]:
        asked = {"list": PAGE.format(cast.repair_place.pk) + query, "table": "list", "as": "csv"}
        answer = client_of(cast.clerk).post("/lists/file/", asked)
        return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    whole = file("?size=10")
    assert whole[0] == "姓名,身份证号码,岗位,手机号码,状态,是否人脸认证,说明" and len(whole) == 14
    assert len(file("?name=报送甲")) == 3
    number = Person.objects.get(name="报送甲").id_number.plain
    assert number not in "".join(whole)


def test_place_of_the_page_is_forgotten_when_the_list_became_short(cast):
    filed(cast, cast.person("郑资料"))
    cursor = seal({"at": 50, "order": ["listed"]}, purpose="cursor")
    assert "郑资料" in page_of(cast, cursor=cursor)
