"""工作经历: the person decides whether companies see where they worked (domain.md §11.11)."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.people import commands
from shiming.people.work_history import work_history
from tests.callers import calling
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast):
    """张三 worked for 远大总包 and stands on the repair site for 安泰劳务; 安居实施 audits there."""
    before = cast.employment(cast.zhang, cast.yuanda, status="ended", ended_at=timezone.now())
    past = timezone.now() - timedelta(days=400)
    ended = cast.assignment(before, cast.stranger_place, status="ended")
    cast.stay(ended, entered_at=past, entered_on=past.date(), exited_at=past, exited_on=past.date())
    cast.stay(cast.assignment(cast.employment(mode="direct"), cast.repair_place), method="approval")
    assert cast.implementer
    return cast.zhang


def agree(cast):
    return client_of(cast.himself()).post("/m/me/history/", {"answer": "agree"})


def withdraw(cast):
    return client_of(cast.himself()).post("/m/me/history/", {"answer": "withdraw"})


def file_of(browser, person) -> bytes:
    return b"".join(export(browser, f"/people/{person.pk}/work-history/", kind="csv").streaming_content)


def companies(person, actor) -> list[str]:
    person.refresh_from_db()
    return [row.company for row in work_history(person, actor)]


def test_companies_are_hidden_by_default_and_named_while_the_person_agrees(cast, zhang):
    for answer, others in ((None, "其他单位"), (agree, "远大总包"), (withdraw, "其他单位")):
        if answer:
            assert answer(cast).url == "/m/me/history/"
        assert companies(zhang, cast.clerk) == ["安泰劳务", others]
        assert companies(zhang, cast.himself()) == ["安泰劳务", "远大总包"]


@pytest.mark.parametrize("agreed", [False, True])
def test_page_audit_file_and_keys_say_the_same(cast, zhang, agreed):
    if agreed:
        agree(cast)
    row = zhang.assignments.get(participation=cast.repair_place)
    clerk, auditor = client_of(cast.clerk), client_of(cast.implementer)
    pages = [
        clerk.get(f"/people/{zhang.pk}/").content,
        clerk.get(f"/people/{zhang.pk}/work-history/").content,
        clerk.get(f"/managers/{zhang.employments.get(company=cast.antai).pk}/").content,
        auditor.get(f"/audits/{row.pk}/").content,
        auditor.get(f"/people/{zhang.pk}/").content,
        *(file_of(who, zhang) for who in (clerk, auditor)),
    ]
    for page in pages:
        hidden = re.search(r"[>,]其他单位[<,]", page.decode())  # as the value of a cell
        assert ("远大总包" in page.decode(), bool(hidden)) == (agreed, not agreed)
    for actor in (cast.clerk, cast.implementer):
        rows = calling(actor).get(f"/people/{zhang.pk}/work-history").json()
        assert [each["company"] for each in rows][-1] == ("远大总包" if agreed else "其他单位")


def test_consent_of_the_person_tells_nothing_to_those_who_do_not_see_the_history(cast, zhang):
    agree(cast)
    zhang.refresh_from_db()
    assert work_history(zhang, cast.gc_pm) == work_history(zhang, cast.stranger_hr) == []


def test_only_the_person_answers(cast, zhang):
    for actor in (cast.clerk, cast.hr, cast.implementer):
        with pytest.raises(DomainError):
            commands.agree_to_history(zhang, by=actor)
    zhang.refresh_from_db()
    assert zhang.history_agreed_at is None


def test_each_change_of_mind_leaves_one_entry(cast, zhang):
    agree(cast), agree(cast), withdraw(cast), withdraw(cast)
    told = [str(entry) for entry in AuditEntry.objects.filter(event__startswith="history.").order_by("id")]
    assert told == [
        "张三同意其他单位在工作经历里看到单位名称（说明 2026-12）",
        "张三不再让其他单位在工作经历里看到单位名称",
    ]


def test_page_says_in_words_what_others_see(cast, zhang):
    browser = client_of(cast.himself())
    assert "/m/me/history/" in browser.get("/m/me/").content.decode()
    page = browser.get("/m/me/history/").content.decode()
    assert 'aria-checked="false"' in page and "现在：看不到" in page and "远大总包" not in page
    agree(cast)
    page = browser.get("/m/me/history/").content.decode()
    assert 'aria-checked="true"' in page and "现在：看得到" in page and "远大总包" in page


def test_own_copy_says_when_the_person_agreed(cast, zhang):
    agree(cast)
    data = json.loads(client_of(cast.himself()).post("/m/me/export/").content)
    assert data["人员"]["同意显示工作单位时间"].startswith(str(timezone.localdate()))
