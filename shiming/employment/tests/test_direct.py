"""E6 直接登记与 E14 离职：[000] 由企业办理，本人随即得知，可以提出异议。"""

import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from shiming.core.actor import Role
from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.employment import commands, queries
from shiming.employment.models import Employment, Transfer
from shiming.inbox.models import InboxItem
from shiming.people.commands import CardContent, take_card
from shiming.people.models import Person
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id
from tests.doors import client_of, export

WORK = {"trade": "钢筋工", "is_leader": False, "contract_start": date(2026, 1, 1)}


@pytest.fixture
def tiers(cast):
    assert cast.labour_place and cast.hr
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    return cast


def read(person, *, by):
    card = CardContent(person.id_number.plain, person.name)
    return take_card(card, reader="仿真阅读器", by=by)


def register(cast, person=None, *, by=None, number=None, **fields):
    given = WORK | {"team": cast.team()} | fields
    return commands.register(number or (person or cast.zhang).id_number.plain, by=by or cast.hr, **given)


def refused(*args, **kwargs):
    with pytest.raises(DomainError) as caught:
        register(*args, **kwargs)
    return caught.value.codes


def asked_of(person):
    return list(InboxItem.objects.filter(person=person, asks=True, answered_at=None).values_list("title", flat=True))


def test_registration_employs_and_notifies_person(tiers):
    employment = register(tiers, education="本科", political_status="群众")
    assert (employment.status, employment.mode, employment.profile_completed) == ("active", "direct", True)
    person = Person.objects.get(pk=tiers.zhang.pk)
    assert (person.education, person.political_status) == ("本科", "群众")
    assert asked_of(tiers.zhang) == ["安泰劳务登记您在职"]


def test_registered_leader_has_a_team(tiers):
    leads = register(tiers, team=None, is_leader=True)
    assert (leads.team.name, leads.team.leader, leads.team.company) == ("张三班组", tiers.zhang, tiers.antai)
    page = client_of(tiers.hr).get("/employments/registrations/new/").content.decode()
    assert f'<option value="{leads.team.pk}">张三（张三班组）</option>' in page

    commands.release(leads, by=tiers.hr)
    assert register(tiers, team=None, is_leader=True).team == leads.team


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"contract_start": None}, ["R-10"]),
        ({"contract_end": date(2025, 1, 1)}, ["R-11"]),
        ({"trade": ""}, ["R-10"]),
        ({"team": None}, ["R-14"]),
        ({"contact_phone": "123"}, ["R-13"]),
        ({"number": invented_id(300)}, ["R-06"]),
        ({"number": "110101198503120011"}, ["R-03"]),
    ],
)
def test_invalid_registration_is_refused(tiers, fields, codes):
    assert refused(tiers, **fields) == codes
    assert Employment.objects.count() == 0


def test_unverified_or_employed_person_is_refused(tiers):
    assert refused(tiers, tiers.person("待核验的", status="pending")) == ["R-06"]
    tiers.employment(tiers.person("李四"), tiers.yuanda)
    assert refused(tiers, tiers.person("李四")) == ["R-05"]
    register(tiers)
    assert refused(tiers) == ["R-04"]


def test_direct_registration_needs_such_a_site(tiers):
    ProjectPolicy.objects.update(base="invite_scan")
    assert refused(tiers) == ["R-42"]


def test_second_registration_makes_second_row(tiers):
    first = register(tiers)
    commands.release(first, reason="工程完工", by=tiers.hr)
    second = register(tiers, team=tiers.team("木工二组"))
    rows = Employment.objects.order_by("created_at").values_list("status", "team__name", "end_reason")
    assert list(rows) == [("ended", "王班组", "工程完工"), ("active", "木工二组", "")]
    assert second.pk != first.pk
    assert "安泰劳务办理了您的离职" in asked_of(tiers.zhang)


def test_invited_worker_may_not_be_released(tiers):
    with pytest.raises(DomainError) as caught:
        commands.release(tiers.employment(), by=tiers.hr)
    assert caught.value.codes == ["R-42"]


