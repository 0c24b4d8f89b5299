"""新增 and 编辑 of 现场作业人员 4-24: the number first, the long form with its draft, blocks and photo."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shiming.assignment import commands as assignments
from shiming.assignment.models import Assignment
from shiming.binding.tests.cases import drafted, manager, worker
from shiming.core.actor import Role
from shiming.core.models import AuditEntry
from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment, ManagerDraft
from shiming.employment.rules import may_make_worker
from shiming.people.items import items_of
from shiming.people.models import Person
from shiming.people.tests.conftest import card, picture_process_stops  # noqa: F401
from shiming.projects.models import Participation
from tests.cast import invented_id, phone_number
from tests.doors import client_of

pytestmark = pytest.mark.django_db
NUMBER = invented_id(950)
TYPED = {
    "name": "韩新来",
    "former_name": "韩小来",
    "duty": "带班",
    "trade": "钢筋工",
    "ethnicity": "汉族",
    "political_status": "",
    "household_type": "农村户口",
    "household_place": "安徽省阜阳市颍上县",
    "residence": "上海市宝山区",
    "residence_detail": "滨江路 1 号",
    "native_place": "安徽省阜阳市",
    "contact_phone": "154 9900 0050",
}
ROWS = {
    "schools": ["k2", "k1"],
    "schools-k1-school": "颍上职业学校",
    "schools-k2-school": "颍上中学",
    "contacts": ["k1"],
    "contacts-k1-relation": "母亲",
    "contacts-k1-name": "韩母",
    "contacts-k1-phone": phone_number(7),
    "skills": ["k1"],
    "skills-k1-name": "钢筋工高级",
}
STARS = {
    *("name", "trade", "ethnicity", "household_type", "household_place", "residence", "residence_detail"),
    *("native_place", "contact_phone"),
}


@pytest.fixture
def browser(cast):
    return client_of(cast.clerk)


@pytest.fixture
def typed(db):
    """As the dictionaries of this installation offer it."""
    return TYPED | {name: dictionaries.choices(name)[0][0] for name in ("ethnicity", "household_type")}


def at(cast, page: str) -> str:
    return reverse(f"binding-{page}", args=[cast.repair_place.pk])


def begin(cast, browser, number=NUMBER) -> str:
    return browser.post(at(cast, "worker-new"), {"number": number}).url


def page_of(answer) -> str:
    return answer.content.decode()


def version_in(page: str) -> str:
    return re.search(r'name="version"[^>]*value="([^"]*)"', page)[1]


# The number first


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "R-10"), (NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2"), "请核对第 18 位")],
)
def test_wrong_number_is_refused_first(cast, browser, number, said):
    answer = browser.post(at(cast, "worker-new"), {"number": number})
    assert (answer.status_code, said in page_of(answer)) == (422, True)
    assert not ManagerDraft.objects.exists()


def test_who_works_elsewhere_is_refused_without_naming_the_company(cast, browser):
    cast.employment(cast.person("韩新来"), cast.yuanda)
    answer = browser.post(at(cast, "worker-new"), {"number": cast.person("韩新来").id_number.plain})
    assert answer.status_code == 422 and "R-05" in page_of(answer) and "远大" not in page_of(answer)


def test_number_bound_on_the_project_is_refused_before_anything_is_typed(cast, browser):
    row = cast.assignment(worker(cast), cast.repair_place)
    answer = browser.post(at(cast, "worker-new"), {"number": row.person.id_number.plain})
    assert "R-18" in page_of(answer) and answer.status_code == 422


def test_who_is_bound_as_manager_does_not_become_a_worker_by_the_way(cast, browser):
    row = manager(cast, "韩新来")
    cast.assignment(row, cast.repair_place, role="安全员")
    other = cast.participation(
        cast.project("沿江修缮", policy="audit_bind"), cast.antai, "labour", cast.repair_gc_place
    )
    address = reverse("binding-worker-new", args=[other.pk])
    answer = browser.post(address, {"number": row.person.id_number.plain})
    assert "绑定" in page_of(answer) and answer.status_code == 422
    row.refresh_from_db()
    assert row.kind == "manager"


# A new worker


def test_form_has_the_order_and_the_stars_of_the_manual(cast, browser):
    page = page_of(browser.get(begin(cast, browser)))
    basic = re.search(r'id="section-basic".*?</section>', page, re.DOTALL)[0]
    found = re.findall(
        r'(?:<label for="[^"]*">|<span class="field__label">)\s*(\S+?)\s*(?:<|\n)(.{0,60})', basic, re.DOTALL
    )
    assert [label + ("*" if "must" in after else "") for label, after in found] == [
        *("姓名*", "曾用名", "职务", "工种*", "性别*", "出生年月日*", "民族*", "政治面貌", "身份证号码*", "年龄"),
        *("户口类型*", "户口所在地*", "现居住地址*", "现居住地详细地址*", "籍贯*", "联系电话*"),
    ]
    assert NUMBER not in page and "1985-03-12" in page
    assert re.findall(r'<h2 id="head-\w+">(\S+?)[ <]', page) == [
        *("基本信息", "教育经历", "紧急联系人", "培训经历", "职业技能", "获奖情况", "人员相片"),
    ]


def test_a_new_worker_is_registered_and_drafted(cast, browser, typed):
    answer = browser.post(begin(cast, browser), typed | ROWS)
    assert (answer.status_code, answer["Location"]) == (302, at(cast, "workers"))

    person = Person.by_id_number(NUMBER)
    assert (person.identity_status, person.identity_source) == ("pending", "typed")
    assert (person.former_name, person.residence_detail.plain) == ("韩小来", "滨江路 1 号")
    employment = person.employments.get()
    assert (employment.company, employment.kind, employment.mode) == (cast.antai, "worker", "direct")
    assert (employment.status, employment.contact_phone.plain) == ("active", "15499000050")
    assert (employment.trade, employment.duty) == ("钢筋工", "带班")
    items = items_of(person)
    assert [row.school for row in items["schools"]] == ["颍上中学", "颍上职业学校"]
    assert (items["contacts"][0].phone.plain, items["skills"][0].name) == (phone_number(7), "钢筋工高级")
    row = Assignment.objects.get()
    assert (row.person, row.status, row.role) == (person, "draft", "worker")
    assert not ManagerDraft.objects.exists()


def test_next_worker_begins_with_a_number(cast, browser, typed):
    answer = browser.post(f"{begin(cast, browser)}?then=next", typed)
    assert (answer.status_code, answer.url) == (302, at(cast, "worker-new"))


def test_every_star_is_asked_at_once_and_nothing_typed_is_lost(cast, browser):
    address = begin(cast, browser)
    wrong = {"former_name": "韩小来", "contacts": ["k1"], "contacts-k1-name": "韩母", "contacts-k1-phone": "12"}
    answer = browser.post(address, wrong)
    form = answer.context["form"]
    assert (answer.status_code, set(form.errors)) == (422, STARS)
    assert [label for label, *_ in form.errors_list][-2:] == [
        "紧急联系人第 1 条·与本人关系",
        "紧急联系人第 1 条·联系电话",
    ]
    for page in (page_of(answer), page_of(browser.get(address))):
        assert "韩小来" in page and "韩母" in page
    assert "没有填完的登记" in page_of(browser.get(at(cast, "worker-new")))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"contact_phone": "123"}, "R-13"),
        ({"household_place": "安徽省"}, "请选到区县"),
        ({"native_place": "月球"}, "没有找到“月球”"),
        ({"trade": "自编的工种"}, "里没有这一项"),
    ],
)
def test_what_does_not_agree_is_refused_at_the_form(cast, browser, typed, change, said):
    answer = browser.post(begin(cast, browser), typed | change)
    assert (answer.status_code, said in page_of(answer)) == (422, True)
    assert not Assignment.objects.exists()


def test_a_differing_name_is_refused_and_verified_data_stay(cast, browser, typed):
    person = cast.person("韩新来")
    Person.objects.filter(pk=person.pk).update(ethnicity="回族")
    address = begin(cast, browser, person.id_number.plain)
    assert "R-07" in page_of(browser.post(address, typed | {"name": "韩旧来"}))
    assert browser.post(address, typed).status_code == 302
    person.refresh_from_db()
    assert (person.identity_status, person.ethnicity, person.native_place) == ("verified", "回族", "安徽省阜阳市")


def test_photo_is_inspected_and_becomes_the_persons_with_the_registration(cast, browser, typed):
    address, mine = begin(cast, browser), card()
    kept = browser.post(f"{address}photos/portrait/", {"photo": SimpleUploadedFile("me.jpg", mine.front)})
    assert kept.status_code == 200 and "saved" in kept.json()
    refused = browser.post(f"{address}photos/portrait/", {"photo": SimpleUploadedFile("me.jpg", b"no picture")})
    assert refused.status_code == 422 and refused.json()["refused"]
    assert browser.post(f"{address}photos/front/", {}).status_code == 404  # the card is asked of managers only

    browser.post(address, typed)
    assert Person.objects.get(name="韩新来").portrait_id and not ManagerDraft.objects.exists()


# Workers of the company


def test_an_own_worker_is_shown_and_drafted_and_the_employment_goes_on(cast, browser, typed):
    employment = worker(cast, "韩新来")
    address = begin(cast, browser, employment.person.id_number.plain)
    page = page_of(browser.get(address))
    assert "工作履历" in page and employment.person.phone.plain not in page
    blank = {"contact_phone": "", "trade": "木工", "version": version_in(page)}
    assert browser.post(address, typed | blank).status_code == 302
    row = Assignment.objects.get()
    assert (row.employment_id, row.employment.trade, row.status) == (employment.pk, "木工", "draft")
    assert not ManagerDraft.objects.exists()


def test_person_who_was_registered_meanwhile_is_not_overwritten(cast, browser, typed):
    address = begin(cast, browser, cast.person("韩新来").id_number.plain)
    employment = worker(cast, "韩新来")
    answer = browser.post(address, typed | {"trade": "木工", "version": ""})
    assert answer.status_code == 422 and "内容已被他人更新" in page_of(answer)
    employment.refresh_from_db()
    assert employment.trade == "钢筋工" and not Assignment.objects.exists()
    assert "此后登记已由他人更新" in page_of(browser.get(address))


def test_a_manager_without_a_place_becomes_a_worker(cast, browser, typed):
    row = manager(cast, "韩新来", title="工程师")
    address = begin(cast, browser, row.person.id_number.plain)
    page = page_of(browser.get(address))
    assert "保存后转为作业人员，在职不中断" in page
    browser.post(address, typed | {"duty": "", "version": version_in(page)})
    row.refresh_from_db()
    assert (row.kind, row.trade, row.duty, row.title) == ("worker", "钢筋工", "", "")


def test_what_was_returned_is_corrected_and_the_page_says_what_changed(cast, browser, typed):
    row = drafted(cast)
    assignments.submit([row], by=cast.clerk)
    Assignment.objects.filter(pk=row.pk).update(status="rejected", decision_note="籍贯没有填")
    assert "不通过原因：籍贯没有填" in page_of(browser.get(at(cast, "workers")))

    edit = f"/binding/workers/{row.pk}/edit/"
    shown = page_of(browser.get(edit))
    assert "籍贯没有填" in shown and cast.zhang.id_number.plain not in shown
    assert browser.post(f"{edit}values/", {"native_place": "安徽"}).json()["saved"]
    assert "已恢复 冯经办" in page_of(browser.get(edit))

    change = typed | ROWS | {"name": "张三", "contact_phone": "", "version": version_in(shown)}
    assert browser.post(edit, change).status_code == 302
    assert "内容已被他人更新" in page_of(browser.post(edit, change))
    browser.post(f"{at(cast, 'submissions')}?ids={row.pk}")

    page = page_of(browser.get(at(cast, "workers")))
    assert "再次提交" in page and "籍贯 空 → 安徽省阜阳市" in page and "待审核" in page
    assert len(items_of(cast.zhang)["schools"]) == 2


def test_rows_of_a_worker_are_changed_moved_and_deleted(cast, browser, typed):
    browser.post(begin(cast, browser), typed | ROWS)
    person, row = Person.by_id_number(NUMBER), Assignment.objects.get()
    first, second = (str(item.pk) for item in items_of(person)["schools"])
    edit = f"/binding/workers/{row.pk}/edit/"
    change = {"schools": [second, first], f"schools-{first}-id": first, f"schools-{second}-id": second}
    change |= {f"schools-{first}-school": "颍上一中", f"schools-{second}-school": "颍上职业学校"}
    browser.post(edit, typed | change | {"version": version_in(page_of(browser.get(edit)))})
    items = items_of(person)
    assert [item.school for item in items["schools"]] == ["颍上职业学校", "颍上一中"]
    assert (items["contacts"], items["skills"]) == ([], [])
    told = AuditEntry.objects.filter(event="person.changed").latest("id")
    assert "教育经历" in str(told) and "紧急联系人" in str(told)


# Drafts


def test_draft_belongs_to_the_place_and_to_no_manager(cast, browser):
    address = begin(cast, browser)
    draft = ManagerDraft.objects.get()
    assert (draft.place, browser.get(f"/managers/drafts/{draft.pk}/").status_code) == (cast.repair_place, 404)
    assert "没有填完的登记" not in page_of(browser.get("/managers/"))
    assert browser.post(f"{address}deletion/").url == at(cast, "workers")
    assert not ManagerDraft.objects.exists()


def test_draft_of_another_company_does_not_exist(cast, browser):
    address = begin(cast, browser)
    assert cast.repair_gc_place
    stranger = client_of(cast.staff("宏基经办", cast.hongji, Role.PARTICIPANT_CLERK))
    assert stranger.get(address).status_code == 404
    for part in ("", "values/", "deletion/", "photos/portrait/"):
        assert stranger.post(f"{address}{part}", {"name": "x"}).status_code == 404


def test_row_that_waits_for_the_audit_is_not_edited(cast, browser):
    row = cast.assignment(worker(cast), cast.repair_place, status="pending", confirmed_at=None)
    for part in ("", "values/", "photos/portrait/"):
        assert browser.post(f"/binding/workers/{row.pk}/edit/{part}", {}).status_code == 404
    assert Employment.objects.get().duty == ""


def test_manager_is_made_a_worker_and_the_employment_goes_on(cast, browser, typed):
    employment = manager(cast)
    assert cast.repair_place
    address = f"/managers/{employment.pk}/worker/"
    assert f'href="{address}"' in page_of(browser.get(f"/managers/{employment.pk}/"))
    page = page_of(browser.get(address))
    assert "改为作业人员 · 马安全" in page and "保存并下一个" not in page and 'name="duty"' not in page
    assert "data-values" not in page and 'id="section-photos"' not in page

    answer = browser.post(address, typed | {"name": "马安全", "version": version_in(page)})
    assert (answer.status_code, answer["Location"]) == (302, employment.person.get_absolute_url())
    employment.refresh_from_db()
    assert (employment.kind, employment.trade, employment.duty, employment.status) == ("worker", "钢筋工", "", "active")
    assert "马安全" not in page_of(client_of(cast.clerk).get("/managers/"))
    assert browser.get(address).status_code == 404


def test_manager_with_a_position_is_not_made_a_worker(cast, browser, typed):
    row = cast.assignment(manager(cast), cast.repair_place, role="安全员")
    address = f"/managers/{row.employment_id}/worker/"
    version = version_in(page_of(browser.get(address)))
    answer = browser.post(address, typed | {"name": "马安全", "version": version})
    assert answer.status_code == 422 and "以安全员绑定" in page_of(answer)
    row.employment.refresh_from_db()
    assert row.employment.kind == "manager"


def test_only_companies_that_build_make_workers(cast, browser):
    assert cast.repair_place and cast.implementer
    employment = manager(cast)
    assert may_make_worker(cast.clerk, employment)
    Participation.objects.filter(company=cast.antai).update(kind="supervision")
    assert not may_make_worker(cast.clerk, employment)
    assert browser.get(f"/managers/{employment.pk}/worker/").status_code == 404
    assert client_of(cast.stranger_hr).get(f"/managers/{employment.pk}/worker/").status_code == 404
