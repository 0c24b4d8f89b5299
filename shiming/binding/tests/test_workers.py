"""项目作业人员 4-23, 4-26, and their exit (domain.md §11.8)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.binding import commands
from shiming.binding.tests.cases import accepted, drafted, worker
from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id
from tests.doors import client_of

NUMBER = invented_id(950)


def at(cast, page: str) -> str:
    return reverse(f"binding-{page}", args=[cast.repair_place.pk])


def test_the_list_shows_state_and_face_and_submits_the_ticked(cast):
    rows = [drafted(cast, "张三"), drafted(cast, "李四")]
    Person.objects.filter(name="李四").update(hand_checked_at=None)
    browser = client_of(cast.clerk)
    page = browser.get(at(cast, "workers")).content.decode()
    assert "待提交" in page and "否（人工核验）" in page and "请先完成人脸认证（R-26）" in page
    assert cast.zhang.id_number.plain not in page

    answer = browser.post(at(cast, "submissions"), {"ids": [str(row.pk) for row in rows]})
    assert "李四" in answer.content.decode()
    assert dict(Assignment.objects.values_list("person__name", "status")) == {"张三": "pending", "李四": "draft"}


@pytest.mark.parametrize(("face", "shown"), [("yes", {"张三"}), ("no", {"李四"}), ("", {"张三", "李四"})])
def test_the_list_is_filtered_by_face(cast, face, shown):
    drafted(cast, "张三"), drafted(cast, "李四")
    Person.objects.filter(name="李四").update(hand_checked_at=None)
    page = client_of(cast.clerk).get(at(cast, "workers"), {"face": face}).content.decode()
    assert {name for name in ("张三", "李四") if name in page} == shown


def test_registered_workers_are_added_without_typing_again(cast):
    rows = [worker(cast, name) for name in ("张三", "李四")]
    drafted_already = drafted(cast, "王五")
    browser = client_of(cast.clerk)
    page = browser.get(at(cast, "workers-known")).content.decode()
    assert "张三" in page and "李四" in page and "王五" not in page
    browser.post(at(cast, "workers-known"), {"ids": [str(row.pk) for row in rows]})
    assert Assignment.objects.filter(status="draft").count() == 3
    assert drafted_already.status == "draft"


def test_exit_closes_the_stay_and_the_binding_with_date_and_reason(cast):
    row = accepted(cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    browser, address = client_of(cast.clerk), f"{at(cast, 'exits')}?ids={row.pk}"
    assert "张三" in browser.get(address).content.decode()
    assert browser.post(address, {"on": str(yesterday), "reason": " "}).status_code == 422
    assert browser.post(address, {"on": str(yesterday), "reason": "本工种完工"}).status_code == 302

    row.refresh_from_db()
    stay = Stay.objects.get()
    assert (row.status, stay.exited_on, stay.auto) == ("ended", yesterday, False)
    entry = AuditEntry.objects.get(event="stay.closed")
    assert (entry.by, entry.reason) == ("冯经办", "本工种完工")


@pytest.mark.parametrize("day", [timezone.localdate() + timedelta(days=1), date(2020, 1, 1)])
def test_exit_dates_are_checked(cast, day):
    row = accepted(cast)
    answer = client_of(cast.clerk).post(f"{at(cast, 'exits')}?ids={row.pk}", {"on": str(day), "reason": "完工"})
    assert "R-25" in answer.content.decode()
    assert Stay.objects.get().on_site


def test_people_of_other_states_and_companies_have_no_exit(cast):
    draft = drafted(cast)
    stranger = cast.assignment(cast.employment(cast.person("外人"), cast.hongji), cast.repair_gc_place)
    browser = client_of(cast.clerk)
    for row in (draft, stranger):
        assert browser.post(f"{at(cast, 'exits')}?ids={row.pk}", {"on": "", "reason": ""}).status_code == 404
        assert browser.get(f"/binding/workers/{stranger.pk}/edit/").status_code == 404


def test_a_company_that_registers_nobody_directly_adds_no_worker(cast):
    place, clerk = cast.repair_place, cast.clerk
    ProjectPolicy.objects.filter(project=place.project).update(base="invite_scan")
    with pytest.raises(DomainError):
        commands.add_worker(place, NUMBER, "韩新来", by=clerk, profile={}, trade="钢筋工")
    assert not Person.objects.filter(name="韩新来").exists()
