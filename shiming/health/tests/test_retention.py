"""Health data go when their purpose ends, and the trail keeps how many of each kind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.core.models import AuditEntry, StoredFile
from shiming.health import commands, readings
from shiming.health.models import (
    DailyHealth,
    DeclarationOnFile,
    Disposition,
    FamilyMember,
    HealthFile,
    PreRegistration,
    SiteInfo,
)
from shiming.health.tests.cases import declared, dispose, gate, preregister, subject
from tests.doors import client_of

pytestmark = pytest.mark.django_db
TABLES = (FamilyMember, PreRegistration, DailyHealth, HealthFile, Disposition, SiteInfo, DeclarationOnFile)
PDF = ("登记表.pdf", b"%PDF-1.7 %%EOF")


def in_days(count: int):
    return timezone.localdate() + timedelta(days=count)


@pytest.fixture
def filled(cast):
    """A site with one record of each kind; returns its check."""
    check = gate(cast, retention_days=30)
    row = preregister(cast, cast.zhang)
    family = cast.person("周家属")
    commands.add_family_member(
        row,
        number=family.id_number.plain,
        name=family.name,
        origin="上海市",
        declared=declared(family),
        by=cast.gc_pm,
    )
    given = {"at": timezone.now(), "symptoms": [readings.NOTHING], "temperature": "36.5", "by": cast.gc_pm}
    commands.note_daily(subject(cast, cast.zhang), **given)
    dispose(cast, cast.zhang, file=PDF)
    commands.save_site_info(cast.binjiang, members="王总包", by=cast.gc_pm)
    return check


def test_records_stay_until_the_retention_has_passed(cast, filled):
    assert commands.forget_ended(by=cast.admin, today=in_days(900)) == 0
    admission.stop(filled, on=timezone.localdate(), by=cast.admin)
    assert commands.forget_ended(by=cast.admin, today=in_days(29)) == 0
    assert all(table.objects.exists() for table in TABLES)


def test_records_and_files_are_deleted_with_a_certificate(cast, filled):
    admission.stop(filled, on=timezone.localdate(), by=cast.admin)
    assert [commands.forget_ended(by=cast.admin, today=in_days(30)) for _ in range(2)] == [1, 0]
    assert not any(table.objects.exists() for table in TABLES)
    assert not StoredFile.objects.filter(kind="health").exists()
    entry = AuditEntry.objects.get(event="health_data.deleted")
    assert "进场预登记 1 条、每日健康 1 条、附件 1 条、处置 1 条" in str(entry)
    assert "已删除：携带家属 1 条" in client_of(cast.gc_pm).get("/health/site/").content.decode()


def test_running_overlay_is_never_forgotten(cast, filled):
    admission.stop(filled, on=timezone.localdate(), by=cast.admin)
    gate(cast, on=in_days(1))
    assert commands.forget_ended(by=cast.admin, today=in_days(60)) == 0


def test_disposition_needed_at_another_site_stays(cast, filled):
    gate(cast, cast.chengdong)
    assert cast.stranger_pm
    preregister(cast, cast.zhang, cast.stranger_place, by=cast.stranger_pm)
    admission.stop(filled, on=timezone.localdate(), by=cast.admin)
    assert commands.forget_ended(by=cast.admin, today=in_days(30)) == 1
    assert (Disposition.objects.count(), HealthFile.objects.count()) == (1, 1)
    assert PreRegistration.objects.get().project == cast.chengdong