@pytest.mark.parametrize(
    ("agree", "answer", "notices"), [(True, "没有异议", []), (False, "有异议", ["张三对登记提出异议"])]
)
def test_person_may_object_to_registration(tiers, agree, answer, notices):
    employment = register(tiers)
    commands.answer_registration(employment, agree=agree, note="我不在那里", by=tiers.himself())
    item = InboxItem.objects.get(person=tiers.zhang, asks=True)
    assert item.answer == answer
    assert list(InboxItem.objects.filter(company=tiers.antai).values_list("title", flat=True)) == notices
    employment.refresh_from_db()
    assert (employment.status, bool(employment.objection)) == ("active", not agree)


def test_objection_is_shown_and_withdrawn(tiers):
    employment, phone = register(tiers), client_of(tiers.himself())
    answer = f"/m/employments/{employment.pk}/registration/answer/"
    item = InboxItem.objects.get(person=tiers.zhang, asks=True)
    assert 'name="note"' in phone.get(f"/m/inbox/{item.pk}/").content.decode()

    phone.post(answer, {"answer": "refuse", "note": "我没有签合同"})
    page = phone.get("/m/employments/").content.decode()
    assert "对这份登记提出了异议" in page and "我没有签合同" in page and "撤回异议" in page
    assert queries.standing_objections(tiers.regulator()).exists()

    phone.post(answer, {"answer": "agree"})
    assert not queries.standing_objections(tiers.regulator()).exists()
    assert "提出异议" in phone.get("/m/employments/").content.decode()
    assert AuditEntry.objects.filter(event="registration.objected", params__objection="：我没有签合同").exists()


def test_released_person_may_object_after_agreeing(tiers):
    employment, phone = register(tiers), client_of(tiers.himself())
    commands.release(employment, reason="长期未到岗", by=tiers.hr)
    answer = f"/m/employments/{employment.pk}/registration/answer/"
    phone.post(answer, {"answer": "agree"})
    page = phone.get("/m/employments/").content.decode()
    assert "长期未到岗" in page and answer in page
    phone.post(answer, {"answer": "refuse"})
    assert objected(tiers) == [("张三", "release")]


def objected(cast, **asked):
    return [(row.person.name, row.about) for row in queries.objections(cast.regulator(), **asked)]


def test_authority_lists_objections(tiers):
    registered, released = register(tiers), register(tiers, tiers.person("李四"))
    commands.release(released, by=tiers.hr)
    silent = register(tiers, tiers.person("王五"))
    commands.answer_registration(silent, agree=True, by=tiers.himself(silent.person))
    for row, note in ((registered, "我不在那里"), (released, "没有结清工资")):
        commands.answer_registration(row, agree=False, note=note, by=tiers.himself(row.person))

    assert sorted(objected(tiers)) == [("张三", "registration"), ("李四", "release")]
    assert objected(tiers, about="release") == [("李四", "release")] == objected(tiers, name="李")
    assert objected(tiers, company="恒立") == [] == objected(tiers, until=date(2020, 1, 1))
    assert len(objected(tiers, company="安泰", since=timezone.localdate())) == 2
    assert list(queries.objections(tiers.regulator("孙西区", "西区监督站"))) == []
    assert [row.person.name for row in queries.standing_objections(tiers.regulator())] == ["张三"]

    commands.release(registered, by=tiers.hr)
    assert objected(tiers, name="张三") == [("张三", "registration")], "the subject of the objection has not changed"
    assert not queries.standing_objections(tiers.regulator()).exists()


def test_objection_list_is_masked_and_exported(tiers):
    row = register(tiers)
    tiers.assignment(row)
    commands.answer_registration(row, agree=False, note="我不在那里", by=tiers.himself())
    browser = client_of(tiers.regulator())
    page = browser.get("/employments/objections/").content.decode()
    assert "我不在那里" in page and str(tiers.zhang.id_number) in page and tiers.zhang.id_number.plain not in page
    assert f"/employments/{row.pk}/" in page and "登记异议" in browser.get("/oversight/").content.decode()
    assert "张三对安泰劳务的登记提出异议：我不在那里" in browser.get(f"/employments/{row.pk}/").content.decode()

    file = export(browser, "/employments/objections/")
    assert file["Content-Disposition"].startswith("attachment")
    assert str(AuditEntry.objects.filter(event="data.exported").get()).endswith("导出登记异议 1 行")


