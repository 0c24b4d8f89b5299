"""A body larger than its page allows is refused unread."""

import pytest

from tests.callers import firm
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def send(client, path, length, **extra):
    """Only the header claims the length; a view that read the body would find fewer bytes."""
    return client.generic(
        "POST", path, b"x=1", "application/x-www-form-urlencoded", CONTENT_LENGTH=str(length), **extra
    )


@pytest.mark.parametrize(
    ("path", "who", "most"),
    [
        ("/employments/new/", "hr", 1),
        ("/m/me/portrait/", "zhang", 6),
        ("/imports/workers/", "hr", 25),
        ("/login/company/", "", 1),
    ],
)
def test_each_page_enforces_its_body_limit(cast, client, path, who, most):
    browser = client_of(cast.himself() if who == "zhang" else getattr(cast, who)) if who else client
    answer = send(browser, path, most * 1_000_000 + 1)
    assert answer.status_code == 413
    assert f"内容太大，最多 {most} MB" in answer.content.decode()
    assert send(browser, path, 3).status_code != 413


def test_json_caller_gets_a_problem_document(cast, client):
    key = firm(cast, cast.antai)
    answer = send(client, "/api/v1/employments", 1_000_001, headers=key._headers() | {"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "R-73")
