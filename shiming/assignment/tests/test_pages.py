"""Pages of 人员分配: by project, by person, managers, acceptance and rejection."""

import re

import pytest

from shiming.assignment import commands
from shiming.assignment.models import Assignment
from shiming.employment.models import Employment
from tests.doors import client_of

DIALOG = {"X-Frame": "dialog"}
MAIN = {"X-Frame": "main"}


@pytest.fixture
def filed(cast):
    cast.filing(cast.labour_place, "孙劳务")
    return cast.labour_place


@pytest.fixture
def hr(cast, filed):
    return client_of(cast.hr)


@pytest.fixture
def site(cast):
    return client_of(cast.gc_pm)


def text(response):
    return response.content.decode()


def pending(cast, name="张三"):
    return cast.assignment(cast.employment(cast.person(name)), status="pending", confirmed_at=None)


def statuses():
    return dict(Assignment.objects.values_list("person__name", "status"))


def test_people_are_allocated_site_first(cast, filed, hr):
    worker = cast.employment()
    page = text(hr.get("/assignments/"))
    assert "滨江一期" in page and "合同已报送" in page and "分配人员" in page

    offer = f"/assignments/{filed.pk}/people/"
    assert "张三" in text(hr.get(offer)) and "保存信息" in text(hr.get(offer))
    answer = hr.post(offer, {"ids": worker.pk}, headers=MAIN)

    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/assignments/")
    assert "分配成功" in text(hr.get("/assignments/"))
    assert "张三" not in text(hr.get(offer))
    assert statuses() == {"张三": "pending"}


def test_project_without_filed_contract_offers_none(cast):
    place = cast.labour_place
    hr = client_of(cast.hr)
    assert "未完成报送" in text(hr.get("/assignments/"))
    answer = hr.post(f"/assignments/{place.pk}/people/", {"ids": cast.employment().pk}, headers=MAIN)
    assert answer.status_code == 422 and "合同未完成报送，不能分配人员" in text(answer)


def test_managers_are_added_by_position(cast, filed, hr):
    safety, pm = (
        cast.employment(kind="manager"),
        cast.employment(cast.person("李四"), kind="manager"),
    )
    cast.employment(cast.person("王五"))
    assert "安全员" in text(hr.get(f"/assignments/{filed.pk}/people/?role=manager"))
    popup = text(hr.get(f"/assignments/{filed.pk}/managers/?position=安全员", headers=DIALOG))
    assert "张三" in popup and "李四" in popup and "王五" not in popup

    chosen = {"manager": [f"安全员|{safety.pk}", f"项目经理|{pm.pk}"]}
    hr.post(f"/assignments/{filed.pk}/people/", chosen, headers=MAIN)

    assert dict(Assignment.objects.values_list("person__name", "role")) == {"张三": "安全员", "李四": "项目经理"}
    assert "李四" in text(hr.get(f"/assignments/{filed.pk}/people/?role=manager"))


def test_people_are_allocated_people_first(cast, filed, hr):
    first, second = cast.employment(), cast.employment(cast.person("李四"))
    cast.employment(cast.person("王五"), profile_completed=False)
    page = text(hr.get("/assignments/people/"))
    assert "张三" in page and "批量分配" in page and "王五" not in page

    asked = text(hr.post("/assignments/allocation/", {"ids": [first.pk, second.pk]}, headers=DIALOG))
    assert "滨江一期" in asked and "建筑工人" in asked and "共 2 人" in asked
    assert not Assignment.objects.exists()

    saved = {"ids": [first.pk, second.pk], "place": filed.pk, "role": "worker"}
    assert hr.post("/assignments/allocation/", saved, headers=DIALOG)["HX-Redirect"] == "/assignments/people/"
    assert statuses() == {"张三": "pending", "李四": "pending"}


def test_missing_site_is_shown_beside_the_field(cast, filed, hr):
    answer = hr.post("/assignments/allocation/", {"ids": cast.employment().pk, "role": "worker"}, headers=DIALOG)
    assert answer.status_code == 422 and "invalid" in text(answer)


def test_site_allocates_own_firms_people(cast, filed):
    pm, worker = client_of(cast.labour_pm), cast.employment()
    pm.post(f"/assignments/{filed.pk}/people/", {"ids": worker.pk}, headers=MAIN)
    assert statuses() == {"张三": "pending"}
    assert client_of(cast.gc_pm).get(f"/assignments/{filed.pk}/people/").status_code == 404


def test_site_confirms_one_and_many(cast, site):
    first, second, third = pending(cast), pending(cast, "李四"), pending(cast, "王五")
    page = text(site.get("/assignments/waiting/"))
    assert all(
        label in page
        for label in ("所属单位", "姓名", "身份证号", "性别", "班组", "联系电话", "分配日期", "同意", "拒绝")
    )
    assert str(cast.zhang.id_number) in page and cast.zhang.id_number.plain not in page

    site.post(f"/assignments/confirmations/?ids={first.pk}", headers=MAIN)
    site.post("/assignments/confirmations/", {"ids": [second.pk, third.pk]}, headers=MAIN)

    assert set(statuses().values()) == {"accepted"}
    assert "没有等待确认的人员" in text(site.get("/assignments/waiting/"))
    assert "已确认" in text(site.get("/assignments/answered/"))


