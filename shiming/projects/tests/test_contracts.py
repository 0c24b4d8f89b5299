"""合同信息报送: allocation and login of the 项目负责人 require a filed contract."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shiming.core.errors import Conflict
from shiming.core.privacy import blind_index
from shiming.people.models import Person
from shiming.projects import commands, queries, rules
from shiming.projects.models import ContractFiling
from shiming.projects.tests.asking import refused, trail
from tests.cast import invented_id

PM = {"pm_number": invented_id(8201), "pm_name": "周启明", "pm_phone": "15499008201"}
OTHER_PM = {"pm_number": invented_id(8202), "pm_name": "何新", "pm_phone": "15499008202"}


@pytest.fixture
def contract(cast):
    def contract(place=None, draft: bool = False, **changes) -> ContractFiling:
        command = commands.save_draft_contract if draft else commands.file_contract
        given = {"number": "HT-1", "name": "总承包合同"} | PM | changes
        return command(place or cast.gc_place, by=cast.admin, **given)

    return contract


# filing


def test_contract_is_filed_today_by_default(contract):
    assert contract().filed_on == timezone.localdate()
    assert contract(number="HT-2", filed_on=date(2024, 3, 15)).filed_on == date(2024, 3, 15)


def test_draft_has_no_date_and_entry(contract):
    draft = contract(draft=True)
    assert (draft.status, draft.filed_on, trail("contract.filed")) == ("draft", None, [])


def test_draft_is_filed_once(cast, contract):
    draft = contract(draft=True)
    filed = commands.change_contract(draft, by=cast.admin, file=True)
    assert (filed.status, filed.filed_on) == ("filed", timezone.localdate())

    again = commands.change_contract(filed, by=cast.admin, file=True)
    assert again.version == filed.version
    assert trail("contract.filed") == ["系统管理员报送合同HT-1，项目负责人周启明"]


def test_contract_number_is_unique(cast, contract):
    contract()
    with pytest.raises(ValidationError, match="合同信息报送编号"):
        contract(cast.stranger_place)


def test_typed_blanks_are_stripped(contract):
    filed = contract(number="  HT-9 ", name=" 合同 ", pm_phone="154-9900 8201")
    assert (filed.number, filed.name, filed.pm_phone.plain) == ("HT-9", "合同", "15499008201")


def test_left_firm_files_no_contract(cast, contract):
    place = commands.leave(cast.labour_place, by=cast.admin)
    assert refused(contract, place) == (["R-67"], "安泰劳务已停用或竣工，不能办理")


# 项目负责人 of a contract


def test_unknown_pm_is_registered_pending(contract):
    pm = contract().pm
    assert (pm.name, pm.identity_status, pm.phone) == ("周启明", "pending", None)
    assert Person.by_id_number(PM["pm_number"]) == pm


def test_known_pm_record_is_unchanged(cast, contract):
    known = cast.zhang
    filed = contract(pm_number=known.id_number.plain, pm_name="张三")
    kept = Person.objects.get(pk=known.pk)

    assert filed.pm == known
    assert (kept.phone, kept.identity_status) == (known.phone, "verified")
    assert filed.pm_phone_digest == blind_index("phone", PM["pm_phone"]) != known.phone_digest


@pytest.mark.parametrize(
    ("changes", "codes", "field"),
    [
        ({"pm_number": "123"}, ["R-03"], "pm_number"),
        ({"pm_phone": ""}, ["R-13"], "pm_phone"),
        ({"pm_phone": "1549900820"}, ["R-13"], "pm_phone"),
    ],
)
def test_invalid_pm_is_refused_without_changes(contract, changes, codes, field):
    found, _ = refused(contract, **changes)
    assert (found, ContractFiling.objects.count(), Person.objects.count()) == (codes, 0, 0)


def test_new_pm_has_own_phone(cast, contract):
    filed = contract()
    changed = commands.change_contract(filed, by=cast.admin, **OTHER_PM)

    assert (changed.pm.name, changed.pm_phone.plain) == ("何新", "15499008202")
    assert trail("contract.changed") == ["系统管理员修改合同HT-1：项目负责人、项目负责人手机号"]


def test_same_pm_is_no_change(cast, contract):
    filed = contract()
    changed = commands.change_contract(filed, by=cast.admin, name="总承包合同", **PM)
    assert (changed.version, trail("contract.changed")) == (filed.version, [])


def test_only_different_phone_is_changed(cast, contract):
    filed = contract()
    changed = commands.change_contract(filed, by=cast.admin, **(PM | {"pm_phone": "15499008299"}))
    assert (changed.pm, changed.pm_phone.plain) == (filed.pm, "15499008299")
    assert trail("contract.changed") == ["系统管理员修改合同HT-1：项目负责人手机号"]


# closing


def test_closed_contract_is_final(cast, contract):
    closed = commands.close_contract(contract(), by=cast.admin)
    assert (closed.status, trail("contract.closed")) == ("closed", ["系统管理员终止合同HT-1"])
    with pytest.raises(Conflict, match="合同已终止，不能修改"):
        commands.change_contract(closed, by=cast.admin, name="新名")
    with pytest.raises(Conflict, match="无需再办"):
        commands.close_contract(closed, by=cast.admin)


def test_draft_may_not_be_closed(cast, contract):
    with pytest.raises(Conflict, match="不能改为合同已终止"):
        commands.close_contract(contract(draft=True), by=cast.admin)


def test_stale_page_does_not_overwrite_contract(cast, contract):
    filed = contract()
    commands.change_contract(filed, by=cast.admin, section_no="二标")
    assert refused(commands.change_contract, filed, by=cast.admin, seen=filed.version, section_no="三标")[0] == ["R-43"]
    assert ContractFiling.objects.get().section_no == "二标"


# visibility


@pytest.fixture
def three(cast):
    places = {"gc": cast.gc_place, "labour": cast.labour_place, "stranger": cast.stranger_place}
    names = {"gc": "王总包", "labour": "孙劳务", "stranger": "郑外人"}
    return {which: cast.filing(place, names[which]) for which, place in places.items()}


SEES = {
    "admin": {"gc", "labour", "stranger"},
    "gc_hr": {"gc", "labour"},  # the general contractor sees the whole site
    "gc_pm": {"gc", "labour"},
    "hr": {"labour"},
    "labour_pm": {"labour"},
    "specialist_pm": set(),
    "stranger_hr": {"stranger"},
}


@pytest.mark.parametrize(("who", "sees"), SEES.items())
def test_visible_contracts_depend_on_role(cast, three, who, sees):
    actor = getattr(cast, who)
    seen = ContractFiling.objects.filter(rules.filings_visible_to(actor))
    assert {which for which, filing in three.items() if filing in seen} == sees


def test_regulator_and_pm_see_own_contracts(cast, three):
    regulator, pm = cast.regulator(), cast.himself(three["labour"].pm)
    seen = [{which for which, filing in three.items() if filing in queries.filings(actor)} for actor in (regulator, pm)]
    assert seen == [{"gc", "labour"}, {"labour"}]


FOUND = [
    ({}, {"gc", "labour", "stranger"}),
    ({"project": "滨江"}, {"gc", "labour"}),
    ({"company": "劳务"}, {"labour"}),
    ({"status": "closed"}, {"gc"}),
    ({"project": "滨江", "status": "filed"}, {"labour"}),
    ({"project": "滨江", "company": "远大"}, set()),
]


@pytest.mark.parametrize(("asked", "found"), FOUND)
def test_contract_filters_combine(cast, three, asked, found):
    ContractFiling.objects.filter(pk=three["gc"].pk).update(status="closed")
    rows = queries.filings(cast.admin, **asked)
    assert {which for which, filing in three.items() if filing in rows} == found


def test_contract_search_uses_part_of_number(cast, three):
    number, code = three["labour"].number, cast.chengdong.filing_code
    assert list(queries.filings(cast.admin, number=f" {number[-4:]} ")) == [three["labour"]]
    assert list(queries.filings(cast.admin, project=code)) == [three["stranger"]]
    assert list(queries.filings(cast.admin, project=code[:-1])) == []
