"""The pages of the entry desk: 进场管理, 退场管理, 用工查询."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from shiming.desk.tests.test_commands import enter, under
from shiming.people.commands import CardContent, take_card
from shiming.people.models import Person
from shiming.presence import commands
from shiming.presence.models import Stay
from tests.cast import invented_id
from tests.doors import client_of


@pytest.fixture
def desk(cast):
    assert cast.labour_place and cast.gc_pm
    under(cast, "site_direct")
    return cast


def typed(cast, number, **more):
    given = {"place": cast.labour_place.pk, "number": number, "trade": "钢筋工", "education": "高中"}
    return given | {"on": f"{timezone.localdate()}"} | more


def test_dialog_saves_and_offers_three_nexts(desk):
    browser, team = client_of(desk.gc_pm), desk.team()
    page = browser.post(
        "/stays/desk/registration/", typed(desk, desk.zhang.id_number.plain, team=team.pk)
    ).content.decode()
    assert "保存成功!" in page
    today, place = timezone.localdate(), desk.labour_place.pk
    for label, kept in {
        "下一个(同一用人单位)": f"?on={today}&amp;place={place}",
        "下一个(同一劳务队长)": f"?on={today}&amp;place={place}&amp;team={team.pk}",
        "下一个(其他)": f"?on={today}",
    }.items():
        assert f'registration/{kept}"' in page and label in page
    following = browser.get(f"/stays/desk/registration/?on={today}&place={place}&team={team.pk}").content.decode()
    assert f'value="{place}" selected' in following and f'value="{team.pk}" selected' in following


def test_unknown_person_is_led_to_irregular_form(desk):
    browser, number = client_of(desk.gc_pm), invented_id(410)
    answer = browser.post("/stays/desk/registration/", typed(desk, number))
    assert (answer.status_code, "R-06" in answer.content.decode(), "非正常登记" in answer.content.decode()) == (
        422,
        True,
        True,
    )
    card = {"name": "新来的", "birth_date": "1985-03-12"}
    assert "未实名" in browser.post("/stays/desk/irregular/", typed(desk, number, **card)).content.decode()
    assert "未实名" in browser.get("/stays/desk/").content.decode()


def test_all_errors_stand_in_one_answer_each_at_its_field(desk):
    wrong = {"number": "110101198503120011", "name": "", "valid_from": "2020-01-01", "valid_to": "2019-01-01"}
    wrong |= {"trade": "", "is_leader": "yes", "phone": "", "on": "2999-01-01"}
    answer = client_of(desk.gc_pm).post("/stays/desk/irregular/", typed(desk, wrong.pop("number"), **wrong))
    form, page = answer.context["form"], answer.content.decode()

    assert set(form.errors) == {"number", "name", "valid_to", "trade", "phone", "on"}
    assert all(f'data-to-field="{name}"' in page for name in form.errors)
    assert "有 6 处需要修改" in page


def test_entry_form_reports_number_and_phone_beside_missing_values(desk):
    answer = client_of(desk.gc_pm).post(
        "/stays/desk/registration/", typed(desk, "110101198503120011", education="", phone="123")
    )
    assert set(answer.context["form"].errors) == {"number", "education", "phone"}


def test_birth_date_and_sex_come_from_the_number(desk):
    browser, number = client_of(desk.gc_pm), invented_id(411)
    other = typed(desk, number, name="新来的", birth_date="1990-01-01")
    wrong = browser.post("/stays/desk/irregular/", other).context["form"].errors
    assert set(wrong) == {"birth_date"} and "号码中是 1985-03-12" in wrong["birth_date"][0]

    browser.post("/stays/desk/irregular/", other | {"birth_date": ""})

    person = Person.by_id_number(number)
    assert (f"{person.birth_date}", person.sex) == ("1985-03-12", "1")


def test_card_just_read_registers_and_enters_an_unknown_person(desk):
    browser, number = client_of(desk.gc_pm), invented_id(412)
    card = {"id": "0" * 32, "kind": "resident", "way": "a", "name": "新来的", "number": number, "reader": "仿真"}
    entry = typed(desk, number, reading=json.dumps(card))
    refused = browser.post("/stays/desk/registration/", entry).content.decode()
    assert "R-06" in refused and "用这张卡建档并进场" in refused
    assert "用这张卡建档并进场" not in browser.post("/stays/desk/registration/", typed(desk, number)).content.decode()

    assert "保存成功!" in browser.post("/stays/desk/registration/", entry | {"then": "card"}).content.decode()

    stay = Stay.objects.get()
    assert (stay.person.name, stay.person.verified, stay.on_site) == ("新来的", True, True)


def test_number_shows_portrait_name_and_verdict(desk):
    browser = client_of(desk.gc_pm)
    shown = browser.post("/stays/desk/who/", {"number": desk.zhang.id_number.plain}).content.decode()
    assert "张三" in shown and 'data-who="ok"' in shown and desk.zhang.id_number.plain not in shown
    enter(desk)
    assert "R-22" in browser.post("/stays/desk/who/", {"number": desk.zhang.id_number.plain}).content.decode()
    assert "R-03" in browser.post("/stays/desk/who/", {"number": "123"}).content.decode()


def test_detour_to_card_reader_keeps_the_dialog(desk):
    browser, team = client_of(desk.gc_pm), desk.team()
    left = typed(desk, invented_id(410), team=str(team.pk), phone="15400000001", then="reader")
    away = browser.post("/stays/desk/registration/", left).url
    assert away.startswith("/reader/?next=") and "15400000001" not in away
    back = parse_qs(urlsplit(away).query)["next"][0]
    zhang = desk.zhang
    take_card(CardContent(zhang.id_number.plain, zhang.name), reader="仿真", by=desk.gc_pm)

    page = browser.get(f"{back}&person={zhang.pk}")
    form = page.context["form"]
    assert "已读卡" in page.content.decode() and str(zhang.id_number) in page.content.decode()
    assert (form["phone"].value(), form["team"].value(), form["number"].value()) == ("15400000001", str(team.pk), "")
    without_number = typed(desk, "", team=str(team.pk), person=zhang.pk, name="张三")
    assert "保存成功!" in browser.post("/stays/desk/registration/", without_number).content.decode()
    assert Stay.objects.get().person == zhang


@pytest.mark.parametrize(
    ("written", "led_by", "message"),
    [
        ({"off_site_leader": "钱外"}, "钱外", ""),  # without the tick the typed name still counts
        ({"off_site": "on", "off_site_leader": "钱外"}, "钱外", ""),
        ({"off_site": "on"}, None, "请填写非现场队长的姓名"),
        ({"off_site": "on", "team": "王强班组"}, None, "请填写非现场队长的姓名"),
        ({"off_site_leader": "钱外", "team": "王强班组"}, None, "二者留一个"),
    ],
)
def test_off_site_leader_is_kept_or_refused(desk, written, led_by, message):
    if "team" in written:
        written = written | {"team": desk.team("王强班组").pk}
    answer = client_of(desk.gc_pm).post("/stays/desk/registration/", typed(desk, desk.zhang.id_number.plain, **written))
    assert message in answer.content.decode()
    assert list(Stay.objects.values_list("team__name", flat=True)) == ([led_by] if led_by else [])


def test_entry_needs_number_or_read_card(desk):
    answer = client_of(desk.gc_pm).post("/stays/desk/registration/", typed(desk, "", person=desk.zhang.pk))
    assert (answer.status_code, Stay.objects.count()) == (422, 0)


def test_row_is_edited_in_its_place(desk):
    stay = enter(desk).stay
    browser = client_of(desk.gc_pm)
    row = browser.get(f"/stays/{stay.pk}/edit/", headers={"X-Frame": "main"}).content.decode()
    assert row.lstrip("{#").strip().startswith("<tr") and "撤销" in row
    given = {"trade": "木工", "education": "本科", "on": f"{timezone.localdate()}", "version": stay.assignment.version}
    assert browser.post(f"/stays/{stay.pk}/edit/", given).status_code == 302
    assert Stay.objects.get().assignment.trade == "木工"


def test_queue_answers_and_undoes_on_one_page(desk):
    browser = client_of(desk.gc_pm)
    answer = browser.post("/stays/desk/queue/", typed(desk, desk.zhang.id_number.plain)).content.decode()
    assert f'data-entered="{Stay.objects.get().pk}"' in answer
    assert "R-22" in browser.post("/stays/desk/queue/", typed(desk, desk.zhang.id_number.plain)).content.decode()
    assert "已撤销张三" in browser.post("/stays/desk/undo/", {"ids": str(Stay.objects.get().pk)}).content.decode()
    assert Stay.objects.count() == 0


def test_queue_page_lists_what_can_be_undone_and_post_answers_with_a_part(desk):
    stay, browser = enter(desk).stay, client_of(desk.gc_pm)
    page = browser.get("/stays/desk/queue/")
    assert page.templates[0].name == "desk/queue.html"
    assert (page.context["count"], list(page.context["undoable"])) == (1, [stay])
    assert browser.head("/stays/desk/queue/").status_code == 200

    wrong = browser.post("/stays/desk/queue/", {**typed(desk, "119900"), "trade": ""})
    assert wrong.templates[0].name == "desk/queue_answer.html"
    assert (wrong.context["at"], Stay.objects.count()) == ("trade", 1)
    Stay.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert list(browser.get("/stays/desk/queue/").context["undoable"]) == []


def test_worker_of_another_firm_enters_with_warning(desk):
    desk.employment(desk.zhang, desk.hengli)
    number, browser = desk.zhang.id_number.plain, client_of(desk.gc_pm)
    page = browser.post("/stays/desk/queue/", typed(desk, number)).content.decode()
    assert "已进场" in page and "W-02" in page
    assert ("toast-line--warning" in page, "data-refusals" in page) == (True, False)


@pytest.fixture
def three(desk):
    """张三 (钢筋工) on site, 李四 (木工 of 恒立) on site for ten days, and 王五, who has left."""
    team = desk.team()
    enter(desk, team=team)
    day = timezone.localdate() - timedelta(days=10)
    enter(desk, desk.person("李四"), place=desk.specialist_place, trade="木工", on=day)
    gone = enter(desk, desk.person("王五"), trade="木工", on=day).stay
    commands.leave_site([gone], by=desk.gc_pm, rating="good", on=day + timedelta(days=5))
    return desk


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"张三", "李四", "王五"}),
        ({"company": "恒立"}, {"李四"}),
        ({"leader": "王班"}, {"张三"}),
        ({"who": "三"}, {"张三"}),
        ({"trade": "木工"}, {"李四", "王五"}),
        ({"trade": "木工", "state": "on_site"}, {"李四"}),
        ({"state": "off_site"}, {"王五"}),
        ({"state": "not_entered"}, set()),
        ({"entered_from": timezone.localdate()}, {"张三"}),
        ({"entered_to": timezone.localdate() - timedelta(days=1)}, {"李四", "王五"}),
        ({"exited_from": timezone.localdate() - timedelta(days=6)}, {"王五"}),
        ({"exited_to": timezone.localdate() - timedelta(days=6)}, set()),
    ],
)
@pytest.mark.parametrize("address", ["/stays/desk/exits/", "/stays/query/"])
def test_filters_combine(three, address, asked, found):
    page = client_of(three.gc_pm).get(address, {name: str(value) for name, value in asked.items()}).content.decode()
    assert {name for name in ("张三", "李四", "王五") if f">{name}</a>" in page} == found


def test_earlier_leaver_stops_batch_and_is_named(three):
    browser = client_of(three.gc_pm)
    ids = [str(pk) for pk in Stay.objects.values_list("pk", flat=True)]
    given = {"ids": ids, "on": f"{timezone.localdate()}", "rating": "good"}
    answer = browser.post("/stays/exits/", given)
    page = answer.content.decode()
    assert (answer.status_code, "R-23" in page, "王五" in page, "去掉他们" in page) == (422, True, True, True)
    assert Stay.objects.filter(exited_on=None).count() == 2
    rest = [str(pk) for pk in Stay.objects.filter(exited_on=None).values_list("pk", flat=True)]
    assert browser.post("/stays/exits/", given | {"ids": rest})["Location"] == "/stays/desk/exits/"
    assert Stay.objects.filter(rating="good").count() == 3


def test_list_keeps_its_search_after_an_exit(three):
    stay = Stay.objects.get(person__name="李四")
    given = {"ids": str(stay.pk), "on": f"{timezone.localdate()}", "rating": "good"}
    shown = "/stays/desk/exits/?trade=%E6%9C%A8%E5%B7%A5&size=50"
    part = {"HX-Request": "true", "X-Frame": "dialog", "HX-Current-URL": f"http://testserver{shown}"}
    assert client_of(three.gc_pm).post("/stays/exits/", given, headers=part)["HX-Redirect"] == shown


def test_exit_without_rating_asks_for_it(three):
    stay = Stay.objects.get(person__name="李四")
    answer = client_of(three.gc_pm).post("/stays/exits/", {"ids": str(stay.pk), "on": f"{timezone.localdate()}"})
    page = answer.content.decode()
    assert (answer.status_code, "请填写：用工评价（R-10）" in page, "保存</button>" in page) == (422, True, True)


def test_record_shows_person_work_and_stays(three):
    stay = Stay.objects.get(person__name="王五")
    page = client_of(three.gc_pm).get(f"/stays/{stay.pk}/record/").content.decode()
    assert "王五" in page and "良" in page and "考勤" in page and stay.person.id_number.plain not in page


def test_firm_sees_its_own_people_only(three):
    page = client_of(three.hr).get("/stays/query/").content.decode()
    assert ("张三" in page, "李四" in page) == (True, False)


def test_menus_of_the_desk_belong_to_its_flow(desk):
    browser = client_of(desk.gc_pm)
    labels = ("进场管理", "用工查询", "快速登记")
    assert [label in browser.get("/stays/desk/").content.decode() for label in labels] == [True] * 3
    under(desk, "invite_scan")
    page = browser.get("/stays/").content.decode()
    assert [f">{label}<" in page or f"{label}</a>" in page for label in labels] == [False] * 3


@pytest.mark.parametrize("name", ["registration", "irregular"])
def test_reset_opens_empty_dialog_and_cancel_leaves(desk, name):
    page = client_of(desk.gc_pm).get(f"/stays/desk/{name}/").content.decode()
    assert f'href="/stays/desk/{name}/" data-dialog>重置' in page and 'href="/stays/desk/">取消' in page


@pytest.mark.parametrize(("days", "problem"), [(1, "晚于今天"), (-30, "早于进场日期")])
def test_exit_day_must_be_possible(three, days, problem):
    stay = Stay.objects.get(person__name="李四")
    on = timezone.localdate() + timedelta(days=days)
    answer = client_of(three.gc_pm).post("/stays/exits/", {"ids": str(stay.pk), "on": f"{on}", "rating": "good"})
    form = answer.context["form"]  # the form keeps the input and shows the reason at the day
    assert "R-25" in str(form.errors["on"]) and problem in str(form.errors["on"])
    assert (answer.status_code, form["rating"].value(), form["on"].value()) == (422, "good", f"{on}")
    assert Stay.objects.get(pk=stay.pk).on_site


def test_automatic_exit_is_marked_on_lists_and_record(desk):
    cast = desk
    ended = {"exited_on": timezone.localdate(), "exited_at": timezone.now(), "auto": True}
    stay = cast.stay(cast.assignment(status="ended"), **ended)
    browser = client_of(cast.gc_pm)
    pages = ["/stays/", "/stays/query/", reverse("stay-record", args=[stay.pk]), f"/people/{stay.person_id}/"]
    assert ["自动退场" in browser.get(page).content.decode() for page in pages] == [True] * len(pages)
