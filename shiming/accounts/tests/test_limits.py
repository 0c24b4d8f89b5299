"""Limits of failed logins and of messages."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from shiming.accounts import sessions, throttle
from shiming.accounts.models import Attempt, User
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.core.errors import Refused
from shiming.outbox.commands import send
from shiming.outbox.models import OutboxMessage

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def failed(times: int, account: str = "a", at=NOW, every=timedelta(minutes=1)):
    for number in range(times):
        throttle.begin(account, at - every * (times - 1 - number))


def minutes_locked(account: str, at) -> int:
    try:
        throttle.begin(account, at)
    except Refused as refused:
        assert refused.codes == ["L-02"]
        return int("".join(filter(str.isdigit, refused.refusals[0].sentence)))
    return 0


@pytest.mark.parametrize(("failures", "locked"), [(0, 0), (4, 0), (5, 15)])
def test_five_failures_lock_for_fifteen_minutes(failures, locked):
    failed(failures)
    assert minutes_locked("a", NOW) == locked


def test_lock_ends_by_itself():
    failed(5)
    assert minutes_locked("a", NOW + timedelta(minutes=14, seconds=59)) == 1
    assert minutes_locked("a", NOW + timedelta(minutes=15)) == 0


def test_five_failures_in_a_day_do_not_lock():
    failed(5, every=timedelta(hours=2))
    assert minutes_locked("a", NOW) == 0


def test_failures_do_not_lock_another_account():
    failed(5)
    assert minutes_locked("b", NOW) == 0


def test_failures_of_one_address_are_limited(rf):
    from shiming.core.audit import Origin, origin

    token = origin.set(Origin("203.0.113.9", ""))
    try:
        for number in range(throttle.PER_ADDRESS.most):
            throttle.begin(f"account-{number}", NOW)
        assert minutes_locked("another", NOW) == 15
    finally:
        origin.reset(token)


def wrong(client, username="user-1", **typed):
    return client.post("/login/company/", {"username": username, "password": "wrong"} | typed)


@pytest.mark.parametrize("known", [True, False])
def test_picture_follows_three_failures_lock_five(cast, visitor, known):
    username = with_password(cast.hr).username if known else "nobody"
    for _ in range(3):
        page = wrong(visitor, username)
    assert page.context["wants_picture"] is True
    assert "（L-10）" in wrong(visitor, username).context["form"].errors["picture_code"][0]
    for _ in range(2):
        wrong(visitor, username, picture_code=visitor.solve())
    page = visitor.post(
        "/login/company/", {"username": username, "password": PASSWORD, "picture_code": visitor.solve()}
    )
    assert page.context["form"].non_field_errors() == [
        "错误次数过多，请 15 分钟后再试（L-02）稍候再试；急用请联系管理员"
    ]


def test_known_browser_stays_usable_during_guesses(cast, visitor, app_secret):
    user = with_password(cast.hr, app_secret)
    typed = {"username": user.username, "password": PASSWORD}
    visitor.post("/login/company/", typed)
    visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})
    visitor.post("/logout/")

    failed(5, throttle.account_key("staff", user.username), timezone.now(), timedelta(seconds=1))

    stranger = Client()
    assert stranger.post("/login/company/", typed).status_code == 422
    assert visitor.post("/login/company/", typed)["Location"] == "/login/second-factor/"


def test_success_resets_the_failures(cast, visitor):
    user = with_password(cast.hr)
    wrong(visitor, user.username)
    visitor.post("/login/company/", {"username": user.username, "password": PASSWORD})
    assert not Attempt.objects.exists()


def test_typed_password_is_kept_nowhere(visitor):
    wrong(visitor, "我的密码 123")
    from shiming.core.models import AuditEntry

    kept = [str(row.__dict__) for model in (Attempt, AuditEntry) for row in model.objects.all()]
    assert len(kept) == 2 and not any("我的密码" in row for row in kept)


# messages


def sent_before(phone: str, *ages: timedelta):
    for age in ages:
        message = send(phone, "x", "notice")
        OutboxMessage.objects.filter(pk=message.pk).update(created_at=timezone.now() - age, purpose="code-person")


def outcome_of(phone: str, purpose: str = "code-person") -> str:
    try:
        send(phone, "x", purpose)
    except Refused as refused:
        return str(refused)
    return ""


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("ages", "answer"),
    [
        ([], ""),
        ([timedelta(seconds=5)], "短信发送太频繁，请 54 秒后再获取"),
        ([timedelta(seconds=61)], ""),
        ([MINUTE * n for n in (2, 4, 6, 8, 10)], "短信发送太频繁，请 50 分钟后再获取"),
        ([HOUR * n for n in range(2, 11)], ""),
        ([HOUR * n for n in range(2, 12)], "短信发送太频繁，请 13 小时后再获取"),
    ],
)
def test_messages_are_limited_per_minute_hour_day(ages, answer):
    sent_before("15488000001", *ages)
    assert outcome_of("15488000001") == answer
    assert outcome_of("15488000002") == ""


def test_codes_do_not_hold_back_notices():
    sent_before("15488000001", timedelta(seconds=5))
    assert outcome_of("15488000001", "notice") == ""


def test_codes_of_two_doors_count_apart():
    sent_before("15488000001", *(HOUR * n for n in range(2, 12)))
    assert outcome_of("15488000001") != ""
    assert outcome_of("15488000001", "code-site") == ""


def test_fourth_request_of_address_needs_picture(visitor):
    def ask(number, **typed):
        return visitor.post("/login/person/", {"phone": f"1548800000{number}"} | typed)

    assert [ask(number).status_code for number in range(3)] == [302, 302, 302]
    refused = ask(3)
    assert "（L-10）" in refused.context["form"].errors["picture_code"][0]
    assert "data-picture" in refused.content.decode()
    assert "（L-04）" in ask(3, picture_code="wrong").context["form"].errors["picture_code"][0]
    assert OutboxMessage.objects.count() == 3
    assert ask(3, picture_code=visitor.solve()).status_code == 302

    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert "data-picture" not in visitor.get("/login/person/").content.decode()


def test_phone_code_keeps_last_four_failures(cast, visitor):
    for _ in range(5):
        visitor.post("/login/person/", {"phone": cast.zhang.phone.plain})
        visitor.post("/login/person/code/", {"code": visitor.sms()})
        assert visitor.post("/login/person/number/", {"last_four": "0000"}).status_code == 422
        OutboxMessage.objects.update(created_at=timezone.now() - timedelta(hours=2))
    page = visitor.post("/login/person/number/", {"last_four": cast.zhang.id_number.plain[-4:]})
    assert "（L-02）" in page.context["form"].non_field_errors()[0]


def test_refused_message_keeps_the_earlier_code(cast, visitor):
    cast.himself()
    visitor.post("/login/person/", {"phone": cast.zhang.phone.plain})
    code = visitor.sms()
    page = visitor.post("/login/person/", {"phone": cast.zhang.phone.plain})
    assert "（L-03）" in page.context["form"].non_field_errors()[0]
    assert visitor.post("/login/person/code/", {"code": code}).status_code == 302


def test_new_code_voids_the_earlier_one(cast, visitor):
    cast.himself()
    visitor.post("/login/person/", {"phone": cast.zhang.phone.plain})
    old = visitor.sms()
    OutboxMessage.objects.update(created_at=timezone.now() - 2 * MINUTE)
    visitor.post("/login/person/code/again/")
    new = visitor.sms()
    if old != new:
        assert visitor.post("/login/person/code/", {"code": old}).status_code == 422
    assert visitor.post("/login/person/code/", {"code": new}).status_code == 302


def test_known_and_unknown_phone_read_same_answer(cast):
    def answer(phone):
        page = Client().post("/login/person/", {"phone": phone}, follow=True)
        return page.status_code, page.redirect_chain, len(page.content)

    cast.himself()
    assert answer(cast.zhang.phone.plain) == answer("15488000009")


@pytest.mark.parametrize("username", ["user-1", "nobody"])
def test_unknown_name_costs_as_much_work(cast, visitor, monkeypatch, username):
    user = with_password(cast.hr)
    hashed = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *given: hashed.append(1) or verify(*given))
    wrong(visitor, user.username if username == "user-1" else username)
    assert len(hashed) == 1


def test_demonstration_login_is_refused_elsewhere(cast, rf):
    request = rf.post("/")
    with pytest.raises(PermissionDenied):
        sessions.login(request, User.objects.get(pk=cast.hr.user_id), cast.hr)
