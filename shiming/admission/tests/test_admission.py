"""The table of checks: drafts, periods, what they do at an entry, and whom they would stop."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.admission import commands, queries
from shiming.admission.age import AGE, AgeForm
from shiming.admission.checks import Answer
from shiming.admission.models import ProjectCheck
from shiming.core.errors import Conflict, NotAllowed, Refused
from shiming.core.models import AuditEntry
from shiming.inbox.models import InboxItem
from shiming.presence.codes import personal_code
from shiming.presence.commands import enter_by_code
from shiming.presence.eligibility import eligibility, facts_for, warnings
from tests.doors import client_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
SETTINGS = {name: field.initial for name, field in AgeForm.base_fields.items() if field.initial} | {"trades": []}


def days(count: int):
    return timedelta(days=count)


def age_check(cast, on=None, *, effect="refuse", **settings) -> ProjectCheck:
    row = commands.draft(cast.binjiang, "age", effect=effect, settings=SETTINGS | settings, by=cast.admin)
    return commands.start(row, on=on or TODAY(), by=cast.admin)


def worker(cast, name="周老", born=None, **fields):
    """An accepted worker who is not on site, 65 years old unless said otherwise."""
    born = born or TODAY().replace(day=1) - timedelta(days=365 * 65 + 100)
    return cast.assignment(cast.employment(cast.person(name, born=born)), **fields)


def codes(cast, row, on=None):
    return [item.code for item in eligibility(row.person, cast.binjiang, on or TODAY())]


def test_check_refuses_from_its_first_day(cast):
    row = worker(cast)
    age_check(cast, TODAY() + days(3))
    assert [codes(cast, row, TODAY() + days(ahead)) for ahead in (2, 3)] == [["R-45"], ["R-45", "R-51"]]


def test_draft_refuses_no_one(cast):
    row = worker(cast)
    commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.admin)
    assert codes(cast, row) == []


def test_stopped_check_lets_people_in_again(cast):
    row, check = worker(cast), age_check(cast)
    commands.stop(check, on=TODAY(), by=cast.admin)
    assert codes(cast, row) == []


def test_reasons_keep_the_printed_order(cast):
    row = worker(cast, status="pending", confirmed_at=None)
    age_check(cast)
    assert codes(cast, row) == ["R-20", "R-51"]


def test_warning_lets_the_person_in_and_says_why(cast):
    row = worker(cast)
    age_check(cast, effect="warn")
    facts = facts_for(row.person_id, cast.binjiang.pk)
    assert (codes(cast, row), [item.code for item in warnings(facts, TODAY())]) == ([], ["R-51"])


def test_scan_shows_warnings_beside_the_entry(cast):
    row = worker(cast)
    age_check(cast, effect="warn")
    verdict = enter_by_code(personal_code(row.person_id), event_id=uuid4(), by=cast.gc_pm)
    assert (verdict.tone, [item.code for item in verdict.warnings]) == ("ok", ["R-51"])


def test_note_neither_refuses_nor_warns(cast):
    row = worker(cast)
    age_check(cast, effect="note")
    facts = facts_for(row.person_id, cast.binjiang.pk)
    assert (codes(cast, row), warnings(facts, TODAY())) == ([], [])


def test_checks_cost_a_scan_no_round_trip(cast):
    row = worker(cast)
    facts_for(row.person_id, cast.binjiang.pk)
    with CaptureQueriesContext(connection) as before:
        facts_for(row.person_id, cast.binjiang.pk)
    age_check(cast)
    with CaptureQueriesContext(connection) as after:
        facts_for(row.person_id, cast.binjiang.pk)
    assert len(after) == len(before) == 1


def test_other_project_is_not_asked(cast):
    age_check(cast)
    assert queries.in_force(cast.chengdong.pk, "age") is None


# 年龄


@pytest.mark.parametrize(
    ("sex", "age", "trade", "refused"),
    [
        ("1", 60, "木工", []),
        ("1", 61, "木工", ["R-51"]),
        ("2", 50, "木工", []),
        ("2", 51, "木工", ["R-51"]),
        ("1", 55, "架子工", []),
        ("1", 56, "架子工", ["R-51"]),
        ("2", 46, "架子工", ["R-51"]),
    ],
)
def test_age_limit_follows_sex_and_trade(cast, sex, age, trade, refused):
    today = date(2026, 6, 1)
    answer = Answer(
        {"sex": sex, "trade": trade}, SETTINGS | {"trades": ["架子工"]}, "refuse", today, date(2026 - age, 6, 1)
    )
    assert [failure.code for failure in AGE.judge(answer)] == refused


# Drafts and periods


def test_new_settings_close_the_row_before(cast):
    first = age_check(cast)
    second = age_check(cast, TODAY() + days(5), men=58)
    first.refresh_from_db()
    assert (first.until, second.until) == (second.from_date, None)
    assert queries.in_force(cast.binjiang.pk, "age") == first
    assert queries.in_force(cast.binjiang.pk, "age", TODAY() + days(5)) == second


def test_periods_of_one_check_cannot_overlap(cast):
    age_check(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectCheck.objects.create(project=cast.binjiang, code="age", from_date=TODAY() + days(9))


def test_first_day_is_not_in_the_past(cast):
    row = commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.admin)
    with pytest.raises(Refused) as refused:
        commands.start(row, on=TODAY() - days(1), by=cast.admin)
    assert refused.value.codes == ["R-75"]


def test_started_check_is_not_discarded(cast):
    row = age_check(cast)
    with pytest.raises(Conflict):
        commands.discard(row, by=cast.admin)


def test_only_the_administrator_starts_a_check(cast):
    with pytest.raises(NotAllowed):
        commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.gc_pm)


def test_site_is_notified_at_once_and_seven_days_before(cast):
    assert cast.gc_pm
    age_check(cast, TODAY() + days(20))
    assert commands.announce(by=cast.admin, today=TODAY() + days(12)) == 0
    assert commands.announce(by=cast.admin, today=TODAY() + days(13)) == 1
    assert commands.announce(by=cast.admin, today=TODAY() + days(14)) == 0
    assert InboxItem.objects.filter(project=cast.binjiang).count() == 2
    assert AuditEntry.objects.filter(event__startswith="check.").count() == 2


# Whom a check would stop


def test_what_if_equals_the_refusals_of_that_day(cast):
    people = [worker(cast, name, TODAY().replace(day=1) - days(365 * age)) for name, age in AGES.items()]
    on = TODAY() + days(1)
    would = queries.would_stop(cast.binjiang, "age", SETTINGS, on)
    age_check(cast, on)
    really = {row.pk for row in people if "R-51" in codes(cast, row, on)}
    assert set(would) == really and really
    assert not {people[0].pk} & really


AGES = {"周一": 30, "周二": 59, "周三": 62, "周四": 70}


def test_page_lists_whom_a_draft_would_stop(cast):
    worker(cast)
    commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.admin)
    page = client_of(cast.admin).get(f"/projects/{cast.binjiang.pk}/checks/age/stopped/").content.decode()
    assert "将有 1 人进不去" in page and "周老" in page and "超过“钢筋工”年龄规定" in page


def test_site_sees_checks_but_no_draft(cast):
    commands.draft(cast.binjiang, "age", effect="refuse", settings=SETTINGS, by=cast.admin)
    client = client_of(cast.gc_pm)
    assert "草稿" not in client.get("/site/checks/").content.decode()
    assert client.get(f"/projects/{cast.binjiang.pk}/checks/age/stopped/").status_code == 404
    age_check(cast)
    assert "已启用" in client.get("/site/checks/").content.decode()


def test_administrator_drafts_tries_and_starts_on_pages(cast):
    client, at = client_of(cast.admin), f"/projects/{cast.binjiang.pk}/checks/age/"
    fields = SETTINGS | {"effect": "refuse", "trades": ["架子工"]}
    assert client.post(at, fields).status_code == 302
    draft = ProjectCheck.objects.get()
    assert (draft.state, draft.settings["trades"]) == ("draft", ["架子工"])
    assert client.post(f"/checks/{draft.pk}/start/", {"on": TODAY()}).status_code == 302
    assert client.post(f"/checks/{draft.pk}/stop/", {"on": TODAY()}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "stopped"


def test_age_without_number_is_named_at_its_field(cast):
    answer = client_of(cast.admin).post(f"/projects/{cast.binjiang.pk}/checks/age/", {"effect": "refuse", "men": "x"})
    assert answer.status_code == 422 and "应是整数" in answer.content.decode()
