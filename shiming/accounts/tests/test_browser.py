"""The entrances in a real browser; Chromium provides a virtual authenticator for passkeys."""

import pytest
from playwright.sync_api import expect

from shiming.accounts.models import Passkey, User
from shiming.accounts.tests.conftest import PASSWORD, with_password


@pytest.fixture
def page(live, window):
    """A PC with a fingerprint reader. Passkeys need a host name, so it opens localhost, not 127.0.0.1."""
    page = window("desk")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    page.authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.devtools = devtools
    page.home = live.url.replace("127.0.0.1", "localhost")
    return page


def give_password(page, user):
    page.goto(page.home + "/login/company/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def enrol(page, user):
    give_password(page, user)
    expect(page.get_by_role("heading", name="设置第二重验证")).to_be_visible()
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.get_by_role("heading", name="请收好恢复码")).to_be_visible()
    page.get_by_role("link", name="已经收好，继续").click()
    expect(page.get_by_role("button", name="退出")).to_be_visible()


def test_passkey_is_set_up_and_used_again(live, page):
    user = with_password(live.cast.hr)
    enrol(page, user)
    page.get_by_role("button", name="退出").click()

    give_password(page, user)
    page.get_by_role("button", name="用通行密钥验证").click()

    expect(page.get_by_role("button", name="退出")).to_be_visible()
    passkey = Passkey.objects.get(user=user)
    assert (passkey.name, passkey.last_used_at is not None, passkey.sign_count > 0) == ("办公室电脑", True, True)


def test_passkey_of_another_person_is_refused(live, page):
    enrol(page, with_password(live.cast.hr))
    page.get_by_role("button", name="退出").click()
    stolen = Passkey.objects.get()
    other = with_password(live.cast.gc_hr)
    Passkey(user=other, credential_id=b"another", public_key=bytes(stolen.public_key), name="别的").save()

    give_password(page, other)
    page.get_by_role("button", name="用通行密钥验证").click()

    expect(page.get_by_text("没有完成。可以再试一次，或用其他方式。")).to_be_visible()


def test_copied_passkey_is_refused_by_its_counter(live, page):
    user = with_password(live.cast.hr)
    enrol(page, user)
    page.get_by_role("button", name="退出").click()
    Passkey.objects.update(sign_count=1_000_000)

    give_password(page, user)
    page.get_by_role("button", name="用通行密钥验证").click()

    expect(page.get_by_text("第二重验证没有通过")).to_be_visible()
    assert User.objects.get(pk=user.pk).last_login is not None


def test_picture_changes_and_resend_button_waits(live, page):
    page.goto(page.home + "/login/site/")
    picture = page.locator("[data-picture]")
    before = picture.get_attribute("src")
    page.get_by_role("button", name="换一张").click()
    expect(picture).not_to_have_attribute("src", before)

    page.goto(page.home + "/login/person/")
    page.get_by_label("手机号").fill("15488000001")
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("button", name="秒后可重发")).to_be_disabled()


def test_pm_chooses_contract_and_header_names_site(live, window):
    page = window("phone", live.cast.gc_pm)
    page.goto("/hats/")
    page.get_by_role("button", name="进入").click()
    expect(page).to_have_url(live.url + "/site/")
    expect(page.get_by_text("滨江一期").first).to_be_visible()
    page.goto("/hats/")
    page.get_by_role("button", name="个人端").click()
    expect(page).to_have_url(live.url + "/m/")