def test_answer_lists_accepted_and_refused(cast, site):
    first, gone = pending(cast), pending(cast, "李四")
    commands.remove([gone], by=cast.hr)

    page = text(site.post("/assignments/confirmations/", {"ids": [first.pk, gone.pk]}, headers=MAIN))

    assert "部分办成" in page and "已同意 1 人" in page
    assert "李四" in page and "R-43" in page and "人员分配已移除，不能改为已确认" in page


def test_empty_choice_shows_a_message(cast, site):
    answer = site.post("/assignments/confirmations/", {}, headers=MAIN | {"HX-Request": "true"})
    assert answer.status_code == 422 and "请至少选择一人" in text(answer) and "R-44" in text(answer)


def test_rejection_without_reason_keeps_the_dialog(cast, site, hr):
    assignment = pending(cast)
    asked = site.post("/assignments/rejections/", {"ids": assignment.pk}, headers=DIALOG)
    assert asked.status_code == 200 and "不通过原因" in text(asked)

    again = site.post("/assignments/rejections/", {"ids": assignment.pk, "note": ""}, headers=DIALOG)
    assert again.status_code == 422 and "请填写不通过原因" in text(again) and str(assignment.pk) in text(again)

    sent = {"ids": assignment.pk, "note": "工种不符"}
    assert site.post("/assignments/rejections/", sent, headers=DIALOG).status_code == 204
    page = text(hr.get("/assignments/list/"))
    assert "已拒绝" in page and "工种不符" in page


def test_resubmitted_page_shows_the_changes(cast, site, hr):
    assignment = pending(cast)
    commands.reject([assignment], note="应为安全员", by=cast.gc_pm)
    page = text(hr.get(f"/assignments/{assignment.pk}/"))
    assert "再次提交" in page and "移除" in page and "应为安全员" in page

    Employment.objects.update(kind="manager")
    again = f"/assignments/{assignment.pk}/resubmission/"
    assert "应为安全员" in text(hr.get(again, headers=DIALOG))
    hr.post(again, {"role": "安全员"}, headers=DIALOG)

    assert "角色 建筑工人 → 安全员" in text(site.get(f"/assignments/{assignment.pk}/"))


def test_buttons_show_only_to_permitted_roles(cast, site, hr):
    assignment = pending(cast)
    theirs, ours = (text(client.get(f"/assignments/{assignment.pk}/")) for client in (hr, site))
    assert ("同意" in buttons(theirs), "移除" in buttons(theirs)) == (False, True)
    assert ("同意" in buttons(ours), "移除" in buttons(ours)) == (True, False)


def buttons(page):
    return re.sub(r"<[^>]+>", "", " ".join(re.findall(r"<button.*?</button>|<a class=\"btn.*?</a>", page, re.S)))


def test_firm_takes_an_allocation_back(cast, hr):
    assignment = pending(cast)
    hr.post(f"/assignments/removals/?ids={assignment.pk}", headers=MAIN)
    assert statuses() == {"张三": "removed"}


def test_rows_of_other_firms_are_not_found(cast, filed):
    assignment, worker = pending(cast), cast.employment(cast.person("李四"))
    hr, pm = client_of(cast.stranger_hr), client_of(cast.stranger_pm)
    answers = [
        hr.get(f"/assignments/{assignment.pk}/"),
        hr.get(f"/assignments/{filed.pk}/people/"),
        hr.post(f"/assignments/{filed.pk}/people/", {"ids": worker.pk}),
        hr.get(f"/assignments/{filed.pk}/managers/?position=安全员"),
        hr.post("/assignments/allocation/", {"ids": worker.pk}),
        hr.post("/assignments/removals/", {"ids": assignment.pk}),
        hr.get(f"/assignments/{assignment.pk}/resubmission/"),
        pm.post("/assignments/confirmations/", {"ids": assignment.pk}),
        pm.post("/assignments/rejections/", {"ids": assignment.pk, "note": "x"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert statuses() == {"张三": "pending"}


@pytest.mark.parametrize(
    ("page", "forbidden"),
    [
        ("/assignments/", ("regulator", "himself", "admin", "operator")),
        ("/assignments/people/", ("regulator", "himself", "admin", "operator")),
        ("/assignments/waiting/", ("hr", "regulator", "himself", "admin", "supervision_pm")),
        ("/assignments/answered/", ("hr", "regulator", "himself", "admin")),
        ("/assignments/list/", ("himself", "regulator", "admin")),
    ],
)
def test_pages_refuse_other_roles(cast, page, forbidden):
    for who in forbidden:
        maker = getattr(cast, who)
        actor = maker() if callable(maker) else maker
        assert client_of(actor).get(page).status_code == 403, who


@pytest.mark.parametrize("page", ["/assignments/waiting/", "/assignments/answered/", "/assignments/list/"])
def test_list_queries_do_not_grow_with_rows(cast, site, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert site.get(page).status_code == 200
        return len(queries)

    pending(cast), cast.assignment(cast.employment(cast.person("甲")))
    cost()
    one = cost()
    for name in "乙丙":
        pending(cast, name), cast.assignment(cast.employment(cast.person(name + name)))
    assert cost() == one
