"""What is larger than its page takes is refused before it is read."""

import pytest

from tests.callers import firm
from tests.doors import client_of

pytestmark = pytest.mark.django_db


def send(client, path, length, **extra):
    """The length is only said: whoever read the body would find something else."""
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
def test_each_page_says_what_it_takes_and_reads_no_more(cast, client, path, who, most):
    browser = client_of(cast.himself() if who == "zhang" else getattr(cast, who)) if who else client
    answer = send(browser, path, most * 1_000_000 + 1)
    assert answer.status_code == 413
    assert f"内容太大，最多 {most} MB" in answer.content.decode()
    assert send(browser, path, 3).status_code != 413


def test_a_program_reads_it_as_a_problem(cast, client):
    key = firm(cast, cast.antai)
    answer = send(client, "/api/v1/employments", 1_000_001, headers=key._headers() | {"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "R-73")
