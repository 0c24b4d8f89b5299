"""A blocked person on site: the punch is kept and answered red with R-34 (domain.md §12.3)."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.attendance.commands import punch_by_worker_code
from shiming.attendance.models import AttendanceEvent
from shiming.attendance.site_status import standing_before
from shiming.health.tests.cases import CLEAR, dispose, gate, preregister
from shiming.presence import codes
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(cast):
    gate(cast)
    preregister(cast, cast.zhang)
    cast.stay()
    return cast


def scan(cast):
    return punch_by_worker_code(codes.personal_code(cast.zhang.pk), event_id=uuid4(), by=cast.gc_pm)


def test_punch_of_a_blocked_person_is_kept_and_red(site):
    dispose(site, site.zhang)
    verdict = scan(site)
    assert (verdict.tone, [item.code for item in verdict.refusals]) == ("stop", ["R-34"])
    assert AttendanceEvent.objects.filter(person_id=site.zhang.pk).count() == 1


def test_person_sees_the_reason_on_the_own_phone(site):
    dispose(site, site.zhang)
    sent = {"code": codes.site_code(site.binjiang)}
    page = client_of(site.himself()).post("/m/scan/", sent).content.decode()
    assert "当前状态“需隔离”" in page and AttendanceEvent.objects.count() == 1


def test_clear_person_is_answered_green(site):
    dispose(site, site.zhang)
    dispose(site, site.zhang, CLEAR)
    assert scan(site).tone == "ok"


def test_person_on_site_before_the_overlay_is_answered_green(cast):
    cast.stay()
    gate(cast)
    assert scan(cast).tone == "ok"


def test_checks_cost_a_punch_no_round_trip(site):
    event = AttendanceEvent(
        project_id=site.binjiang.pk, event_id=uuid4(), occurred_at=timezone.now(), person_id=site.zhang.pk
    )
    with CaptureQueriesContext(connection) as seen:
        standing_before(event)
    assert len(seen) == 1
