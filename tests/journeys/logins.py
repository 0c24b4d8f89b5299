"""Logins through the real doors, with passwords, codes and pictures."""

import re

from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from shiming.accounts import captcha
from shiming.accounts.commands import factors
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.people.models import Person

PICTURE = "AB34"


def company(page, actor, sees: str = "聘用管理") -> None:
    """企业端: user name, password, and the six digits of the app; then a menu entry of that role."""
    secret = factors.new_secret()
    user = with_password(actor, secret)
    page.goto("/")
    page.get_by_role("link", name="企业端").first.click()
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()

    page.get_by_label("动态口令").fill(code_of(secret))
    page.get_by_role("button", name="验证").first.click()
    expect(page.get_by_role("navigation", name="主菜单")).to_contain_text(sees)


def site(page, live, actor) -> None:
    """工地端: ID number, phone, picture code, dynamic code; then the contract."""
    site_with_code(page, live, Person.objects.get(pk=actor.person_id), "项目负责人")
    expect(page.get_by_role("heading", level=1)).to_have_text("选择合同")
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("banner")).to_contain_text("当前项目")


def site_with_code(page, live, person, user_type: str) -> None:
    """Fill in 工地端 and press 登录."""
    page.goto("/login/site/")
    _who_at_the_site(page, person, user_type)
    page.get_by_role("button", name="获取动态密码").click()
    expect(page.locator("#flash")).to_contain_text("动态密码已发往该手机号，24 小时内有效。")

    page.get_by_label("动态密码").fill(live.code(person.phone.plain))
    page.get_by_role("button", name="登录", exact=True).click()


def site_again(page, live, actor) -> None:
    """The entrance of 工地端 that a page was sent to: the code of the first login is valid for a day."""
    person = Person.objects.get(pk=actor.person_id)
    _who_at_the_site(page, person, "项目负责人")
    page.get_by_label("动态密码").fill(live.code(person.phone.plain))
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="进入").click()


def _who_at_the_site(page, person, user_type: str) -> None:
    page.get_by_label("用户类型").select_option(label=user_type)
    page.get_by_label("身份证号").fill(person.id_number.plain)
    page.get_by_label("手机号").fill(person.phone.plain)
    page.get_by_label("图形验证码", exact=False).first.fill(_what_the_picture_shows(page))


def person(page, live, phone: str) -> None:
    """个人端: the phone, and the six digits sent to it."""
    page.goto("/login/person/")
    page.get_by_label("手机号").fill(phone)
    if page.locator("[data-picture]").count():  # several people log in from one address
        page.get_by_label("图形验证码", exact=False).first.fill(_what_the_picture_shows(page))
    page.get_by_role("button", name="获取验证码").click()
    expect(page).to_have_url(re.compile("/login/person/code/"))
    page.get_by_label("验证码").fill(live.code(phone))
    page.get_by_role("button", name="登录", exact=True).click()


def _what_the_picture_shows(page) -> str:
    """Put four known characters in the place of the drawn ones, because no test can read the picture."""
    expect(page.locator("[data-picture]")).to_have_js_property("complete", True)
    cookie = next(each for each in page.context.cookies() if "session" in each["name"])
    session = SessionStore(cookie["value"])
    session["picture"] = {"digest": captcha._digest(PICTURE), "at": 9e12}
    session.save()
    return PICTURE
