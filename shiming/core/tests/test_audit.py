"""The trail row is written in the event's transaction or not at all; followers run in the same transaction."""

from collections import defaultdict

import pytest
from django.db import connections, transaction

from shiming.core import audit
from shiming.core.actor import system
from shiming.core.audit import NOWHERE, Origin, after, origin, record, record_many, trail_of
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.dictionaries.models import DictionaryEntry

pytestmark = pytest.mark.django_db
OF_ITS_OWN = ("id", "xid", "at", "object_id")


@pytest.fixture(autouse=True)
def followers(monkeypatch):
    """Only the followers of the test are registered."""
    monkeypatch.setattr(audit, "_followers", defaultdict(list))
    monkeypatch.setattr(audit, "_at_once", {})


def trade(label: str) -> DictionaryEntry:
    return DictionaryEntry.objects.create(table="trades", code=label, label=label)


def values(entry: AuditEntry) -> dict:
    return {name: value for name, value in vars(entry).items() if name not in (*OF_ITS_OWN, "_state")}


def lines() -> list[dict]:
    return [values(entry) for entry in AuditEntry.objects.order_by("id")]


# one entry


def test_entry_holds_actor_action_subject_role_door(cast):
    entry = record(Event.TEAM_CLOSED, cast.team(), by=cast.hr, team=cast.team(), reason="没有人了")
    entry.refresh_from_db()

    assert str(entry) == "陈人事撤销班组王班组"
    assert (entry.by, entry.role, entry.door, entry.user_id) == ("陈人事", "hr_officer", "company", cast.hr.user_id)
    assert (entry.object_type, entry.object_id) == ("projects.team", str(cast.team().pk))
    assert (entry.params, entry.reason) == ({"team": "王班组"}, "没有人了")


def test_scope_of_entry_comes_from_subject(cast):
    employment = cast.employment()
    entry = record(Event.PROFILE_CHANGED, employment, by=cast.hr)

    assert (entry.person_id, entry.company_id, entry.project_id) == (cast.zhang.pk, cast.antai.pk, None)


def test_command_may_override_scope_of_entry(cast):
    scope = {"person_id": cast.zhang.pk, "company_id": cast.antai.pk, "project_id": cast.binjiang.pk}
    entry = record(Event.CONTRACT_FILED, cast.filing(cast.gc_place, "王总包"), by=cast.admin, **scope)

    assert {name: getattr(entry, name) for name in scope} == scope


def test_a_line_written_for_a_request_carries_its_number_and_address():
    token = origin.set(Origin("203.0.113.9", "request-1"))
    try:
        asked = record(Event.DATA_EXPORTED, trade("木工"), by=system())
    finally:
        origin.reset(token)
    job = record(Event.DATA_EXPORTED, trade("瓦工"), by=system())

    assert [(line.address, line.request_id) for line in (asked, job)] == [("203.0.113.9", "request-1"), ("", "")]
    assert origin.get() is NOWHERE


def test_personal_values_stand_masked_in_the_trail(cast):
    entry = record(Event.MESSAGE_REVEALED, cast.zhang, by=cast.admin, to=cast.zhang.phone)
    entry.refresh_from_db()

    assert entry.params == {"to": str(cast.zhang.phone)}
    assert cast.zhang.phone.plain not in str(vars(entry))


def test_a_command_without_a_transaction_leaves_no_line(monkeypatch):
    subject = trade("木工")
    with monkeypatch.context() as outside:
        outside.setattr(connections["default"], "in_atomic_block", False)
        with pytest.raises(RuntimeError, match="只能在命令的事务里调用"):
            record(Event.DICTIONARY_CHANGED, subject, by=system())
        with pytest.raises(RuntimeError, match="只能在命令的事务里调用"):
            record_many(Event.DICTIONARY_CHANGED, [(subject, {})], by=system())

    assert lines() == []


def test_rolled_back_change_leaves_no_entry():
    with pytest.raises(Refused), transaction.atomic():
        record(Event.DICTIONARY_CHANGED, trade("木工"), by=system())
        raise Refused("R-44")

    assert (lines(), DictionaryEntry.objects.filter(table="trades").count()) == ([], 0)


