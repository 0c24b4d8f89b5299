"""A request repeated under one Idempotency-Key is executed once; its stored form holds no personal data."""

import pytest
from django.test import Client

from shiming.accounts.models import ApiKey
from shiming.api.models import ApiAnswer
from shiming.employment.models import Employment
from tests.callers import codes, firm, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def labour(cast):
    return firm(cast, cast.antai)


@pytest.fixture
def hire(cast, labour):
    def hire(once: str = "hire-1", name: str = "张三", **more):
        return labour.post("/employments", once=once, name=name, number=cast.person(name).id_number.plain, **more)

    return hire


def test_repeated_request_gets_marked_first_answer(hire):
    first, second, third = hire(), hire(), hire()
    assert {answer.content for answer in (first, second, third)} == {first.content}
    assert [answer.status_code for answer in (first, second, third)] == [201, 201, 201]
    assert [answer.headers.get("Idempotency-Replayed") for answer in (first, second, third)] == [None, "true", "true"]
    assert Employment.objects.count() == 1


def test_requests_without_key_are_separate(hire):
    assert [hire(once="").status_code for _ in range(2)] == [201, 422]
    assert not ApiAnswer.objects.exists()


def test_another_key_is_another_request(hire):
    assert [codes(hire(once=once)) if once == "b" else hire(once=once).status_code for once in ("a", "b")] == [
        201,
        ["R-08"],
    ]


def test_same_key_with_other_body_conflicts(hire):
    first = hire()
    other = hire(name="李四")
    assert (other.status_code, codes(other)) == (409, ["A-04"])
    assert hire().content == first.content
    assert Employment.objects.count() == 1


def test_same_key_at_another_address_conflicts(labour, hire):
    hire()
    answer = labour.post("/transfers", once="hire-1", name="张三", number="1")
    assert (answer.status_code, codes(answer)) == (409, ["A-04"])


def test_key_belongs_to_its_sender(cast, hire):
    hire()
    gate, stranger = site(cast.gc_pm), firm(cast, cast.yuanda)
    answers = [
        caller.post("/people", once="hire-1", name="张三", number=cast.zhang.id_number.plain)
        for caller in (gate, stranger)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]


def test_refusal_is_kept_and_repeated(cast, hire):
    employed = cast.employment()
    refused = hire()
    employed.delete()
    again = hire()
    assert (refused.status_code, codes(refused)) == (422, ["R-04"])
    assert (again.status_code, codes(again), again["Content-Type"]) == (422, ["R-04"], "application/problem+json")


def test_revoked_key_gets_no_kept_answer(hire):
    hire()
    ApiKey.objects.update(expires_on="2020-01-01")
    assert (hire().status_code, codes(hire())) == (401, ["A-01"])


@pytest.mark.parametrize(("length", "status"), [(100, 201), (101, 422)])
def test_key_has_at_most_hundred_characters(hire, length, status):
    answer = hire(once="k" * length)
    assert answer.status_code == status
    if status == 422:
        assert (codes(answer), answer.json()["field"]) == (["V-01"], "Idempotency-Key")
        assert not Employment.objects.exists()


def test_reading_is_never_kept(cast, labour):
    headers = {"Authorization": f"Bearer {labour.key}", "Idempotency-Key": "read"}
    assert Client().get("/api/v1/teams", headers=headers).status_code == 200
    assert not ApiAnswer.objects.exists()


def test_kept_request_is_hashed_and_answer_masked(cast, hire, labour):
    hire()
    kept = ApiAnswer.objects.get()
    texts = " ".join(str(value) for value in vars(kept).values())
    assert (kept.status, len(kept.owner), len(kept.request)) == (201, 26, 26)
    assert not any(secret in texts for secret in (cast.zhang.id_number.plain, cast.zhang.phone.plain, labour.key))
