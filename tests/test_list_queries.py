"""A page costs the same queries for one row and for three: no row adds a query.

Every page without an object in its address is opened by each permitted role, first with one of everything on the site,
then with three.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.attendance.models import AttendanceEvent, Correction
from shiming.companies.models import Company
from shiming.employment.models import Transfer
from shiming.inbox.models import InboxItem
from shiming.people.models import Credential
from shiming.projects.models import ContractFiling, Grant, Participation
from tests.cast import Cast
from tests.doors import client_of
from tests.test_matrix import FOR_SOMEBODY, GUARDED, OTHERWISE, role_of
from tests.world import ACTORS, Objects, own

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def one_more_of_everything(cast: Cast, number: int) -> None:
    for kind in (_hired, _allocated, _on_site, _gone, _himself, _firms_and_sites, _told, _preregistered):
        kind(cast, number)


def _hired(cast, number):
    for status, more in {
        "invited": {"started_at": None, "expires_on": TODAY, "profile_completed": False},
        "awaiting_identity": {"started_at": None, "profile_completed": False},
        "active": {"profile_completed": False, "kind": ""},
        "leave_requested": {"leave_requested_at": NOW - timedelta(days=20), "leave_overdue": True},
        "dismissal_pending": {"dismissal_at": NOW, "end_reason": "合同到期"},
    }.items():
        identity = "pending" if status == "awaiting_identity" else "verified"
        cast.employment(cast.person(f"{status}{number}", status=identity), status=status, team=cast.team(), **more)
    disputed = {"mode": "direct", "objected_at": NOW, "objection": "没有签过合同"}
    cast.employment(cast.person(f"有异议{number}"), team=cast.team(), **disputed)
    person = cast.person(f"转来{number}")
    cast.employment(person, cast.hengli)
    Transfer.objects.create(person=person, company=cast.antai, requested_by_id=cast.hr.user_id)
    cast.employment(cast.person(f"待分配{number}"), team=cast.team())


def _allocated(cast, number):
    given = {
        "pending": {"confirmed_at": None},
        "rejected": {"confirmed_at": None, "decision_note": "人满"},
        "accepted": {},
    }
    for status, more in given.items():
        row = cast.employment(cast.person(f"分配{status}{number}"), team=cast.team())
        cast.assignment(row, status=status, team=cast.team(), **more)
    manager = cast.employment(cast.person(f"待进管理员{number}"), kind="manager")
    cast.assignment(manager, role="安全员")


def _on_site(cast, number):
    row = cast.employment(cast.person(f"在场{number}"), team=cast.team())
    stay = cast.stay(cast.assignment(row, team=cast.team()))
    _punched(stay, NOW)
    Correction.objects.create(
        person=stay.person, project=stay.project, day=TODAY, came_at=NOW, reason="忘记", requested_by_id=cast.hr.user_id
    )
    manager = cast.employment(cast.person(f"在场管理员{number}"), kind="manager")
    cast.stay(cast.assignment(manager, role="安全员"))


def _gone(cast, number):
    row = cast.employment(cast.person(f"退场{number}"), team=cast.team())
    gone = cast.assignment(row, status="ended", ended_at=NOW, team=cast.team())
    cast.stay(gone, exited_on=TODAY, exited_at=NOW)


def _himself(cast, number):
    """张三's own earlier employment."""
    row = cast.employment(cast.zhang, status="ended", ended_at=NOW)
    project = cast.project(f"从前的工地{number}")
    place = cast.participation(project, cast.antai, "labour")
    stay = cast.stay(cast.assignment(row, place, status="ended", ended_at=NOW), exited_on=TODAY, exited_at=NOW)
    _punched(stay, NOW - timedelta(minutes=number))
    Credential.objects.create(person=cast.zhang, number=f"沪{number}", name="安全员证", valid_until=TODAY)
    InboxItem.objects.create(person=cast.zhang, **_about(row, f"通知{number}"))
    InboxItem.objects.create(person=cast.zhang, asks=True, **_about(row, f"待办{number}"))


def _firms_and_sites(cast, number):
    firm = cast.company(f"新企业{number}", Company.Kind.SPECIALIST)
    place = Participation.objects.create(project=cast.binjiang, company=firm, kind="specialist", parent=cast.gc_place)
    made = Objects(
        cast, person=cast.zhang, company=firm, place=place, pm=cast.gc_pm, station=cast.station(f"监督站{number}")
    )
    assert made.post and made.message and made.sheet and made.staff and made.key
    cast.filing(place, f"负责人{number}")
    cast.team(f"班组{number}")
    cast.staff(f"人事{number}", cast.antai)
    ContractFiling.objects.filter(participation=place).update(name=f"合同{number}")
    for where in (cast.gc_place, cast.labour_place, cast.supervision_place):
        _granted(cast, where, number)


def _told(cast, number):
    row = cast.zhang
    InboxItem.objects.create(company=cast.antai, **_about(row, f"企业通知{number}"))
    InboxItem.objects.create(project=cast.binjiang, **_about(row, f"工地通知{number}"))


def _preregistered(cast, number):
    made = Objects(
        cast,
        person=cast.person(f"预登记{number}"),
        company=cast.antai,
        place=cast.labour_place,
        pm=cast.labour_pm,
        station=cast.binjiang.station,
    )
    assert made.family_member and made.training and made.restriction
    assert made.bulletin and made.proposal and made.feed_delivery


def _granted(cast, place, number):
    Grant.objects.create(
        participation=place,
        person=cast.person(f"{place.company}操作{number}"),
        rights=["entry"],
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY - timedelta(days=1),
        given_by_id=cast.gc_pm.user_id,
    )


def _punched(stay, at):
    AttendanceEvent.objects.create(
        project_id=stay.project_id,
        event_id=uuid4(),
        occurred_at=at,
        person_id=stay.person_id,
        received_at=at,
        direction="in",
        method="manual",
    )


def _about(row, title) -> dict:
    return {"kind": "test", "subject_type": row._meta.label_lower, "subject_id": row.pk, "title": title}


@pytest.mark.parametrize("name", list(ACTORS))
def test_three_rows_cost_the_queries_of_one(cast, name):
    actor = ACTORS[name](cast)
    objects, browser = own(cast, actor), client_of(actor)
    pages = [
        f"{route.address(objects)}?size=100"  # one page holds all rows, so no count query runs
        for route in GUARDED
        if role_of(name) in route.roles and "GET" in route.view.methods and not route.names_an_object
        if route.name not in (*OTHERWISE, *FOR_SOMEBODY)
    ]
    one_more_of_everything(cast, 1)
    for page in pages:
        browser.get(page)  # fills the caches of the process
    before = {page: _queries(browser, page) for page in pages}
    for number in (2, 3):
        one_more_of_everything(cast, number)
    after = {page: _queries(browser, page) for page in pages}
    dearer = {page: (before[page], after[page]) for page in pages if after[page] > before[page]}
    assert dearer == {}


def _queries(browser, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(page).status_code == 200, page
    return len(seen)
