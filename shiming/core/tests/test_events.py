"""Everything that can happen has a sentence, and public ids follow the time."""

import re
import time
from uuid import UUID

import pytest

from shiming.core.events import Event
from shiming.core.ids import uuid7
from shiming.core.models import AuditEntry

BLANK = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("event", Event)
def test_a_sentence_prints_all_that_was_given(event):
    given = {name: f"〔{name}〕" for name in BLANK.findall(event.label)}
    sentence = event.sentence(given)
    assert all(value in sentence for value in given.values())
    assert "{" not in sentence


@pytest.mark.parametrize("event", Event)
def test_a_sentence_of_long_ago_prints_without_the_blanks_added_since(event):
    sentence = event.sentence({})
    assert sentence == BLANK.sub("", event.label)


def test_no_two_events_have_one_name_or_one_sentence():
    assert len({event.value for event in Event}) == len(Event)
    assert len({event.label for event in Event}) == len(Event)


def test_a_name_fits_its_column_and_says_what_it_is_about():
    longest = AuditEntry._meta.get_field("event").max_length
    assert [event for event in Event if len(event) > longest or not re.fullmatch(r"\w+\.\w+", event)] == []


def test_what_is_given_is_printed_as_it_is_and_never_filled_in_again():
    assert Event.TEAM_CREATED.sentence({"by": "{team}", "team": "{by}"}) == "{team}建立班组{by}"


def test_a_line_of_the_trail_prints_the_actor_and_the_reason_of_its_columns():
    line = AuditEntry(event="assignment.rejected", by="王总包", reason="证件不清", params={"person": "张三"})
    assert str(line) == "王总包拒绝张三到：证件不清"


# 编号


def test_an_id_is_a_version_7_uuid_of_this_moment():
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


def test_ids_of_one_moment_are_not_guessed_from_one_another(monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    made = [uuid7() for _ in range(1000)]

    assert len(set(made)) == 1000
    assert len({each.int & 0xFFFFFFFF for each in made}) > 990
