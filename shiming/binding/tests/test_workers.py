"""项目作业人员 4-23, 4-24, 4-26, and their exit (domain.md §11.8)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from shiming.assignment import commands as assignments
from shiming.assignment.models import Assignment
from shiming.binding import commands
from shiming.binding.tests.cases import accepted, drafted, manager, worker
from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.employment.rules import may_make_worker
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import Participation, ProjectPolicy
from tests.cast import invented_id
from tests.doors import client_of

NUMBER = invented_id(950)
TYPED = {
    "number": NUMBER,
    "name": "韩新来",
    "former_name": "韩小来",
    "trade": "钢筋工",
    "sex": "1",
    "birth_date": "1985-03-12",
    "ethnicity": "汉族",
    "political_status": "",
    "household_type": "农村户口",
    "household_place": "安徽省",
    "residence": "上海市",
    "residence_detail": "滨江路 1 号",
    "native_place": "安徽省",
    "contact_phone": "154 9900 0050",
}


def at(cast, page: str) -> str:
    return reverse(f"binding-{page}", args=[cast.repair_place.pk])


@pytest.fixture
def typed():
    """As the dictionaries of this installation offer it."""
    first = {name: dictionaries.choices(name)[0][0] for name in ("ethnicity", "household_type")}
    return TYPED | first


def test_a_new_worker_is_registered_and_drafted(cast, typed):
    answer = client_of(cast.clerk).post(at(cast, "worker-new"), typed)
    assert (answer.status_code, answer["Location"]) == (302, at(cast, "workers"))

    person = Person.by_id_number(NUMBER)
    assert (person.identity_status, person.identity_source) == ("pending", "typed")
    assert (person.former_name, person.residence_detail.plain) == ("韩小来", "滨江路 1 号")
    employment = person.employments.get()
    assert (employment.company, employment.kind, employment.mode) == (cast.antai, "worker", "direct")
    assert (employment.status, employment.contact_phone.plain) == ("active", "15499000050")
    row = Assignment.objects.get()
    assert (row.person, row.status, row.role) == (person, "draft", "worker")


def test_every_star_is_asked_at_once_and_nothing_typed_is_lost(cast, typed):
    stars = [name for name in typed if name not in ("former_name", "political_status")]
    answer = client_of(cast.clerk).post(at(cast, "worker-new"), {"former_name": "韩小来"})
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == sorted(stars)
    assert "韩小来" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "R-03"),
        ({"sex": "2"}, "R-03"),
        ({"birth_date": "1985-03-13"}, "R-03"),
        ({"contact_phone": "123"}, "R-13"),
    ],
)
def test_what_does_not_agree_is_refused_at_the_form(cast, typed, change, code):
    answer = client_of(cast.clerk).post(at(cast, "worker-new"), typed | change)
    assert (answer.status_code, code in answer.content.decode()) == (422, True)
    assert not Assignment.objects.exists()


def test_who_works_elsewhere_is_refused_without_naming_the_company(cast, typed):
    person = cast.person("韩新来")
    cast.employment(person, cast.yuanda)
    answer = client_of(cast.clerk).post(at(cast, "worker-new"), typed | {"number": person.id_number.plain})
    page = answer.content.decode()
    assert answer.status_code == 422 and "R-05" in page and "远大" not in page


def test_a_differing_name_is_refused_and_verified_data_stay(cast, typed):
    person = cast.person("韩新来")
    Person.objects.filter(pk=person.pk).update(ethnicity="回族")
    browser, known = client_of(cast.clerk), typed | {"number": person.id_number.plain}
    assert "R-07" in browser.post(at(cast, "worker-new"), known | {"name": "韩旧来"}).content.decode()
    assert browser.post(at(cast, "worker-new"), known).status_code == 302
    person.refresh_from_db()
    assert (person.identity_status, person.ethnicity, person.native_place) == ("verified", "回族", "安徽省")


def test_an_own_worker_is_drafted_and_the_employment_goes_on(cast, typed):
    employment = worker(cast, "韩新来")
    number = employment.person.id_number.plain
    client_of(cast.clerk).post(at(cast, "worker-new"), typed | {"number": number, "trade": "木工"})
    assert Employment.objects.get().pk == employment.pk
    assert Assignment.objects.get().employment.trade == "木工"


def test_who_is_bound_as_manager_does_not_become_a_worker_by_the_way(cast, typed):
    row = manager(cast, "韩新来")
    cast.assignment(row, cast.repair_place, role="安全员")
    answer = client_of(cast.clerk).post(at(cast, "worker-new"), typed | {"number": row.person.id_number.plain})
    assert "绑定" in answer.content.decode() and answer.status_code == 422
    row.refresh_from_db()
    assert row.kind == "manager"


def test_a_manager_is_made_a_worker_and_the_employment_goes_on(cast, typed):
    employment = manager(cast)
    assert cast.repair_place
    browser, address = client_of(cast.clerk), f"/managers/{employment.pk}/worker/"
    assert f'href="{address}"' in browser.get(f"/managers/{employment.pk}/").content.decode()
    page = browser.get(address).content.decode()
    assert "改为作业人员 · 马安全" in page and "保存并下一个" not in page and 'name="duty"' not in page

    answer = browser.post(address, typed | {"version": employment.version})
    assert (answer.status_code, answer["Location"]) == (302, employment.person.get_absolute_url())
    employment.refresh_from_db()
    assert (employment.kind, employment.trade, employment.duty, employment.status) == ("worker", "钢筋工", "", "active")
    assert "马安全" not in client_of(cast.clerk).get("/managers/").content.decode()
    assert browser.get(address).status_code == 404


def test_a_manager_with_a_position_is_not_made_a_worker(cast, typed):
    row = cast.assignment(manager(cast), cast.repair_place, role="安全员")
    address = f"/managers/{row.employment_id}/worker/"
    answer = client_of(cast.clerk).post(address, typed | {"version": row.employment.version})
    assert answer.status_code == 422 and "以安全员绑定" in answer.content.decode()
    row.employment.refresh_from_db()
    assert row.employment.kind == "manager"


def test_only_who_builds_may_make_workers(cast):
    assert cast.repair_place and cast.implementer
    employment = manager(cast)
    assert may_make_worker(cast.clerk, employment)
    Participation.objects.filter(company=cast.antai).update(kind="supervision")
    assert not may_make_worker(cast.clerk, employment)
    assert client_of(cast.clerk).get(f"/managers/{employment.pk}/worker/").status_code == 404
    assert client_of(cast.stranger_hr).get(f"/managers/{employment.pk}/worker/").status_code == 404


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


def test_what_was_returned_is_corrected_and_the_page_says_what_changed(cast, typed):
    row = drafted(cast)
    assignments.submit([row], by=cast.clerk)
    Assignment.objects.filter(pk=row.pk).update(status="rejected", decision_note="籍贯没有填")
    browser = client_of(cast.clerk)
    assert "不通过原因：籍贯没有填" in browser.get(at(cast, "workers")).content.decode()

    edit = f"/binding/workers/{row.pk}/edit/"
    shown = browser.get(edit).content.decode()
    assert "籍贯没有填" in shown and cast.zhang.id_number.plain not in shown
    change = {name: value for name, value in typed.items() if name not in ("number", "name", "sex", "birth_date")}
    version = Employment.objects.get().version
    assert browser.post(edit, change | {"version": version}).status_code == 302
    assert browser.post(edit, change | {"version": version}).status_code == 422
    browser.post(f"{at(cast, 'submissions')}?ids={row.pk}")

    page = browser.get(at(cast, "workers")).content.decode()
    assert "再次提交" in page and "籍贯 空 → 安徽省" in page and "待审核" in page


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
