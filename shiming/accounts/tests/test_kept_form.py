"""A form sent after the login had expired: it is there again after the next login, for its user alone."""

import re
import time
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.core.actor import Role
from shiming.desk.tests.test_commands import under
from shiming.web.refill import refilled
from tests.cast import invented_id
from tests.doors import client_of

BACK = "登录已过期，刚才没有提交；填过的都还在下面"
IRREGULAR = "/stays/desk/irregular/"


class Typed(HTMLParser):
    """The values of the inputs of a page by name, as a browser would send them."""

    def __init__(self, page: str):
        super().__init__()
        self.values: dict[str, str] = {}
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self.inside = name
        elif tag == "textarea":
            self.inside, self.values[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.values[self.inside] = given["value"]
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.values[name] = given.get("value") or "on"
        elif tag == "input":
            self.values[name] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.inside = ""

    def handle_data(self, data):
        if self.lasttag == "textarea" and self.inside:
            self.values[self.inside] = data


def lose_session(browser) -> None:
    del browser.cookies[settings.SESSION_COOKIE_NAME]


def log_in_again(browser, actor) -> None:
    """The session of a new login, in the browser that keeps its session of before the login."""
    visitor, now = browser.session, int(time.time())
    for name, value in client_of(actor).session.items():
        visitor[name] = value
    visitor["seen_at"] = now
    visitor.save()


def irregular(cast) -> dict:
    given = {"number": invented_id(460), "name": "新来的", "sex": "1", "birth_date": "1985-03-12"}
    given |= {"ethnicity": "汉族", "register_address": "某省某县<1>号", "issuer": "某县公安局"}
    given |= {"valid_from": "2015-01-01", "valid_to": "2035-01-01", "place": f"{cast.labour_place.pk}"}
    given |= {"is_leader": "yes", "off_site": "on", "off_site_leader": "王队长", "phone": "15400000001"}
    return given | {"education": "高中", "trade": "钢筋工", "on": f"{timezone.localdate()}"}


@pytest.fixture
def desk(cast):
    assert cast.labour_place and cast.gc_pm
    under(cast, "site_direct")
    return cast


def test_irregular_registration_survives_the_end_of_the_session(desk):
    browser, typed = client_of(desk.gc_pm), irregular(desk)
    browser.get(IRREGULAR)
    lose_session(browser)
    away = browser.post(IRREGULAR, typed).url
    assert away == f"/login/site/?next={IRREGULAR}" and "登录已过期" in browser.get(away).content.decode()

    log_in_again(browser, desk.gc_pm)
    page = browser.get(IRREGULAR).content.decode()

    assert page.count(BACK) == 1 and typed.items() <= Typed(page).values.items()
    assert BACK not in browser.get(IRREGULAR).content.decode()


def test_form_comes_back_through_the_real_login(cast, app_secret):
    user = with_password(cast.hr, app_secret)
    browser = client_of(cast.hr)
    browser.get("/employments/new/")
    session = browser.session
    session["seen_at"] = int(time.time()) - 31 * 60  # the idle limit of 企业端 is 30 minutes
    session.save()
    away = browser.post("/employments/new/", {"name": "张三", "number": "1101"}).url
    following = parse_qs(urlsplit(away).query)["next"][0]
    browser.post("/login/company/", {"username": user.username, "password": PASSWORD, "next": following})
    inside = browser.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})

    page = browser.get(inside.url).content.decode()

    assert inside.url == "/employments/new/" and BACK in page
    assert {"name": "张三", "number": "1101"}.items() <= Typed(page).values.items()


def test_another_user_of_the_same_computer_sees_nothing(desk):
    browser = client_of(desk.gc_pm)
    browser.get(IRREGULAR)
    lose_session(browser)
    browser.post(IRREGULAR, irregular(desk))

    log_in_again(browser, desk.specialist_pm)
    page = browser.get(IRREGULAR).content.decode()

    assert "新来的" not in page and BACK not in page


def test_nothing_is_kept_after_logout_or_of_a_password(desk):
    browser = client_of(desk.gc_pm)
    browser.get(IRREGULAR)
    browser.post("/logout/")
    browser.post(IRREGULAR, irregular(desk))
    assert "kept_form" not in browser.session

    browser = client_of(desk.hr)
    browser.get("/account/password/")
    lose_session(browser)
    browser.post("/account/password/", {"password": "一句话", "new_password": "另一句话"})
    assert "kept_form" not in browser.session


def test_lookup_while_typing_brings_back_the_whole_form(desk):
    browser, typed = client_of(desk.gc_pm), irregular(desk)
    browser.get("/stays/desk/")
    lose_session(browser)
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/stays/desk/", "X-Form": IRREGULAR}
    away = browser.post("/stays/desk/who/", typed, headers=asked)
    assert (away.status_code, away.headers["HX-Redirect"]) == (204, f"/login/site/?next={IRREGULAR}")

    log_in_again(browser, desk.gc_pm)
    assert typed.items() <= Typed(browser.get(IRREGULAR).content.decode()).values.items()


FORMS = {
    "legal_rep": ("/staff/new/", {"name": "新人事"}),
    "hr": ("/employments/new/", {"name": "张三", "number": "1101"}),
    "clerk": ("/employments/unread/", {"number": "1101", "name": "没读卡"}),
    "admin": ("/companies/new/", {"name": "新企业有限公司"}),
    "gc_pm": ("/site/operators/new/", {"name": "李操作"}),
    "supervision_pm": ("/site/operators/new/", {"name": "李操作"}),
    "himself": ("/m/employments/{employment}/leave/", {"text": "家里有事"}),
}


@pytest.mark.parametrize("who", FORMS)
def test_form_of_every_role_comes_back(cast, who):
    path, typed = FORMS[who]
    actor = actor_of(cast, who)
    path = path.format(employment=cast.employment().pk)
    browser = client_of(actor)
    assert browser.get(path).status_code == 200
    lose_session(browser)
    away = browser.post(path, typed)
    assert path in away.url

    log_in_again(browser, actor)
    page = browser.get(path).content.decode()
    assert BACK in page and typed.items() <= Typed(page).values.items()


def actor_of(cast, who):
    if who == "legal_rep":
        return cast.staff("孙法人", cast.antai, Role.LEGAL_REP)
    if who == "himself":
        return cast.himself()
    if who == "clerk":
        assert cast.repair_place
    return getattr(cast, who)


def test_only_the_form_with_the_names_is_filled():
    page = '<form method="get"><input name="a"></form><form method="post"><textarea name="a">x</textarea>&amp;</form>'
    filled = refilled(page, {"a": ["1<2"]}, "说明")
    assert filled == (
        '<form method="get"><input name="a"></form><p class="toast-line toast-line--warning" role="alert">说明</p>'
        '<form method="post"><textarea name="a">1&lt;2</textarea>&amp;</form>'
    )
    assert refilled(page, {"b": ["1"]}, "说明") == page


def test_page_with_scripts_and_icons_is_printed_as_it_was(desk):
    page = client_of(desk.gc_pm).get(IRREGULAR).content.decode()
    filled = refilled(page, {"name": [""]}, "说明")
    before, after = (re.findall(r"</?\w+", text) for text in (page, filled))
    assert sorted(after) == sorted([*before, "<p", "</p"]) and filled.count("<!doctype html>") == 1


def test_client_without_a_login_before_is_sent_to_the_entrance_in_silence(db):
    browser = Client()
    away = browser.post(IRREGULAR, {"name": "谁"})
    assert away.url == f"/?next={IRREGULAR}"
    assert "kept_form" not in browser.session
