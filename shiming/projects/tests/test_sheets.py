"""Excel of projects, participations and contracts: update or create; a second import changes nothing."""

from datetime import date

import pytest
from django.utils import timezone

from shiming.companies.credit_code import make
from shiming.core.errors import Refused
from shiming.imports.sheet import SHEETS, offered_to
from shiming.projects import commands, queries
from shiming.projects.models import ContractFiling, Participation, Project
from shiming.projects.tests.asking import refused
from tests.cast import invented_id
from tests.tables import commit, problems, tally, upload

TODAY = timezone.localdate
SITES = ["报建编号", "项目名称", "监督站", "项目状态", "开工日期", "用工流程"]
PLACES = ["报建编号", "统一社会信用代码", "参建类型", "上级单位信用代码"]
CONTRACTS = [
    *("合同信息报送编号", "报建编号", "统一社会信用代码", "合同标段名称", "合同状态"),
    *("项目负责人姓名", "项目负责人身份证号", "项目负责人手机号"),
]


def brought_in(cast, code: str, *lines) -> tuple:
    return tally(commit(upload(code, cast.admin, *lines), cast.admin))


def found_wrong(cast, code: str, *lines) -> dict[int, str]:
    found = problems(upload(code, cast.admin, *lines))
    return {number: "；".join(str(problem) for problem in each.values()) for number, each in found.items()}


# projects


def test_sites_import_twice_changes_once(cast):
    cast.station()
    lines = [
        SITES,
        ["2377001", "听澜小学", "东区监督站", "在建", "2024-03-15", "现场直接登记"],
        ["2377002", "听澜中学", "东区监督站", "停工", "", ""],
    ]
    assert [brought_in(cast, "projects", *lines) for _ in range(2)] == [(2, 0, 0, []), (0, 0, 2, [])]

    school, other = Project.objects.order_by("filing_code")
    assert (school.status, other.status, school.started_on) == ("open", "suspended", date(2024, 3, 15))
    assert [queries.policy_of(project).code for project in (school, other)] == ["site_direct", "invite_scan"]
    assert queries.policy_row(school).from_date == date(2024, 3, 15)


def test_known_site_is_changed_with_policy(cast):
    code = cast.binjiang.filing_code
    lines = [SITES, [code, "滨江新名", "西区监督站", "", "", "劳务分配、专业接收"]]
    cast.chengdong  # noqa: B018 - creates the other station
    assert brought_in(cast, "projects", *lines) == (0, 1, 0, [])

    project = Project.objects.get(filing_code=code)
    assert (project.name, project.station.name, project.address) == ("滨江新名", "西区监督站", "滨江路 1 号")
    assert (queries.policy_of(project).code, queries.policy_row(project).from_date) == ("two_tier", TODAY())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (["2377001", "听澜小学", "北区监督站", "", "", ""], "没有登记过这个监督站"),
        (["2377001", "", "东区监督站", "", "", ""], "请填写"),
        (["2377001", "听澜小学", "东区监督站", "拆除", "", ""], "只能填：在建、停工、竣工"),
        (["2377001", "听澜小学", "东区监督站", "", "", "随便"], "只能填：现场直接登记、"),
        (["2377001", "听澜小学", "东区监督站", "", "2024-02-30", ""], "没有这一天"),
    ],
)
def test_invalid_site_is_named_not_registered(cast, line, problem):
    cast.station()
    wrong = found_wrong(cast, "projects", SITES, line)
    assert list(wrong) == [2] and problem in wrong[2]
    assert not Project.objects.exists()


# participations


def test_chain_imports_in_any_order(cast):
    code = cast.binjiang.filing_code
    lines = [
        PLACES,
        [code, cast.antai.credit_code, "劳务分包", cast.hengli.credit_code],
        [code, cast.hengli.credit_code, "专业分包", cast.hongji.credit_code],
        [code, cast.hongji.credit_code, "施工总包", ""],
    ]
    assert [brought_in(cast, "participations", *lines) for _ in range(2)] == [(3, 0, 0, []), (0, 0, 3, [])]
    chain = {place.company: place.parent and place.parent.company for place in Participation.objects.all()}
    assert chain == {cast.hongji: None, cast.hengli: cast.hongji, cast.antai: cast.hengli}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (lambda cast: ["999", cast.hongji.credit_code, "施工总包", ""], "R-29"),
        (lambda cast: [cast.binjiang.filing_code, make("91990000", "99999999"), "施工总包", ""], "没有登记过这家企业"),
        (
            lambda cast: [cast.binjiang.filing_code, cast.antai.credit_code, "劳务分包", cast.yuanda.credit_code],
            "上级单位没有参建这个项目",
        ),
    ],
)
def test_invalid_place_is_named(cast, line, problem):
    cast.hongji, cast.yuanda  # noqa: B018
    wrong = found_wrong(cast, "participations", PLACES, line(cast))
    assert list(wrong) == [2] and problem in wrong[2]