def test_trail_of_row_excludes_other_rows(cast):
    own, other = trade("木工"), trade("瓦工")
    record(Event.DICTIONARY_CHANGED, other, by=cast.admin)
    line = record(Event.DICTIONARY_CHANGED, own, by=cast.admin)

    assert list(trail_of(own)) == [line]


# many entries at once


def test_bulk_entries_equal_single_entries(cast):
    employments = [cast.employment(), cast.employment(cast.person("李四"))]
    written = [
        {"reason": "合同到期", "before": {"trade": "木工"}, "after": {"trade": "瓦工"}, "fields": "工种"},
        {"project_id": cast.binjiang.pk, "fields": "手机号"},
    ]
    for employment, params in zip(employments, written, strict=True):
        record(Event.PROFILE_CHANGED, employment, by=cast.hr, **params)
    singly = lines()
    pairs = [(employment, dict(params)) for employment, params in zip(employments, written, strict=True)]
    record_many(Event.PROFILE_CHANGED, pairs, by=cast.hr)

    assert lines() == singly * 2
    assert AuditEntry.objects.values("at").distinct().count() == 3  # all entries of one call have the same time


def test_many_lines_cost_one_statement(cast, django_assert_num_queries):
    admin, rows = cast.admin, [trade(label) for label in "甲乙丙丁"]
    with django_assert_num_queries(1):
        record_many(Event.DICTIONARY_CHANGED, [(row, {"label": row.label}) for row in rows], by=admin)

    assert AuditEntry.objects.count() == 4


# followers in later modules


def test_follower_receives_subject_actor_and_entry(cast):
    heard = []
    after(Event.TEAM_CLOSED, Event.TEAM_CHANGED)(lambda subject, *, by, entry: heard.append((subject, by, entry)))
    closed = record(Event.TEAM_CLOSED, cast.team(), by=cast.hr)
    record(Event.TEAM_CREATED, cast.team(), by=cast.hr)
    changed = record(Event.TEAM_CHANGED, cast.team(), by=cast.hr)

    assert heard == [(cast.team(), cast.hr, closed), (cast.team(), cast.hr, changed)]


def test_follower_is_rolled_back_with_event(cast):
    after(Event.TEAM_CLOSED)(lambda subject, *, by, entry: trade("木工"))
    with pytest.raises(Refused), transaction.atomic():
        record(Event.TEAM_CLOSED, cast.team(), by=cast.hr)
        assert DictionaryEntry.objects.filter(table="trades").count() == 1
        raise Refused("R-68", count=1)

    assert DictionaryEntry.objects.filter(table="trades").count() == 0


def test_refusing_follower_stops_the_event(cast):
    @after(Event.TEAM_CLOSED)
    def refuse(subject, *, by, entry):
        raise Refused("R-44")

    with pytest.raises(Refused), transaction.atomic():
        record(Event.TEAM_CLOSED, cast.team(), by=cast.hr)
    assert lines() == []


def test_follower_receives_every_one_of_many(cast):
    heard = []
    after(Event.DICTIONARY_CHANGED)(lambda subject, *, by, entry: heard.append((subject.label, entry.params["n"])))
    record_many(Event.DICTIONARY_CHANGED, [(trade("甲"), {"n": 1}), (trade("乙"), {"n": 2})], by=cast.admin)

    assert heard == [("甲", "1"), ("乙", "2")]


def test_bulk_follower_is_called_once_or_never(cast):
    one_by_one, together = [], []
    take_all = lambda happened, *, by: together.append([subject.label for subject, _ in happened])  # noqa: E731
    after(Event.DICTIONARY_CHANGED, at_once=take_all)(lambda subject, **kwargs: one_by_one.append(subject.label))

    record_many(Event.DICTIONARY_CHANGED, [(trade("甲"), {}), (trade("乙"), {})], by=cast.admin)
    record_many(Event.DICTIONARY_CHANGED, [], by=cast.admin)
    record(Event.DICTIONARY_CHANGED, trade("丙"), by=cast.admin)

    assert (one_by_one, together) == (["丙"], [["甲", "乙"]])
