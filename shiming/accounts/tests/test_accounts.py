"""Accounts opened and closed, one-time links, and keys for other systems."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from shiming.accounts.api_keys import actor_for
from shiming.accounts.commands import factors, keys, users
from shiming.accounts.hats import hats_of
from shiming.accounts.models import ApiKey, InviteLink, Totp, User
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.companies.commands import appoint, close, dismiss_staff
from shiming.companies.models import Staff
from shiming.core.actor import Role
from shiming.core.errors import Conflict, NotAllowed, Refused
from shiming.core.models import AuditEntry
from shiming.presence import codes
from shiming.projects.models import Grant
from shiming.web.reauthentication import MINUTES
from tests.doors import client_of


def legal_rep(cast):
    return cast.staff("赵法人", cast.antai, Role.LEGAL_REP)


def new_hr(cast, username="chen.hr"):
    return users.open_post(cast.antai, username=username, name="陈新", role=Role.HR_OFFICER, by=legal_rep(cast))


def test_every_hat_of_the_cast_is_found(cast):
    actors = [
        *(cast.hr, cast.gc_pm, cast.specialist_pm, cast.supervision_pm, cast.operator(), cast.admin, cast.himself()),
        legal_rep(cast),
    ]
    for actor in actors:
        assert actor in hats_of(User.objects.get(pk=actor.user_id))


def test_hr_officer_sets_password_by_link(cast, visitor):
    staff, token = new_hr(cast)
    assert visitor.get(f"/link/{token}/").status_code == 200
    answer = visitor.post(f"/link/{token}/", {"password": PASSWORD, "again": PASSWORD})

    assert answer["Location"] == "/login/company/"
    assert User.objects.get(pk=staff.user_id).check_password(PASSWORD)
    assert [str(entry) for entry in AuditEntry.objects.order_by("id")] == [
        "赵法人开通账号陈新",
        "赵法人任命陈新为人事聘用管理员",
        "赵法人为陈新开出一次性链接",
        "陈新修改密码",
    ]


def test_link_works_once(cast, visitor):
    _, token = new_hr(cast)
    visitor.post(f"/link/{token}/", {"password": PASSWORD, "again": PASSWORD})
    assert visitor.get(f"/link/{token}/").status_code == 410
    with pytest.raises(Refused, match="链接已失效"):
        users.accept_link(token, PASSWORD)


def test_link_lasts_a_day(cast, visitor):
    _, token = new_hr(cast)
    InviteLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.get(f"/link/{token}/").status_code == 410


def test_new_link_voids_the_earlier_one(cast, visitor):
    staff, first = new_hr(cast)
    second = users.issue_link(staff.user, by=legal_rep(cast))
    assert [visitor.get(f"/link/{token}/").status_code for token in (first, second)] == [410, 200]


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "安泰劳务安泰劳务安泰劳务"])
def test_easy_password_is_refused_and_link_stays(cast, visitor, password):
    _, token = new_hr(cast)
    page = visitor.post(f"/link/{token}/", {"password": password, "again": password})
    assert page.status_code == 422 and page.context["form"].errors["password"]
    assert visitor.get(f"/link/{token}/").status_code == 200


def test_password_may_be_a_long_sentence(cast, visitor):
    _, token = new_hr(cast)
    sentence = "春江潮水连海平，海上明月共潮生。" * 8
    assert visitor.post(f"/link/{token}/", {"password": sentence, "again": sentence}).status_code == 302


def test_legal_representative_names_own_firm_only(cast):
    with pytest.raises(NotAllowed):
        users.open_post(cast.hongji, username="spy", name="探子", role=Role.HR_OFFICER, by=legal_rep(cast))
    assert not User.objects.filter(username="spy").exists()


def test_account_of_another_firm_stays_untouched(cast):
    staff, _ = new_hr(cast)
    Staff.objects.create(user=staff.user, company=cast.hongji, role=Role.HR_OFFICER, since=timezone.localdate())
    with pytest.raises(NotAllowed):
        users.issue_link(staff.user, by=legal_rep(cast))


@pytest.mark.parametrize("username", ["ab", "Ab c", "person-1", "cert-1", "张三", "-x-y"])
def test_user_names_have_a_shape(cast, username):
    with pytest.raises(ValidationError, match="用户名"):
        new_hr(cast, username)


def test_user_name_is_given_once(cast):
    new_hr(cast)
    with pytest.raises(Conflict, match="已有人使用"):
        new_hr(cast)


def test_dismissed_user_is_logged_out(cast):
    staff, _ = new_hr(cast)
    user = staff.user
    (actor,) = hats_of(user)
    browser = client_of(actor)
    assert browser.get("/account/").status_code == 200
    dismiss_staff(staff, by=legal_rep(cast))
    assert browser.get("/account/").status_code == 302
    assert hats_of(User.objects.get(pk=user.pk)) == []


@pytest.mark.parametrize("blow", ["disabled", "password", "company"])
def test_ended_sessions_are_logged_out(cast, blow):
    browser = client_of(cast.hr)
    user = User.objects.get(pk=cast.hr.user_id)
    assert browser.get("/account/").status_code == 200
    if blow == "disabled":
        users.set_active(user, False, by=cast.admin)
    elif blow == "password":
        users.accept_link(users.issue_link(user, by=cast.admin), PASSWORD)
    else:
        close(cast.antai, reason="注销", by=cast.admin)
    assert browser.get("/account/").status_code == 302


def test_password_change_keeps_only_this_session(cast):
    here, there = client_of(cast.hr), client_of(cast.hr)
    with_password(cast.hr)
    here, there = client_of(cast.hr), client_of(cast.hr)
    new = PASSWORD + " 新"
    here.post("/account/password/", {"old": PASSWORD, "password": new, "again": new})
    assert [browser.get("/account/").status_code for browser in (here, there)] == [200, 302]


def test_administrator_opens_accounts_of_every_kind(cast):
    browser = client_of(cast.admin)
    station = cast.station()
    forms = [
        {"username": "legal.one", "name": "法人甲", "role": "legal_rep", "credit_code": cast.antai.credit_code},
        {"username": "watch.one", "name": "监督甲", "role": "regulator_user", "station": str(station.pk)},
        {"username": "admin.two", "name": "管理乙", "role": "sys_admin"},
    ]
    for form in forms:
        page = browser.post("/admin-tools/accounts/new/", form)
        assert "/link/" in page.context["link"], page.context["form"].errors
    roles = [hats_of(User.objects.get(username=form["username"]))[0].role for form in forms]
    assert roles == [Role.LEGAL_REP, Role.REGULATOR, Role.SYS_ADMIN]


@pytest.mark.parametrize(
    ("typed", "field"), [({"role": "hr_officer"}, "credit_code"), ({"role": "regulator_user"}, "station")]
)
def test_account_without_its_place_is_refused(cast, typed, field):
    page = client_of(cast.admin).post("/admin-tools/accounts/new/", {"username": "abc", "name": "甲"} | typed)
    assert page.status_code == 422 and page.context["form"].errors[field]


def test_administrator_clears_factors_of_lost_phone(cast, app_secret):
    user = with_password(cast.hr, app_secret)
    thief = client_of(cast.hr)
    client_of(cast.admin).post(f"/admin-tools/accounts/{user.pk}/factors/")
    assert not Totp.objects.exists()
    assert thief.get("/company/").url == "/?next=/company/"  # the session on the lost phone has ended


def test_administrator_keeps_own_factors(cast):
    with pytest.raises(NotAllowed):
        factors.forget_factors(User.objects.get(pk=cast.admin.user_id), by=cast.admin)


def test_logout_clears_the_browser_cache(cast):
    client = client_of(cast.hr)
    assert client.get("/company/").headers["Cache-Control"] == "private, no-store"

    outside = client.post("/logout/")

    assert outside.headers["Clear-Site-Data"] == '"cache"'


def test_administrator_keeps_own_account(cast):
    with pytest.raises(NotAllowed):
        users.set_active(User.objects.get(pk=cast.admin.user_id), False, by=cast.admin)


def test_last_second_factor_stays(cast, app_secret):
    user = with_password(cast.hr, app_secret)
    with pytest.raises(Conflict, match="最后一种"):
        factors.remove_factor(user, user.totp, by=cast.hr)


def test_first_administrator_gets_link_until_password(db, capsys, visitor):
    call_command("first_admin_link")
    token = capsys.readouterr().out.split("/link/")[1].split("/")[0]
    visitor.post(f"/link/{token}/", {"password": PASSWORD, "again": PASSWORD})
    call_command("first_admin_link")
    assert capsys.readouterr().out == ""
    assert User.objects.get(username="admin").is_admin


# reauthentication


def stale(browser):
    session = browser.session
    session["proved_at"] -= MINUTES * 60 + 1
    session.save()
    return browser


def test_critical_action_asks_again_after_five_minutes(cast, app_secret):
    with_password(cast.hr, app_secret)
    browser = stale(client_of(cast.hr))
    assert browser.get("/account/password/")["Location"] == "/login/again/?next=%2Faccount%2Fpassword%2F"
    answer = browser.post("/login/again/", {"kind": "totp", "code": code_of(app_secret), "next": "/account/password/"})
    assert answer["Location"] == "/account/password/"
    assert browser.get("/account/password/").status_code == 200


def test_person_confirms_identity_by_code(cast, visitor):
    browser = stale(client_of(cast.himself()))
    browser.post("/login/again/code/")
    assert browser.post("/login/again/", {"code": "000000"}).status_code == 422
    assert browser.post("/login/again/", {"code": visitor.sms(), "next": "/account/"})["Location"] == "/account/"


# API keys


def test_firm_key_acts_as_its_maker(cast):
    rep = legal_rep(cast)
    key, text = keys.create_key(name="门禁平台", days=30, by=rep)
    actor = actor_for(text)
    assert (actor.role, actor.company_id, actor.name) == (Role.LEGAL_REP, cast.antai.pk, "赵法人（接口 门禁平台）")
    assert text not in str(ApiKey.objects.values().get())
    assert key.prefix == text[:9]


def test_site_key_has_the_ticked_rights(cast):
    _, text = keys.create_key(name="闸机", days=30, rights=["attendance"], by=cast.gc_pm)
    actor = actor_for(text)
    assert (actor.role, actor.project_id, actor.rights) == (
        Role.SITE_OPERATOR,
        cast.binjiang.pk,
        frozenset({"attendance"}),
    )


@pytest.mark.parametrize("end", ["revoked", "expired", "closed", "disabled", "dismissed"])
def test_key_ends_with_its_source(cast, end):
    rep = legal_rep(cast)
    key, text = keys.create_key(name="门禁平台", days=30, by=rep)
    match end:
        case "revoked":
            keys.revoke_key(key, by=rep)
        case "expired":
            ApiKey.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
        case "closed":
            close(cast.antai, reason="注销", by=cast.admin)
        case "disabled":
            users.set_active(User.objects.get(pk=rep.user_id), False, by=cast.admin)
        case "dismissed":
            client_of(rep)
            dismiss_staff(Staff.objects.get(user=rep.user_id), by=cast.admin)
    assert actor_for(text) is None


@pytest.mark.parametrize("text", ["", "sm_", "sm_" + "x" * 43, "x" * 5000, "Bearer"])
def test_invented_key_has_no_actor(db, text):
    assert actor_for(text) is None


@pytest.mark.parametrize("who", ["hr", "specialist_pm", "himself"])
def test_keys_of_firm_need_its_representative(cast, who):
    actor = cast.himself() if who == "himself" else getattr(cast, who)
    if actor.role is Role.PM:
        assert keys.create_key(name="x", days=1, by=actor)[0].participation_id == actor.participation_id
        return
    with pytest.raises(NotAllowed):
        keys.create_key(name="x", days=1, by=actor)


@pytest.mark.parametrize("who", ["clerk", "implementer"])
def test_key_of_clerk_and_auditor_has_their_role(cast, who):
    maker = getattr(cast, who)
    client_of(maker)
    _, text = keys.create_key(name="劳务平台", days=30, rights=["entry"], by=maker)
    actor = actor_for(text)
    assert (actor.role, actor.company_id, actor.user_id) == (maker.role, maker.company_id, maker.user_id)
    assert (actor.participation_id, actor.rights) == (None, frozenset())
    dismiss_staff(Staff.objects.get(user=maker.user_id), by=cast.admin)
    assert actor_for(text) is None


def test_clerk_sees_and_revokes_own_keys_only(cast):
    clerk, colleague = cast.clerk, cast.staff("卫经办", cast.antai, Role.PARTICIPANT_CLERK)
    own, other = (keys.create_key(name=by.name, days=30, by=by)[0] for by in (clerk, colleague))
    browser = client_of(clerk)
    page = browser.get("/keys/").content.decode()
    assert "冯经办" in page and "卫经办" not in page
    assert browser.post(f"/keys/{other.pk}/removal/").status_code == 404
    assert browser.post(f"/keys/{own.pk}/removal/").status_code == 302
    with pytest.raises(NotAllowed):
        keys.revoke_key(other, by=clerk)


def test_legal_representative_revokes_the_clerks_key(cast):
    key, text = keys.create_key(name="劳务平台", days=30, by=cast.clerk)
    assert client_of(legal_rep(cast)).post(f"/keys/{key.pk}/removal/").status_code == 302
    assert actor_for(text) is None


def test_key_is_shown_once(cast):
    browser = client_of(legal_rep(cast))
    page = browser.post("/keys/new/", {"name": "门禁平台", "days": 90})
    text = page.context["text"]
    assert text in page.content.decode()
    assert text not in browser.get("/keys/").content.decode()


def test_another_firm_cannot_revoke_the_key(cast):
    key, _ = keys.create_key(name="门禁平台", days=30, by=legal_rep(cast))
    stranger = cast.staff("钱法人", cast.yuanda, Role.LEGAL_REP)
    assert client_of(stranger).post(f"/keys/{key.pk}/removal/").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


# refusals


@pytest.mark.parametrize(
    "path",
    [
        *("/account/", "/account/password/", "/hats/", "/home/", "/staff/", "/staff/new/", "/keys/", "/keys/new/"),
        *("/admin-tools/accounts/", "/admin-tools/accounts/new/", "/admin-tools/messages/", "/login/again/"),
    ],
)
def test_anonymous_visitors_are_sent_to_an_entrance(visitor, path):
    assert visitor.get(path)["Location"].startswith("/?next=")


def test_ended_session_moves_whole_page_to_entrance(visitor):
    page = "http://testserver/stays/desk/queue/?place=1&on=2026-01-31"
    asked = visitor.post("/stays/desk/who/", headers={"HX-Request": "true", "HX-Current-URL": page})
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked["HX-Redirect"] == "/?next=/stays/desk/queue/%3Fplace%3D1%26on%3D2026-01-31"
    elsewhere = visitor.post("/keys/", headers={"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/x"})
    assert elsewhere["Location"] == "/?next=/keys/"


@pytest.mark.parametrize("path", ["/staff/", "/keys/", "/admin-tools/accounts/", "/admin-tools/messages/"])
def test_refused_worker_is_recorded_in_trail(cast, path):
    assert client_of(cast.himself()).get(path).status_code == 403
    assert "访问被拒" in str(AuditEntry.objects.get(event="access.denied"))


def test_grant_of_another_site_gives_no_hat(cast, visitor):
    operator = cast.operator()
    Grant.objects.update(revoked_at=timezone.now())
    browser = client_of(cast.himself())
    browser.post("/hats/", {"hat": str(Grant.objects.get().pk)})
    assert browser.get("/account/").wsgi_request.actor == cast.himself()
    assert operator not in hats_of(User.objects.get(pk=operator.user_id))


def test_phone_login_does_not_reach_the_site(cast):
    pm = cast.gc_pm
    from shiming.accounts.hats import offers

    user = User.objects.get(pk=pm.user_id)
    own = next(hat for hat in offers(user) if hat.actor.role is Role.PERSON)
    site = next(hat for hat in offers(user) if hat.actor.role is Role.PM)
    browser = client_of(own.actor)
    browser.post("/hats/", {"hat": str(site.source)})
    assert browser.get("/account/").wsgi_request.actor == own.actor


def test_page_of_an_earlier_hat_is_refused(cast, settings):
    """A page left open in another tab after a change of role acts on neither project."""
    pm, other = cast.gc_pm, cast.filing(cast.stranger_place, "王总包")
    cast.assignment()
    browser = client_of(pm, enforce_csrf_checks=True)
    browser.get("/site/scan/")
    before = browser.cookies[settings.CSRF_COOKIE_NAME].value

    browser.post("/hats/", {"hat": str(other.pk), "csrfmiddlewaretoken": before})
    assert browser.get("/site/scan/").wsgi_request.actor.project_id == cast.chengdong.pk
    scan = {"code": codes.personal_code(cast.zhang.pk), "csrfmiddlewaretoken": before}
    stale = browser.post("/site/scan/entry/", scan)
    assert (stale.status_code, "页面已过期，请重新提交" in stale.content.decode()) == (403, True)


@pytest.mark.parametrize(("company", "offered"), [("antai", False), ("anju", True), ("hongji", True)])
def test_auditors_are_named_by_an_implementing_company_only(cast, company, offered):
    """By its kind, or by its place on a site [004]."""
    cast.participation(cast.yanhe, cast.hongji, "implementing")
    company = getattr(cast, company)
    legal = cast.staff(f"{company}法人", company, Role.LEGAL_REP)
    page = client_of(legal).get("/staff/new/").content.decode()
    assert "参建单位经办" in page and ("实施单位审核员" in page) is offered

    typed = {"name": "新审核", "username": "new-auditor", "role": "implementer"}
    answer = client_of(legal).post("/staff/new/", typed)
    assert (answer.status_code, Staff.objects.filter(role="implementer").exists()) == (200 if offered else 422, offered)


def test_appointing_an_auditor_elsewhere_is_refused_by_the_command(cast):
    with pytest.raises(Conflict):
        appoint(cast.antai, cast.user("新审核"), Role.IMPLEMENTER, by=cast.admin)
