"""报送人员: synchronisation, Excel and expiry (domain.md §11.2)."""

import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from shiming.core.actor import system
from shiming.core.environment import environment
from shiming.core.errors import NotAllowed
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret, blind_index
from shiming.projects import commands
from shiming.projects.approval import Filed
from shiming.projects.models import FiledPerson
from shiming.projects.queries import current_people
from tests.cast import invented_id
from tests.tables import commit, problems, upload


@pytest.fixture
def filing(cast):
    assert cast.clerk
    return cast.repair_place.filings.get()


@pytest.fixture
def outside(monkeypatch):
    """An approval system whose answer the test sets."""
    people = []
    fake = SimpleNamespace(filed_people=lambda filing: list(people))
    monkeypatch.setitem(sys.modules, "tests.approval_fake", fake)
    monkeypatch.setattr(environment(), "approval_system", "tests.approval_fake")
    return people


def test_the_sync_takes_over_changes_and_withdraws(cast, filing, outside):
    number = invented_id(901)
    outside[:] = [Filed(number.lower(), "马安全", " 安全员 ", "154 9900 0001"), Filed("1234", "写错的", "安全员")]
    assert commands.sync_filed_people(filing, by=cast.clerk) is True
    row = FiledPerson.objects.get()
    assert (row.id_number.plain, row.name, row.position, row.phone.plain) == (number, "马安全", "安全员", "15499000001")
    assert commands.sync_filed_people(filing, by=cast.clerk) is False

    outside[:] = [Filed(number, "马安全", "质量员", "15499000001")]
    assert commands.sync_filed_people(filing, by=cast.clerk) is True
    outside.clear()
    assert commands.sync_filed_people(filing, by=system()) is True
    row.refresh_from_db()
    assert (row.position, row.withdrawn_at is not None) == ("质量员", True)
    assert [str(entry) for entry in AuditEntry.objects.filter(event__startswith="filed.").order_by("id")] == [
        f"冯经办报送马安全于合同{filing.number}（安全员）",
        f"冯经办修改合同{filing.number}报送的马安全：岗位",
        f"马安全不再报送于合同{filing.number}",
    ]

    outside[:] = [Filed(number, "马安全", "安全员")]
    commands.sync_filed_people(filing, by=system())
    assert FiledPerson.objects.count() == 2


def test_the_local_system_says_what_is_kept(cast, filing):
    _filed(filing)
    assert commands.sync_filed_people(filing, by=cast.clerk) is False
    assert FiledPerson.objects.get().withdrawn_at is None


def test_a_term_that_has_passed_counts_before_any_job_has_run(cast, filing):
    row = _filed(filing, until=timezone.localdate() - timedelta(days=1))
    today = _filed(filing, "钱质量", until=timezone.localdate())
    assert list(current_people()) == [today]
    assert commands.withdraw_expired(by=system()) == 1
    row.refresh_from_db()
    assert row.withdrawn_at is not None


@pytest.mark.parametrize("who", ["stranger_hr", "implementer", "labour_pm"])
def test_only_the_own_company_and_the_system_sync(cast, filing, who):
    with pytest.raises(NotAllowed):
        commands.sync_filed_people(filing, by=getattr(cast, who))


def _row(filing, **more):
    given = {"contract": filing.number, "number": invented_id(902), "name": "马安全", "position": "安全员"}
    return given | {"phone": "", "since": None, "until": None} | more


def test_a_line_of_excel_files_changes_and_takes_out(cast, filing):
    past = timezone.localdate() - timedelta(days=1)
    take = commands.take_over_filed_person
    assert [
        take(_row(filing), by=cast.admin),
        take(_row(filing), by=cast.admin),
        take(_row(filing, phone="15499000002"), by=cast.admin),
        take(_row(filing, until=past), by=cast.admin),
        take(_row(filing, until=past), by=cast.admin),
    ] == ["created", "same", "changed", "changed", "same"]
    assert FiledPerson.objects.get().until == past


def test_the_sheet_names_what_is_wrong(cast, filing):
    item = upload(
        "filed_people",
        cast.admin,
        ["合同信息报送编号", "身份证号", "姓名", "岗位", "手机号", "自", "至"],
        [filing.number, invented_id(903), "马安全", "安全员", "15499000003", "2024-05-02", "2024-05-01"],
        ["HT-没有", invented_id(904), "钱质量", "质量员", "", "", ""],
        [filing.number, filing.pm.id_number.plain, "张冠李戴", "安全员", "", "", ""],
        [filing.number, invented_id(905), "周施工", "施工员", "15499000005", "2024-05-02", ""],
    )
    assert problems(item) == {
        2: {"until": "“至”早于“自”"},
        3: {"contract": "没有这份合同，请先导入合同信息报送"},
        4: {"name": "姓名与身份证号不一致（R-07）"},
    }
    commit(item, cast.admin)
    assert [row.name for row in FiledPerson.objects.all()] == ["周施工"]


def _filed(filing, name="马安全", **more):
    number = invented_id(910 + FiledPerson.objects.count())
    row = FiledPerson(
        filing=filing,
        id_number=Secret(number),
        id_digest=blind_index("id_number", number),
        name=name,
        position="安全员",
        **more,
    )
    row.save()
    return row
