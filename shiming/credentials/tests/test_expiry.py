"""Certificates that expire ([004] 4-10 ★): reminders 90, 30 and 7 days ahead, once each; the list."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from shiming.core.actor import system
from shiming.credentials import commands
from shiming.credentials.models import CredentialReminder
from shiming.inbox.models import InboxItem
from shiming.people.models import Credential
from tests.doors import client_of, export

TODAY = timezone.localdate()


def credential(person, days: int, **more) -> Credential:
    given = {"number": f"沪{days:04d}", "name": "安全员证", "issuer": "住建委"} | more
    return Credential.objects.create(person=person, valid_until=TODAY + timedelta(days=days), **given)


def remind(day: int = 0) -> int:
    return commands.remind(by=system(), today=TODAY + timedelta(days=day))


def test_each_step_reminds_person_and_company_once(cast, holder):
    credential(cast.zhang, 100)
    sent = [day for day in range(120) if remind(day)]
    assert sent == [10, 70, 93]
    company = InboxItem.objects.filter(company=cast.antai).order_by("created_at")
    assert [item.title for item in company] == ["张三的安全员证快到期了"] * 3
    day = TODAY + timedelta(days=100)
    assert company[0].body == f"{day}到期，还有 90 天，延续后请更新登记。"
    assert InboxItem.objects.filter(person=cast.zhang, kind="credential.expiring").count() == 3


def test_next_run_makes_up_for_a_missed_one(cast, holder):
    credential(cast.zhang, 100)
    assert [remind(day) for day in (50, 51, 97, 98)] == [1, 0, 1, 0]
    assert list(CredentialReminder.objects.order_by("created_at").values_list("days", flat=True)) == [90, 7]


@pytest.fixture
def holder(cast):
    """A manager whose company has a place on a site of manual [004]."""
    assert cast.repair_place
    return cast.employment(kind="manager")


@pytest.mark.parametrize("days", [-1, 91])
def test_no_reminder_comes_too_early_or_too_late(cast, holder, days):
    credential(cast.zhang, days)
    assert remind() == 0


def test_saving_the_form_again_does_not_remind_again_but_a_renewal_does(cast, holder):
    old = credential(cast.zhang, 20)
    assert remind() == 1
    same = {"number": old.number, "name": old.name}
    old.delete()
    credential(cast.zhang, 20, **same)
    assert remind() == 0
    credential(cast.zhang, 85, **same)
    assert remind() == 1


def test_person_without_company_is_reminded_alone(cast):
    credential(cast.zhang, 5)
    assert remind() == 1
    assert [(item.person, item.company) for item in InboxItem.objects.all()] == [(cast.zhang, None)]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once(cast, holder):
    credential(cast.zhang, 5)
    start, sent = threading.Barrier(2), []

    def run():
        start.wait()
        sent.append(remind())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 1] and CredentialReminder.objects.count() == 1


def names(cast, who, asked="") -> list[str]:
    page = client_of(who).get(f"/credentials/{asked}").content.decode()
    return re.findall(r'data-label="证书编号"\s*>(沪[-\d]+)', page)


def test_list_shows_the_own_company_and_filters_by_expiry(cast, holder):
    for days in (-3, 5, 25, 80, 200):
        credential(cast.zhang, days)
    credential(cast.employment(cast.person("外人"), cast.yuanda).person, 5, number="沪9999")
    credential(cast.employment(cast.person("走了"), status="ended", ended_at=timezone.now()).person, 5, number="沪8888")
    assert names(cast, cast.clerk) == ["沪-003", "沪0005", "沪0025", "沪0080", "沪0200"]
    assert names(cast, cast.clerk, "?state=due") == ["沪-003", "沪0005", "沪0025", "沪0080"]
    assert names(cast, cast.hr, "?state=7") == ["沪0005"]
    assert names(cast, cast.hr, "?state=30") == ["沪0005", "沪0025"]
    assert names(cast, cast.hr, "?state=expired") == ["沪-003"]
    assert (names(cast, cast.hr, "?who=李"), len(names(cast, cast.hr, "?who=zs"))) == ([], 5)
    assert names(cast, cast.stranger_hr) == ["沪9999"]
    assert names(cast, cast.labour_pm) == [], "practice certificates are not shown to the site"


def test_list_is_exported_with_the_number_masked(cast, holder):
    credential(cast.zhang, 5)
    content = b"".join(export(client_of(cast.clerk), "/credentials/", kind="csv")).decode()
    assert "还有 5 天" in content and cast.zhang.id_number.plain not in content


def test_menu_offers_the_list_where_papers_are_kept(cast, holder):
    assert "/credentials/" in client_of(cast.clerk).get("/people/").content.decode()
    assert cast.stranger_place
    assert "/credentials/" not in client_of(cast.stranger_hr).get("/people/").content.decode()
