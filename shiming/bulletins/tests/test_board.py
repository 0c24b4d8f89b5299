"""2-04: the administrator writes, logged-in users read, and visitors read notices marked as public."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shiming.bulletins import commands, queries
from shiming.bulletins.models import STATES, Bulletin, BulletinFile
from shiming.core.environment import environment
from shiming.core.errors import NotAllowed
from shiming.core.models import AuditEntry
from tests.doors import client_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 %%EOF"


def day(ahead: int):
    return timezone.localdate() + timedelta(days=ahead)


def write(cast, title="升级说明", **given) -> Bulletin:
    given = {"category": "通知公告", "body": "第一行\n第二行", "from_day": day(0)} | given
    return commands.publish(title=title, **given, by=cast.admin)


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_visitor_reads_only_what_is_marked_public(cast):
    hidden, shown = write(cast, "内部通知"), write(cast, "开放日", public=True)
    visitor, user = Client(), client_of(cast.hr)
    for page in ("/", "/bulletins/"):
        assert ("开放日" in text(visitor.get(page)), "内部通知" in text(visitor.get(page))) == (True, False)
    assert (
        visitor.get(f"/bulletins/{hidden.pk}/").status_code,
        visitor.get(f"/bulletins/{shown.pk}/").status_code,
    ) == (
        404,
        200,
    )
    assert "内部通知" in text(user.get(f"/bulletins/{hidden.pk}/"))


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("hr", "/company/"),
        ("gc_pm", "/site/"),
        ("supervision_pm", "/site/"),
        ("regulator", "/oversight/"),
        ("himself", "/m/"),
        ("admin", "/admin-tools/"),
    ],
)
def test_start_page_of_every_door_shows_the_newest(cast, who, home):
    actor = getattr(cast, who)
    browser = client_of(actor() if callable(actor) else actor)
    assert "最新信息" not in _main(text(browser.get(home)))
    write(cast)
    assert "升级说明" in text(browser.get(home))


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("given", "shown", "state"),
    [
        ({}, True, "active"),
        ({"until": 0}, True, "active"),
        ({"from_day": 1}, False, "scheduled"),
        ({"from_day": -9, "until": -1}, False, "expired"),
    ],
)
def test_notice_is_shown_from_its_first_to_its_last_day(cast, given, shown, state):
    row = write(cast, **{name: day(ahead) for name, ahead in given.items()})
    assert queries.shown(cast.hr).exists() is shown
    assert row.state == state
    assert {each: queries.board(cast.admin, state=each).count() for each in STATES} == {
        each: int(each == state) for each in STATES
    }


def test_pinned_notices_come_first_and_the_list_is_paged(cast):
    write(cast, "置顶的", pinned=True, from_day=day(-30))
    for number in range(22):
        write(cast, f"第 {number} 条", from_day=day(-number))
    page = text(client_of(cast.hr).get("/bulletins/"))
    assert page.index("置顶的") < page.index("第 0 条") and "第 21 条" not in page
    assert re.search(r"共 <b>23</b>", page)


def test_text_is_printed_as_text(cast):
    row = write(cast, "<b>粗</b>", body="<script>alert(1)</script>\n第二行", public=True)
    for browser in (Client(), client_of(cast.hr), client_of(cast.himself())):
        page = text(browser.get(f"/bulletins/{row.pk}/"))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page and "<b>粗</b>" not in page


def test_administrator_writes_changes_and_withdraws_on_record(cast):
    browser = client_of(cast.admin)
    typed = {"title": "停机维护", "category": "系统维护", "body": "周日零点", "from_day": day(0).isoformat()}
    wrong = browser.post("/admin-tools/bulletins/new/", typed | {"until": day(-1).isoformat()})
    assert wrong.status_code == 422 and "止日早于起日" in wrong.content.decode()
    assert browser.post("/admin-tools/bulletins/new/", typed).status_code == 302
    row = Bulletin.objects.get()
    one = f"/admin-tools/bulletins/{row.pk}/"
    assert browser.post(one, typed | {"title": "维护改期", "version": row.version}).status_code == 302
    late = browser.post(one, typed | {"title": "再改", "version": row.version})
    assert late.status_code == 422 and "内容已被他人更新" in late.content.decode()
    browser.post(f"{one}withdrawal/")
    assert not queries.shown(cast.hr).exists()
    events = AuditEntry.objects.filter(object_id=str(row.pk)).order_by("id").values_list("event", flat=True)
    assert list(events) == ["bulletin.published", "bulletin.changed", "bulletin.withdrawn"]
    with pytest.raises(NotAllowed):
        commands.publish(**(typed | {"from_day": day(0)}), by=cast.hr)


def test_attachment_is_read_by_those_who_read_the_notice(cast):
    row, browser = write(cast), client_of(cast.admin)
    upload = f"/admin-tools/bulletins/{row.pk}/files/"
    bad = browser.post(upload, {"file": SimpleUploadedFile("表.html", b"<html>")})
    assert bad.status_code == 422 and not BulletinFile.objects.exists()
    assert browser.post(upload, {"file": SimpleUploadedFile("表.pdf", PDF)}).status_code == 302
    file = BulletinFile.objects.get()
    address = f"/bulletins/files/{file.pk}/"
    assert Client().get(address).status_code == 404
    answer = client_of(cast.hr).get(address)
    assert answer.content == PDF and answer.headers["Content-Disposition"].startswith("attachment")
    commands.change(row, public=True, by=cast.admin)
    assert Client().get(address).status_code == 200
    commands.withdraw(row, by=cast.admin)
    assert Client().get(address).status_code == 404
    browser.post(f"/admin-tools/bulletins/files/{file.pk}/removal/")
    assert not BulletinFile.objects.exists()


def test_support_of_the_settings_stands_on_every_entrance(cast, monkeypatch):
    monkeypatch.setattr(environment(), "support_phone", "021-00000000")
    monkeypatch.setattr(environment(), "support_address", "滨江路 9 号")
    for page in ("/", "/login/site/", "/login/company/", "/login/oversight/", "/bulletins/"):
        assert all(word in text(Client().get(page)) for word in ("技术支持", "021-00000000", "滨江路 9 号"))
    monkeypatch.setattr(environment(), "support_phone", "")
    monkeypatch.setattr(environment(), "support_address", "")
    assert "技术支持" not in text(Client().get("/"))


def test_empty_board_says_so(cast):
    administrator = client_of(cast.admin)
    assert "没有信息" in text(Client().get("/bulletins/"))
    assert "还没有公告" in text(administrator.get("/admin-tools/bulletins/"))
