"""The start page of 企业端."""

import pytest

from shiming.inbox.company_home import waiting

pytestmark = pytest.mark.django_db


def test_start_page_counts_open_tasks(cast):
    cast.employment(profile_completed=False)
    cast.employment(cast.person("李四"), status="leave_requested")
    cast.employment(cast.person("王五"), status="invited", started_at=None)
    cast.assignment(cast.employment(cast.person("赵六")), status="pending", confirmed_at=None)

    assert waiting(cast.antai) == {
        "invited": 1,
        "awaiting": 0,
        "leaving": 1,
        "incomplete": 1,
        "employed": 3,
        "pending": 1,
        "rejected": 0,
        "sites": 1,
    }
