"""The login expires while a form is filled: it stands there again after the next login, in the browser."""

from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from shiming.desk.tests.test_commands import under
from tests.cast import invented_id
from tests.journeys import logins

TYPED = {"姓名": "新来的", "户籍地址": "某省某县 1 号", "签发机关": "某县公安局"}


def test_session_ends_while_a_form_is_filled(live, window):
    page, cast = window("desk"), live.cast
    assert cast.labour_place and cast.gc_pm
    under(cast, "site_direct")
    logins.site(page, live, cast.gc_pm)
    page.goto("/stays/desk/irregular/")
    number, main = invented_id(470), page.locator("#main")
    main.get_by_label("身份证号").fill(number)
    for label, value in TYPED.items():
        main.get_by_label(label, exact=False).first.fill(value)
    main.get_by_label("文化程度").select_option(label="高中")
    expect(main.get_by_label("出生日期")).to_have_value("1985-03-12")

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    main.get_by_role("button", name="添加").click()
    expect(page.locator("#flash")).to_contain_text("登录已过期，请重新登录；填过的内容已保留")

    logins.site_again(page, live, cast.gc_pm)

    expect(main).to_contain_text("登录已过期，刚才没有提交；填过的都还在下面")
    expect(main.get_by_label("身份证号")).to_have_value(number)
    for label, value in TYPED.items():
        expect(main.get_by_label(label, exact=False).first).to_have_value(value)
    expect(main.get_by_label("文化程度")).to_have_value("高中")
    expect(main.get_by_label("进场日期")).to_have_value(f"{timezone.localdate()}")