def test_objection_of_worker_who_never_came_is_listed_without_link(tiers):
    row = register(tiers)
    commands.answer_registration(row, agree=False, note="我不在那里", by=tiers.himself())
    browser = client_of(tiers.regulator())
    page = browser.get("/employments/objections/").content.decode()
    assert "我不在那里" in page and f"/employments/{row.pk}/" not in page
    assert browser.get(f"/employments/{row.pk}/").status_code == 404


def test_trail_names_the_releasing_user(tiers):
    commands.release(register(tiers), reason="合同到期", by=tiers.hr)
    assert "陈人事办理张三离职：合同到期" in [str(entry) for entry in AuditEntry.objects.all()]


# 页面


def test_form_registers_and_opens_empty_one(tiers):
    browser = client_of(tiers.hr)
    typed = {"number": tiers.zhang.id_number.plain, "trade": "钢筋工", "team": tiers.team().pk, "version": 0}
    typed |= {"contract_start": "2026-01-01", "education": "本科"}
    answer = browser.post("/employments/registrations/new/", typed | {"then": "next"})
    assert (answer.status_code, answer["Location"]) == (302, "/employments/registrations/new/")
    page = browser.get("/employments/registrations/").content.decode()
    assert "张三" in page and "离职" in page and tiers.zhang.id_number.plain not in page


def test_lookup_shows_portrait_and_is_recorded(tiers):
    browser = client_of(tiers.hr)
    shown = browser.post("/employments/registrations/person/", {"number": tiers.zhang.id_number.plain}).content.decode()
    assert "张三" in shown and tiers.zhang.id_number.plain not in shown
    assert AuditEntry.objects.get(event="person.looked_up").person_id == tiers.zhang.pk
    unknown = browser.post("/employments/registrations/person/", {"number": invented_id(301)}).content.decode()
    assert "R-06" in unknown


@pytest.mark.parametrize("role", [Role.HR_OFFICER, Role.PARTICIPANT_CLERK])
def test_list_links_open_for_their_role(tiers, role):
    register(tiers)
    browser = client_of(tiers.staff("安泰某人", tiers.antai, role))
    page = browser.get("/employments/registrations/").content.decode()
    links = set(re.findall(r'href="(/employments/[0-9a-f-]{36}/[^"]*)"', page))
    assert links and [link for link in links if browser.get(link).status_code != 200] == []


def test_edit_returns_to_registration_list(tiers):
    employment = register(tiers)
    browser, address = client_of(tiers.hr), f"/employments/{employment.pk}/profile/?kind=worker"
    page = browser.get(address).content.decode()
    assert 'href="/employments/registrations/">基本信息登记</a>' in page and "保存并下一个" not in page
    typed = {"trade": "木工", "team": tiers.team().pk, "version": employment.version, "contract_start": "2026-01-01"}
    assert browser.post(address, typed)["Location"] == "/employments/registrations/"
    assert Employment.objects.get().trade == "木工"


