"""Every event has a sentence, and public ids are ordered by time."""

import re
import time
from uuid import UUID

import pytest

from shiming.core.events import Event
from shiming.core.ids import uuid7
from shiming.core.models import AuditEntry

BLANK = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("event", Event)
def test_sentence_prints_all_given_blanks(event):
    given = {name: f"〔{name}〕" for name in BLANK.findall(event.label)}
    sentence = event.sentence(given)
    assert all(value in sentence for value in given.values())
    assert "{" not in sentence


@pytest.mark.parametrize("event", Event)
def test_old_entry_prints_without_newer_blanks(event):
    sentence = event.sentence({})
    assert sentence == BLANK.sub("", event.label)


def test_no_two_events_have_one_name_or_one_sentence():
    assert len({event.value for event in Event}) == len(Event)
    assert len({event.label for event in Event}) == len(Event)


def test_a_name_fits_its_column_and_says_what_it_is_about():
    longest = AuditEntry._meta.get_field("event").max_length
    assert [event for event in Event if len(event) > longest or not re.fullmatch(r"\w+\.\w+", event)] == []


def test_braces_in_values_are_not_filled():
    assert Event.TEAM_CREATED.sentence({"by": "{team}", "team": "{by}"}) == "{team}建立班组{by}"


def test_entry_prints_actor_and_reason_columns():
    line = AuditEntry(event="assignment.rejected", by="王总包", reason="证件不清", params={"person": "张三"})
    assert str(line) == "王总包拒绝张三到：证件不清"


# ids


def test_id_is_version_7_of_now():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000

    assert isinstance(made, UUID)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= after


def test_later_ids_sort_after_earlier_ones(monkeypatch):
    moments = [1_700_000_000_000_000_000 + milli * 1_000_000 for milli in (0, 1, 2, 500, 86_400_000)]
    made = []
    for moment in moments:
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        made.append(uuid7())

    assert made == sorted(made)
    assert [str(each) for each in made] == sorted(map(str, made))


def test_ids_of_one_moment_are_unpredictable(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    made = [uuid7() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert len({each.int & 0xFFFFFFFF for each in made}) > 990
