"""Values cached for a request are not shared with another request of the same number, nor with a job."""

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


def test_value_is_read_once_per_request(reading, asked):
    answers = in_a_request(lambda: reading("a"), lambda: reading("b"), lambda: reading("a"))
    assert (answers, asked) == (["A", "B", "A"], ["a", "b"])


def test_request_of_same_number_reads_again(reading, asked):
    for _ in range(2):
        in_a_request(lambda: reading("a"))
    assert asked == ["a", "a"]


def test_value_is_read_again_after_forget(reading, asked):
    in_a_request(lambda: reading("a"), forget, lambda: reading("a"))
    assert asked == ["a", "a"]


def test_job_reads_every_time(reading, asked):
    assert [reading("a"), reading("a")] == ["A", "A"]
    assert asked == ["a", "a"]