def test_refused_save_still_shows_person(tiers):
    sent = {"number": tiers.zhang.id_number.plain, "trade": "钢筋工", "team": str(tiers.team().pk)}
    sent |= {"version": 0, "contract_start": "2026-01-01", "contract_end": "2025-01-01"}
    answer = client_of(tiers.hr).post("/employments/registrations/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "R-11" in page
    assert "<b data-who-name>张三</b>" in page and str(tiers.zhang.id_number) in page


def test_form_offers_transfer_for_r_05(tiers):
    tiers.employment(tiers.zhang, tiers.yuanda)
    browser, number = client_of(tiers.hr), tiers.zhang.id_number.plain
    card = browser.post("/employments/registrations/person/", {"number": number}).content.decode()
    assert "R-05" in card and 'formaction="/transfers/new/" name="name" value="张三"' in card

    browser.post("/transfers/new/", {"number": number, "name": "张三", "trade": ""})
    assert [(row.person, row.company) for row in Transfer.objects.all()] == [(tiers.zhang, tiers.antai)]
    assert asked_of(tiers.zhang) == ["安泰劳务请您转过去"]


def test_clerk_is_not_offered_a_transfer(tiers):
    tiers.employment(tiers.zhang, tiers.yuanda)
    clerk = client_of(tiers.staff("安泰经办", tiers.antai, Role.PARTICIPANT_CLERK))
    card = clerk.post("/employments/registrations/person/", {"number": tiers.zhang.id_number.plain}).content.decode()
    assert "R-05" in card and "发起转出</button>" not in card


def test_lookup_shows_existing_invitation(tiers):
    tiers.employment(tiers.zhang, status="invited", started_at=None, profile_completed=False)
    card = client_of(tiers.hr).post("/employments/registrations/person/", {"number": tiers.zhang.id_number.plain})
    assert "R-08" in card.content.decode() and refused(tiers) == ["R-08"]


def test_read_card_replaces_typed_number(tiers):
    browser, zhang = client_of(tiers.hr), tiers.zhang
    read(zhang, by=tiers.hr)
    assert "已读卡" in browser.get(f"/employments/registrations/new/?person={zhang.pk}").content.decode()
    typed = {
        "person": zhang.pk,
        "trade": "钢筋工",
        "team": tiers.team().pk,
        "version": 0,
        "contract_start": "2026-01-01",
    }
    assert browser.post("/employments/registrations/new/", typed).status_code == 302
    assert Employment.objects.get().person == zhang


def test_detour_to_reader_keeps_input(tiers):
    browser, zhang, team = client_of(tiers.hr), tiers.zhang, tiers.team()
    typed = {"number": invented_id(320), "trade": "钢筋工", "team": str(team.pk), "contract_start": "2026-01-01"}
    typed |= {"bank_card": "6222000000000000018", "is_temporary": "on", "day_rate": "350"}
    away = browser.post("/employments/registrations/new/", typed | {"then": "reader"}).url
    back = parse_qs(urlsplit(away).query)["next"][0]
    assert away.startswith("/reader/?next=") and "6222" not in away and "350" not in away
    assert back.startswith("/employments/registrations/new/?typed=")

    read(zhang, by=tiers.hr)
    found = browser.get(f"{back}&person={zhang.pk}").context["form"]
    assert {name: found[name].value() for name in typed} == typed | {"number": ""}
    assert browser.get(back).context["form"]["number"].value() == typed["number"], "without a card the number was lost"
    assert (
        not client_of(tiers.staff("林法人", tiers.antai, Role.LEGAL_REP)).get(back).context["form"]["number"].value()
    ), "another user sees this input"


def test_read_person_is_shown_that_day(tiers):
    page = f"/employments/registrations/new/?person={tiers.zhang.pk}"
    assert "张三" not in client_of(tiers.hr).get(page).content.decode()
    read(tiers.zhang, by=tiers.hr)
    assert "张三" in client_of(tiers.hr).get(page).content.decode()
    assert "张三" not in client_of(tiers.staff("林法人", tiers.antai, Role.LEGAL_REP)).get(page).content.decode()


def test_unread_person_is_entered_unverified(tiers):
    browser = client_of(tiers.hr)
    number = invented_id(302)
    answer = browser.post("/employments/unread/", {"number": number, "name": "没读卡", "birth_date": "1985-03-12"})
    assert answer.status_code == 302
    assert Person.by_id_number(number).identity_status == "unverified"
    assert refused(tiers, number=number) == ["R-06"]


def test_menu_shows_pages_for_their_flow(tiers):
    browser = client_of(tiers.hr)
    assert "基本信息登记" in browser.get("/employments/").content.decode()
    ProjectPolicy.objects.update(base="invite_scan")
    assert "基本信息登记" not in browser.get("/employments/").content.decode()