def test_place_under_wrong_firm_is_refused(cast):
    labour = cast.labour_place
    company = cast.company("又一家劳务")
    line = [cast.binjiang.filing_code, company.credit_code, "劳务分包", labour.company.credit_code]
    item = commit(upload("participations", cast.admin, PLACES, line), cast.admin)
    assert (item.created, "R-65" in str(item.refused) or "上级单位" in str(item.refused)) == (0, True)
    assert not Participation.objects.filter(company=company).exists()


# contracts


def contract(cast, number: str = "HT-77", serial: int = 8401, **changes) -> list:
    values = {
        "code": cast.gc_place.project.filing_code,
        "company": cast.hongji.credit_code,
        "status": "",
        "phone": f"1549900{serial}",
    } | changes
    pm = ["周启明", invented_id(serial), values["phone"]]
    return [number, values["code"], values["company"], "总承包合同", values["status"], *pm]


def test_contracts_import_filed_or_draft_once(cast):
    lines = [CONTRACTS, contract(cast), contract(cast, "HT-78", 8402, status="未完成报送")]
    assert [brought_in(cast, "contracts", *lines) for _ in range(2)] == [(2, 0, 0, []), (0, 0, 2, [])]
    assert dict(ContractFiling.objects.values_list("number", "status")) == {"HT-77": "filed", "HT-78": "draft"}


def test_draft_imported_as_filed_is_filed(cast):
    brought_in(cast, "contracts", CONTRACTS, contract(cast, status="未完成报送"))
    assert brought_in(cast, "contracts", CONTRACTS, contract(cast, status="合同已报送")) == (0, 1, 0, [])
    assert ContractFiling.objects.get().status == "filed"


def test_new_pm_phone_is_imported(cast):
    brought_in(cast, "contracts", CONTRACTS, contract(cast))
    assert brought_in(cast, "contracts", CONTRACTS, contract(cast, phone="15499008499")) == (0, 1, 0, [])
    assert ContractFiling.objects.get().pm_phone.plain == "15499008499"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"code": "999"}, "R-29"), ({"company": "stranger"}, "没有参建这个项目"), ({"phone": "123"}, "手机号")],
)
def test_invalid_contract_is_named(cast, changes, problem):
    changes = {name: cast.yuanda.credit_code if value == "stranger" else value for name, value in changes.items()}
    wrong = found_wrong(cast, "contracts", CONTRACTS, contract(cast, **changes))
    assert list(wrong) == [2] and problem in wrong[2]


def test_contract_number_has_one_place(cast):
    brought_in(cast, "contracts", CONTRACTS, contract(cast))
    values = {
        "number": "HT-77",
        "filing_code": cast.binjiang.filing_code,
        "credit_code": cast.labour_place.company.credit_code,
        "name": "劳务合同",
        "pm_name": "周启明",
        "pm_number": invented_id(8401),
        "pm_phone": "15499008401",
    }
    assert refused(commands.take_over_contract, values, by=cast.admin) == (["R-70"], "合同 HT-77 属于另一处参建关系")


def test_absent_firm_has_no_contract(cast):
    values = {"filing_code": cast.binjiang.filing_code, "credit_code": cast.yuanda.credit_code, "number": "HT-1"}
    codes, sentence = refused(commands.take_over_contract, values, by=cast.admin)
    assert (codes, sentence) == (["R-69"], f"{cast.yuanda.credit_code} 没有参建滨江一期")
    with pytest.raises(Refused, match="未找到该报建编号"):
        commands.take_over_contract(values | {"filing_code": "999"}, by=cast.admin)


# permitted kinds of each role


def test_import_kinds_depend_on_role(cast):
    ours = {"projects", "participations", "contracts", "teams"}
    offered = {
        actor.name: {sheet.code for sheet in offered_to(actor)} & ours
        for actor in (cast.admin, cast.hr, cast.gc_pm, cast.regulator())
    }
    assert offered["系统管理员"] == {"projects", "participations", "contracts"}
    assert (offered["陈人事"], offered["王总包"], offered["钱监督"]) == ({"teams"}, set(), set())
    assert ours <= set(SHEETS)
