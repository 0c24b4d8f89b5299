"""The pages each role opens, and the contents of the project page for each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.core.actor import Role
from shiming.projects import commands
from tests.doors import client_of

PAGES = {
    "/projects/": {"admin", "hr", "gc_hr", "regulator"},
    "/contracts/": {"admin", "hr", "gc_hr", "regulator"},
    "/stations/": {"admin"},
    "/teams/": {"hr", "gc_hr", "clerk"},
    "/teams/new/": {"hr", "gc_hr"},
    "/projects/new/": {"admin"},
    "/contracts/new/": {"admin"},
    "/site/contract/": {"gc_pm", "labour_pm", "supervision_pm", "operator"},
    "/site/operators/": {"gc_pm", "labour_pm", "supervision_pm"},
    "/site/operators/new/": {"gc_pm", "labour_pm", "supervision_pm"},
}
WHO = ("admin", "hr", "gc_hr", "gc_pm", "labour_pm", "supervision_pm", "operator", "regulator", "clerk")


@pytest.mark.parametrize(("path", "opened"), PAGES.items())
def test_pages_open_for_their_roles_only(cast, path, opened):
    def actor(who):
        if who == "clerk":
            return cast.staff("安泰经办", cast.antai, Role.PARTICIPANT_CLERK)
        found = getattr(cast, who)
        return found() if callable(found) else found

    answers = {who: client_of(actor(who)).get(path).status_code for who in WHO}
    assert answers == {who: 200 if who in opened else 403 for who in WHO}


def test_site_page_shows_future_policy(cast):
    day = timezone.localdate() + timedelta(days=9)
    commands.set_policy(cast.binjiang, "two_tier", from_date=day, by=cast.admin)
    page = client_of(cast.admin).get(f"/projects/{cast.binjiang.pk}/").content.decode()
    assert (
        f"{day} 起：劳务分配、专业接收" in page and "尚未开始" in page and "2024-01-01 起：聘用确认、扫码进场" in page
    )


@pytest.mark.parametrize(
    ("who", "reads"), [("admin", True), ("gc_pm", True), ("labour_pm", False), ("hr", False), ("regulator", True)]
)
def test_trail_of_site_needs_contract_view(cast, who, reads):
    commands.set_status(cast.labour_place.project, "suspended", by=cast.admin)
    found = getattr(cast, who)
    page = client_of(found() if callable(found) else found).get(f"/projects/{cast.binjiang.pk}/").content.decode()
    assert ("系统管理员将滨江一期改为停工" in page) is reads
