"""The four doors and the administrator's: the accepted users, their hats, and the refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.accounts.models import User
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.core.models import AuditEntry
from shiming.core.privacy import blind_index
from shiming.outbox.models import OutboxMessage
from shiming.people.models import Person
from shiming.projects.models import Grant, Participation
from tests.doors import client_of

DOORS = ["/", "/login/company/", "/login/site/", "/login/person/", "/login/oversight/", "/login/admin/"]


def log_in(visitor, door, actor, **typed):
    user = User.objects.get(pk=actor.user_id)
    return visitor.post(f"/login/{door}/", {"username": user.username, "password": PASSWORD} | typed)


def ask_at_site(visitor, person, phone="", **typed):
    fields = {
        "act": "code",
        "user_type": "pm",
        "id_number": person.id_number.plain,
        "phone": phone or person.phone.plain,
        "picture_code": visitor.solve(),
    }
    return visitor.post("/login/site/", fields | typed)


def enter_site(visitor, person, phone="", **typed):
    assert ask_at_site(visitor, person, phone, **typed).status_code == 200
    fields = {"user_type": "pm", "id_number": person.id_number.plain, "phone": phone or person.phone.plain}
    return visitor.post("/login/site/", fields | {"code": visitor.sms()} | typed)


def enter_person(visitor, person):
    visitor.post("/login/person/", {"phone": person.phone.plain})
    return visitor.post("/login/person/code/", {"code": visitor.sms()})


@pytest.mark.parametrize("path", DOORS)
def test_every_entrance_opens_without_login(visitor, path):
    assert visitor.get(path).status_code == 200


# 企业端, 监督端 and 系统管理: password and second factor


@pytest.mark.parametrize(("door", "who"), [("company", "hr"), ("oversight", "regulator"), ("admin", "admin")])
def test_password_and_app_code_log_in(cast, visitor, app_secret, door, who):
    actor = getattr(cast, who)() if who == "regulator" else getattr(cast, who)
    with_password(actor, app_secret)

    assert log_in(visitor, door, actor)["Location"] == "/login/second-factor/"
    assert visitor.get("/home/")["Location"].startswith("/?next=")  # half a session opens no page
    answer = visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})

    assert answer.status_code == 302
    assert visitor.get("/home/").status_code == 302
    assert [str(entry) for entry in AuditEntry.objects.filter(event="login.succeeded")] == [
        f"{actor.name}登录{actor.door.label}"
    ]


def test_regulator_door_remembers_the_name_and_never_the_session(cast, visitor, app_secret):
    with_password(cast.regulator(), app_secret)
    name = User.objects.get(pk=cast.regulator().user_id).username
    log_in(visitor, "oversight", cast.regulator(), remember="on")
    visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})
    visitor.post("/logout/")

    page = visitor.get("/login/oversight/").content.decode()
    assert f'value="{name}"' in page and "记住我" in page and "重置" in page and PASSWORD not in page
    assert visitor.get("/oversight/")["Location"] == "/login/oversight/?next=/oversight/"
    log_in(visitor, "oversight", cast.regulator())  # not ticked: forgotten
    assert f'value="{name}"' not in visitor.get("/login/oversight/").content.decode()


def test_missing_second_factor_blocks_other_pages(cast, visitor):
    with_password(cast.hr)
    assert log_in(visitor, "company", cast.hr)["Location"] == "/login/second-factor/"
    assert visitor.get("/login/second-factor/")["Location"] == "/login/second-factor/setup/"
    assert visitor.get("/account/")["Location"].startswith("/?next=")

    page = visitor.get("/login/second-factor/setup/")
    secret = page.context["secret"].replace(" ", "")
    done = visitor.post("/login/second-factor/setup/", {"kind": "totp", "code": code_of(secret)})

    assert len(done.context["codes"]) == 10
    assert visitor.get("/account/").status_code == 200


def test_wrong_password_and_unknown_name_get_R_01(cast, visitor):
    with_password(cast.hr)
    wrong = visitor.post("/login/company/", {"username": "user-1", "password": "x"})
    unknown = visitor.post("/login/company/", {"username": "nobody", "password": "x"})
    assert [page.status_code for page in (wrong, unknown)] == [422, 422]
    assert [page.context["form"].non_field_errors() for page in (wrong, unknown)] == [
        ["用户名或密码错误!（R-01）核对后再输入；忘记密码请联系管理员"]
    ] * 2


def test_account_without_role_at_door_gets_R_01(cast, visitor):
    with_password(cast.hr)
    assert log_in(visitor, "admin", cast.hr).status_code == 422


def test_app_code_counts_once(cast, visitor, app_secret):
    with_password(cast.hr, app_secret)
    code = code_of(app_secret)
    for expected in (302, 422):
        log_in(visitor, "company", cast.hr)
        assert visitor.post("/login/second-factor/", {"kind": "totp", "code": code}).status_code == expected


def test_recovery_code_counts_once(cast, visitor, app_secret):
    from shiming.accounts.commands import factors

    user = with_password(cast.hr, app_secret)
    code = factors.make_recovery_codes(user, by=cast.hr)[0]
    for expected in (302, 422):
        log_in(visitor, "company", cast.hr)
        answer = visitor.post("/login/second-factor/", {"kind": "recovery", "recovery_code": code.upper()})
        assert answer.status_code == expected


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/account/", "/account/"),
        ("https://elsewhere.example/", "/company/"),
        ("//elsewhere.example/", "/company/"),
        ("/\\elsewhere.example", "/company/"),
        ("/no-such-page/", "/company/"),
        ("/logout/", "/company/"),
        ("/stays/query/?trade=1", "/stays/query/?trade=1"),
        ("/stays/desk/queue/", "/company/"),  # a page of the site: another role used this PC before
    ],
)
def test_login_follows_next_only_within_role(cast, visitor, app_secret, wanted, lands):
    with_password(cast.hr, app_secret)
    log_in(visitor, "company", cast.hr, next=wanted)
    answer = visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})
    assert answer["Location"] == lands


def test_user_of_two_firms_chooses_and_trail_records(cast, visitor, app_secret):
    with_password(cast.hr, app_secret)
    user = User.objects.get(pk=cast.hr.user_id)
    user.posts.create(company=cast.hongji, role="hr_officer", since=timezone.localdate())
    log_in(visitor, "company", cast.hr)
    assert visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})["Location"] == "/hats/"

    first, second = visitor.get("/hats/").context["hats"]
    assert visitor.post("/hats/", {"hat": str(first.source)})["Location"] == "/company/"
    visitor.post("/hats/", {"hat": str(second.source)})
    assert [str(entry) for entry in AuditEntry.objects.filter(event="hat.changed")] == [
        f"{user.name}切换为人事聘用管理员 {second.actor.company_name}"
    ]


# login to 工地端


def test_pm_of_filed_contract_enters_and_chooses(cast, visitor):
    pm = cast.gc_pm
    person = Person.objects.get(pk=pm.person_id)
    assert enter_site(visitor, person)["Location"] == "/hats/"

    (hat,) = visitor.get("/hats/").context["hats"]
    assert hat.actor == pm and hat.filing.number.startswith("HT")
    visitor.post("/hats/", {"hat": str(hat.source)})
    assert visitor.get("/account/").wsgi_request.actor == pm


def test_ended_session_returns_to_its_page(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    doors = visitor.get("/?next=/stays/desk/queue/%3Fplace%3D1").content.decode()
    assert 'href="/login/site/?next=/stays/desk/queue/%3Fplace%3D1"' in doors
    assert enter_site(visitor, person, next="/stays/desk/queue/?place=1")["Location"] == "/hats/"
    (hat,) = visitor.get("/hats/").context["hats"]
    assert visitor.post("/hats/", {"hat": str(hat.source)})["Location"] == "/stays/desk/queue/?place=1"


def test_dynamic_code_is_valid_all_day(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    enter_site(visitor, person)
    fields = {"user_type": "pm", "id_number": person.id_number.plain, "phone": person.phone.plain}
    fields |= {"code": visitor.sms()}
    on_the_phone = type(visitor)()
    answer = on_the_phone.post("/login/site/", fields | {"picture_code": on_the_phone.solve()})
    assert answer["Location"] == "/hats/"


def test_user_without_contract_gets_R_15_and_hints(cast, visitor):
    answer = enter_site(visitor, cast.zhang)
    assert [item.sentence for item in answer.context["refusals"]] == [
        "未找到合同：请核对登录角色；请企业确认已将您报送为项目负责人；或请项目负责人授权"
    ]
    assert not User.objects.filter(person=cast.zhang).exists()


@pytest.mark.parametrize("user_type", ["operator", "pm"])
def test_named_person_with_another_phone_is_refused(cast, visitor, user_type):
    mine, himself = "15499888777", cast.himself()
    if user_type == "operator":
        cast.operator(cast.zhang.name)
        Grant.objects.update(phone_digest=blind_index("phone", mine))
    else:
        filing = cast.filing(cast.gc_place, cast.zhang.name)
        filing.pm_phone, filing.pm_phone_digest = mine, blind_index("phone", mine)
        filing.save()
    assert enter_site(visitor, cast.zhang, phone=mine, user_type=user_type)["Location"] == "/hats/"

    page = visitor.get("/hats/")
    assert (len(page.context["hats"]), page.context["elsewhere"]) == (1, [])
    visitor.post("/hats/", {"hat": str(himself.person_id)})
    assert visitor.get("/account/").wsgi_request.actor is None


def test_pm_with_own_phone_is_person_as_well(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    enter_site(visitor, person)
    assert [hat.actor.person_id for hat in visitor.get("/hats/").context["elsewhere"]] == [person.pk]


def test_pm_with_unfiled_phone_gets_R_15(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    assert enter_site(visitor, person, phone="15488123456").context["refusals"][0].code == "R-15"


def test_wrong_user_type_gets_R_15(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    assert enter_site(visitor, person, user_type="operator").context["refusals"][0].code == "R-15"


def test_draft_contract_gives_no_hat(cast, visitor):
    filing = cast.filing(cast.gc_place, "王总包", status="draft")
    assert enter_site(visitor, filing.pm).context["refusals"][0].code == "R-15"


def test_operator_enters_with_the_ticked_rights(cast, visitor):
    operator = cast.operator(rights=("entry",))
    person = Person.objects.get(pk=operator.person_id)
    assert enter_site(visitor, person, user_type="operator")["Location"] == "/hats/"
    assert [hat.actor for hat in visitor.get("/hats/").context["hats"]] == [operator]


def test_ended_grant_gets_R_16_with_contact(cast, visitor):
    operator = cast.operator()
    yesterday = timezone.localdate() - timedelta(days=1)
    Grant.objects.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    person = Person.objects.get(pk=operator.person_id)

    answer = enter_site(visitor, person, user_type="operator")

    assert [item.sentence for item in answer.context["refusals"]] == ["授权已到期，请项目负责人重新授权"]
    assert answer.context["whom_to_ask"] == [{"project": "滨江一期", "giver": "王总包", "ended": yesterday}]
    assert "王总包" in answer.content.decode()


def test_user_without_post_reads_R_42(cast):
    stranger = client_of(cast.hr)
    User.objects.get(pk=cast.hr.user_id).posts.all().delete()
    page = stranger.get("/hats/")

    assert (page.context["hats"], [item.code for item in page.context["refusals"]]) == ([], ["R-42"])
    assert "whom_to_ask" not in page.context
    assert "本企业法人或系统管理员" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"id_number": "110101199001011230"}, "id_number", "（R-03）"),
        ({"phone": "1381234"}, "phone", "手机号应为 11 位（R-13）"),
        ({"picture_code": "ZZZZ"}, "picture_code", "（L-04）"),
    ],
)
def test_error_stands_at_its_field_and_input_stays(cast, visitor, typed, field, message):
    answer = ask_at_site(visitor, cast.zhang, **typed)
    assert answer.status_code == 422
    assert message in answer.context["form"].errors[field][0]
    expected = {"id_number": cast.zhang.id_number.plain, "phone": cast.zhang.phone.plain} | typed
    assert {name: answer.context["form"].data[name] for name in ("id_number", "phone")} == {
        name: expected[name] for name in ("id_number", "phone")
    }
    assert not OutboxMessage.objects.exists()


def test_picture_is_valid_once_and_waived_later(cast, visitor):
    for _ in range(2):
        assert ask_at_site(visitor, cast.zhang, picture_code="ZZZZ").status_code == 422
    page = visitor.get("/login/site/")
    assert page.context["wants_picture"] is False
    assert ask_at_site(visitor, cast.zhang, picture_code="").status_code == 200
    assert OutboxMessage.objects.count() == 1


def test_fifth_wrong_dynamic_code_voids_it(cast, visitor):
    person = Person.objects.get(pk=cast.gc_pm.person_id)
    ask_at_site(visitor, person)
    right = visitor.sms()
    fields = {"user_type": "pm", "id_number": person.id_number.plain, "phone": person.phone.plain}
    for _ in range(5):
        assert visitor.post("/login/site/", fields | {"code": f"{int(right) ^ 1:06d}"}).status_code == 422
    from shiming.accounts.models import Attempt

    Attempt.objects.all().delete()
    assert visitor.post("/login/site/", fields | {"code": right}).status_code == 422


# login to 个人端


def test_first_phone_login_asks_for_last_four(cast, visitor):
    assert enter_person(visitor, cast.zhang)["Location"] == "/login/person/number/"
    wrong = visitor.post("/login/person/number/", {"last_four": "0000"})
    assert "L-09" in wrong.context["form"].errors["last_four"][0]
    visitor.post("/login/person/number/", {"last_four": cast.zhang.id_number.plain[-4:]})
    assert visitor.get("/account/").wsgi_request.actor.person_id == cast.zhang.pk


def test_next_phone_login_needs_only_the_code(cast, visitor):
    cast.himself()
    enter_person(visitor, cast.zhang)
    assert visitor.get("/account/").wsgi_request.actor == cast.himself()


def test_shared_phone_asks_for_last_four(cast, visitor):
    other = cast.person("李四", phone=cast.zhang.phone.plain)
    cast.himself(), cast.himself(other)
    assert enter_person(visitor, cast.zhang)["Location"] == "/login/person/number/"
    visitor.post("/login/person/number/", {"last_four": other.id_number.plain[-4:]})
    assert visitor.get("/account/").wsgi_request.actor == cast.himself(other)


def test_unknown_phone_gets_code_and_registration(visitor):
    visitor.post("/login/person/", {"phone": "15488000001"})
    answer = visitor.post("/login/person/code/", {"code": visitor.sms()})
    assert answer["Location"] == "/m/register/"


def test_code_belongs_to_the_browser_that_asked(cast, visitor):
    cast.himself()
    visitor.post("/login/person/", {"phone": cast.zhang.phone.plain})
    thief = type(visitor)()
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    session = thief.session
    session["asked_phone"] = visitor.session["asked_phone"]
    session.save()
    assert thief.post("/login/person/code/", {"code": visitor.sms()}).status_code == 422


def test_session_holds_no_plain_phone_number(cast, visitor):
    enter_person(visitor, cast.zhang)
    assert cast.zhang.phone.plain not in str(dict(visitor.session))


# end of sessions


def inside(cast, visitor):
    person = Person.objects.get(pk=cast.operator().person_id)
    enter_site(visitor, person, user_type="operator")
    visitor.post("/hats/", {"hat": str(visitor.get("/hats/").context["hats"][0].source)})
    assert visitor.get("/account/").status_code == 200
    return person


def test_revoked_grant_ends_the_session(cast, visitor):
    from shiming.projects.commands import revoke_grant

    inside(cast, visitor)
    revoke_grant(Grant.objects.get(), by=cast.gc_pm)
    away = visitor.get("/account/")["Location"]
    assert away == "/login/site/?next=/account/"
    assert [str(each) for each in visitor.get(away).context["messages"]] == ["授权已收回，请项目负责人重新授权"]


def test_expired_grant_removes_the_hat(cast, visitor):
    inside(cast, visitor)
    session = visitor.session
    session["hat"] |= {"ends_on": str(timezone.localdate() - timedelta(days=1))}
    session.save()
    Grant.objects.update(starts_on=timezone.localdate() - timedelta(9), ends_on=timezone.localdate() - timedelta(1))
    assert visitor.get("/home/")["Location"] == "/hats/"
    page = visitor.get("/hats/")
    assert [item.code for item in page.context["refusals"]] == ["R-16"]
    assert page.context["whom_to_ask"][0]["giver"] == "王总包"


def test_firm_leaving_the_site_ends_its_sessions(cast, visitor):
    from shiming.projects.commands import leave

    inside(cast, visitor)
    leave(Participation.objects.get(pk=cast.gc_place.pk), by=cast.admin)
    assert visitor.get("/account/")["Location"] == "/login/site/?next=/account/"


def test_idle_session_expires(cast, visitor):
    inside(cast, visitor)
    session = visitor.session
    session["seen_at"] -= 2 * 3600 + 1
    session.save()
    assert visitor.get("/account/")["Location"] == "/login/site/?next=/account/"


def test_hat_costs_two_queries(cast, visitor, django_assert_num_queries):
    inside(cast, visitor)
    with django_assert_num_queries(2):
        visitor.get("/home/")


def test_login_gets_a_new_session_key(cast, visitor):
    visitor.solve()
    before = visitor.session.session_key
    enter_person(visitor, cast.zhang)
    visitor.post("/login/person/number/", {"last_four": cast.zhang.id_number.plain[-4:]})
    assert visitor.session.session_key != before


def test_forged_forwarded_address_is_ignored(cast, visitor):
    visitor.post("/login/company/", {"username": "nobody", "password": "x"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert AuditEntry.objects.get(event="login.failed").address == "127.0.0.1"
    assert blind_index("address", "203.0.113.9") not in AuditEntry.objects.values_list("address", flat=True)
