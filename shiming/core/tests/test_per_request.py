"""What a request has read is its own: not another's of the same number, and not a job's."""

import pytest

from shiming.core.audit import Origin, origin
from shiming.core.per_request import forget, per_request


@pytest.fixture
def asked():
    return []


@pytest.fixture
def reading(asked):
    @per_request
    def reading(word):
        asked.append(word)
        return word.upper()

    return reading


def in_a_request(*steps, number="request-1"):
    token = origin.set(Origin("127.0.0.1", number))
    try:
        return [step() for step in steps]
    finally:
        origin.reset(token)


def test_each_question_is_asked_once_in_a_request(reading, asked):
    answers = in_a_request(lambda: reading("a"), lambda: reading("b"), lambda: reading("a"))
    assert (answers, asked) == (["A", "B", "A"], ["a", "b"])


def test_a_second_request_of_the_same_number_asks_anew(reading, asked):
    for _ in range(2):
        in_a_request(lambda: reading("a"))
    assert asked == ["a", "a"]


def test_what_was_changed_meanwhile_is_asked_anew(reading, asked):
    in_a_request(lambda: reading("a"), forget, lambda: reading("a"))
    assert asked == ["a", "a"]


def test_a_job_asks_every_time(reading, asked):
    assert [reading("a"), reading("a")] == ["A", "A"]
    assert asked == ["a", "a"]
