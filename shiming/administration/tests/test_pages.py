"""The administrator's pages: dictionaries, imports, the trail, the start page."""

import re

import pytest
from django.db import transaction

from shiming.accounts import sessions
from shiming.accounts.authenticators.proof import tell_failure
from shiming.accounts.models import User
from shiming.administration import queries, scheduled_jobs
from shiming.administration.console import jobs
from shiming.companies import commands as companies
from shiming.core import seals
from shiming.core.actor import Door
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.dictionaries.models import DictionaryEntry
from shiming.web.trail import as_whom
from tests.doors import client_of

PAGES = [
    "/admin-tools/",
    "/admin-tools/dictionaries/",
    "/admin-tools/dictionaries/position/",
    "/admin-tools/trail/",
    "/admin-tools/jobs/",
]


@pytest.mark.parametrize("path", PAGES)
def test_only_administrator_opens_the_pages(cast, path):
    assert client_of(cast.admin).get(path).status_code == 200
    for actor in (cast.hr, cast.gc_pm, cast.regulator()):
        assert client_of(actor).get(path).status_code == 403


def test_unknown_dictionary_or_sheet_is_not_found(cast):
    admin = client_of(cast.admin)
    for path in ("/admin-tools/dictionaries/nothing/", "/imports/nothing/", "/imports/nothing/template/"):
        assert admin.get(path).status_code == 404


def test_position_is_limited_renamed_and_retired(cast):
    admin = client_of(cast.admin)
    entry = DictionaryEntry.objects.get(table="position", code="安全员")
    asked = {"label": "专职安全员", "order": 40, "one_per": "project", "national": "1018"}
    assert admin.post(f"/admin-tools/dictionaries/position/{entry.pk}/", asked).status_code == 302

    entry.refresh_from_db()
    assert (entry.code, entry.label, entry.active) == ("安全员", "专职安全员", False)
    assert entry.extra == {"national": "1018", "one_per": "project"}
    assert admin.post("/admin-tools/dictionaries/position/new/", {"label": ""}).status_code == 422
    assert admin.post("/admin-tools/dictionaries/position/new/", {"label": "塔吊指挥"}).status_code == 302
    assert "塔吊指挥" in admin.get("/admin-tools/dictionaries/position/").content.decode()


def test_trail_is_filtered_by_actor_person_firm_kind(cast):
    companies.change(cast.antai, by=cast.admin, address="听澜大道 2 号")
    companies.change(cast.hongji, by=cast.admin, address="望海路 9 号")
    companies.appoint(cast.antai, cast.user("新人"), "hr_officer", by=cast.admin)

    def found(**asked):
        return {str(entry) for entry in queries.trail(cast.admin, **asked)}

    antai = "系统管理员修改企业安泰劳务：注册地址"
    assert found(kind="company") == {antai, "系统管理员修改企业宏基总包：注册地址"}
    assert found(kind="company", company="安泰") == {antai}
    assert found(by="系统管理", company=cast.antai.credit_code, kind="staff") == {"系统管理员任命新人为人事聘用管理员"}
    assert found(person="没有这个人") == set()


def test_trail_shows_how_far_it_is_sealed(cast):
    companies.change(cast.antai, by=cast.admin, address="听澜大道 2 号")
    trail = seals.CHAINS["trail"]
    seals.seal(trail, seals.mark(trail).number)
    companies.change(cast.antai, by=cast.admin, address="听澜大道 3 号")
    page = client_of(cast.admin).get("/admin-tools/trail/").content.decode()

    assert "已封存" in page and "待封存" in page
    assert queries.sealing().batches == 1 and queries.sealing().waiting >= 1


def test_trail_marks_logins_without_hat_and_failures(cast):
    user = User.objects.get(pk=cast.hr.user_id)
    with transaction.atomic():
        record(Event.LOGIN_SUCCEEDED, user, by=sessions.at_door(Door.COMPANY, user), door="企业端")
        tell_failure(Door.SITE, user)
    succeeded, failed = AuditEntry.objects.order_by("id")
    assert [as_whom(entry) for entry in (succeeded, failed)] == ["账号", "未登录"]
    page = client_of(cast.admin).get("/admin-tools/trail/?kind=login").content.decode()
    assert "陈人事登录企业端" in page and re.search(r">\s*系统\s*</td>", page) is None


def test_start_page_shows_the_counts(cast):
    cast.stay()
    counts = queries.counts()
    assert (counts["companies"], counts["projects"], counts["people"], counts["on_site"]) == (3, 1, 1, 1)
    assert "系统管理" in client_of(cast.admin).get("/admin-tools/").content.decode()


def test_every_job_has_a_label_and_a_time_in_words(cast):
    page = client_of(cast.admin).get("/admin-tools/jobs/").content.decode()
    for row in scheduled_jobs.scheduled():
        assert jobs.label(row.task) != row.task, f"shiming/administration/console/jobs.py: LABELS lacks {row.task}"
        assert jobs.in_words(row.cron) != row.cron
        assert jobs.label(row.task) in page
    assert jobs.in_words("0 17 * * *") == "每天 01:00"
    assert "没有失败的任务" in page
