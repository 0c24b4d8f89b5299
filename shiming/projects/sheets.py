"""The Excel kinds of projects, participations and contracts."""

from shiming.companies.models import Company
from shiming.companies.sheets import CODE_HEADS, credit_code
from shiming.core.actor import Actor
from shiming.core.refusals import Refusal, refusal, unnumbered
from shiming.dictionaries import queries as dictionaries
from shiming.imports.cells import day, digits, one_of, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import (
    NAME_HEADS,
    NUMBER_HEADS,
    PHONE_HEADS,
    guesses,
    id_number,
    names_agree,
    phone,
)
from shiming.people.sheet_columns import name as person_name
from shiming.projects import commands, policies
from shiming.projects.models import ContractFiling, Participation, Project, Station

KINDS = list(Company.Kind.values)
STATUSES = ContractFiling.Status
FILED_WORDS = [(STATUSES.FILED.value, STATUSES.FILED.label), (STATUSES.DRAFT.value, STATUSES.DRAFT.label)]


def stations_exist(rows: list[Row], by: Actor) -> None:
    known = set(Station.objects.values_list("name", flat=True))
    for row in rows:
        if row.values["station"] not in known:
            row.refuse(unnumbered("没有登记过这个监督站，请先在“监督站”里登记"), "station")


def places_fit(rows: list[Row], by: Actor) -> None:
    """Check that project and both firms exist, and that the parent takes part already or is in this file."""
    _known(rows, "filing_code", Project, "filing_code", refusal("R-29"))
    _known(rows, "credit_code", Company, "credit_code", unnumbered("没有登记过这家企业，请先导入企业"))
    here = {(row.values["filing_code"], row.values["credit_code"]) for row in rows}
    there = set(_places(rows))
    for row in rows:
        above = (row.values["filing_code"], row.values["parent_code"])
        if row.values["parent_code"] and above not in here | there:
            row.refuse(unnumbered("上级单位没有参建这个项目，也不在本文件里"), "parent_code")


def contracts_fit(rows: list[Row], by: Actor) -> None:
    _known(rows, "filing_code", Project, "filing_code", refusal("R-29"))
    there = set(_places(rows))
    for row in rows:
        if row.good and (row.values["filing_code"], row.values["credit_code"]) not in there:
            row.refuse(unnumbered("该企业没有参建这个项目，请先导入参建关系"), "credit_code")
    names_agree([row for row in rows if row.good], "pm_number", "pm_name")


def filed_people_fit(rows: list[Row], by: Actor) -> None:
    _known(rows, "contract", ContractFiling, "number", unnumbered("没有这份合同，请先导入合同信息报送"))
    for row in rows:
        if row.good and row.values["since"] and row.values["until"] and row.values["until"] < row.values["since"]:
            row.refuse(unnumbered("“至”早于“自”"), "until")
    names_agree([row for row in rows if row.good], "number", "name")


PROJECT_HEADS = ("报建号", "项目编号")
register(
    Sheet(
        "projects",
        "项目",
        columns=(
            Column("filing_code", "报建编号", digits, required=True, aliases=PROJECT_HEADS, width=22),
            Column("name", "项目名称", text(100), required=True, aliases=("工程名称",), width=36),
            Column(
                "station",
                "监督站",
                text(60),
                required=True,
                aliases=("所在监督站",),
                choices=lambda: list(Station.objects.order_by("name").values_list("name", flat=True)[:500]),
                width=24,
            ),
            Column(
                "status",
                "项目状态",
                one_of(lambda: Project.Status.choices),
                aliases=("状态",),
                choices=lambda: [status.label for status in Project.Status],
            ),
            Column("address", "地址", text(200), aliases=("项目地址",), width=36),
            Column("region", "行政区划", digits),
            Column("started_on", "开工日期", day, example="2024-03-15"),
            Column("finished_on", "竣工日期", day),
            Column(
                "policy",
                "用工流程",
                one_of(policies.offered_choices),
                choices=lambda: [label for _, label in policies.offered_choices()],
                width=26,
            ),
        ),
        key=("filing_code",),
        check=stations_exist,
        save=commands.take_over_project,
        note="报建编号相同的更新资料；改用工流程自导入当天起。",
    )
)
register(
    Sheet(
        "participations",
        "参建关系",
        columns=(
            Column("filing_code", "报建编号", digits, required=True, aliases=PROJECT_HEADS, width=22),
            Column("credit_code", "统一社会信用代码", credit_code, required=True, aliases=CODE_HEADS, width=24),
            Column(
                "kind",
                "参建类型",
                one_of(lambda: Company.Kind.choices),
                required=True,
                aliases=("总包单位类型", "企业类型"),
                choices=lambda: [kind.label for kind in Company.Kind],
            ),
            Column("parent_code", "上级单位信用代码", credit_code, aliases=("上级信用代码",), width=24),
        ),
        key=("filing_code", "credit_code"),
        check=places_fit,
        order=lambda row: KINDS.index(row.values["kind"]) if row.good else len(KINDS),
        save=commands.take_over_participation,
        note="总包没有上级；专业、劳务写上级单位的信用代码。",
    )
)
register(
    Sheet(
        "contracts",
        "合同信息报送",
        columns=(
            Column("number", "合同信息报送编号", digits, required=True, aliases=("合同报送编号", "合同编号"), width=24),
            Column("filing_code", "报建编号", digits, required=True, aliases=PROJECT_HEADS, width=22),
            Column("credit_code", "统一社会信用代码", credit_code, required=True, aliases=CODE_HEADS, width=24),
            Column("section_no", "标段号", digits),
            Column("name", "合同标段名称", text(120), required=True, aliases=("合同名称",), width=36),
            Column(
                "category",
                "合同类别",
                one_of(lambda: dictionaries.choices("contract_category")),
                choices=lambda: [label for _, label in dictionaries.choices("contract_category")],
            ),
            Column(
                "status",
                "合同状态",
                one_of(lambda: FILED_WORDS),
                choices=lambda: [label for _, label in FILED_WORDS],
            ),
            Column("filed_on", "报送日期", day, example="2024-03-15"),
            Column("pm_name", "项目负责人姓名", text(50), required=True, aliases=("项目负责人", "项目经理")),
            Column(
                "pm_number",
                "项目负责人身份证号",
                id_number,
                required=True,
                aliases=("身份证号", *NUMBER_HEADS),
                secret=True,
                guesses=guesses,
                width=24,
            ),
            Column(
                "pm_phone",
                "项目负责人手机号",
                phone,
                required=True,
                aliases=("手机号", "联系电话"),
                secret=True,
            ),
        ),
        key=("number",),
        check=contracts_fit,
        save=commands.take_over_contract,
        note="身份证号、手机号请用文本格式；合同状态空着即为已报送。",
    )
)


register(
    Sheet(
        "filed_people",
        "报送人员",
        columns=(
            Column(
                "contract", "合同信息报送编号", digits, required=True, aliases=("合同报送编号", "合同编号"), width=24
            ),
            Column(
                "number",
                "身份证号",
                id_number,
                required=True,
                aliases=NUMBER_HEADS,
                secret=True,
                guesses=guesses,
                width=24,
            ),
            Column("name", "姓名", person_name, required=True, aliases=NAME_HEADS),
            Column(
                "position",
                "岗位",
                one_of(lambda: dictionaries.every("position")),
                required=True,
                aliases=("职务", "管理岗位", "项目岗位"),
                choices=lambda: [label for _, label in dictionaries.choices("position")],
            ),
            Column("phone", "手机号", phone, aliases=PHONE_HEADS, secret=True),
            Column("since", "自", day, aliases=("起始日期", "开始日期"), example="2024-03-15"),
            Column("until", "至", day, aliases=("截止日期", "结束日期")),
        ),
        key=("contract", "number"),
        check=filed_people_fit,
        save=commands.take_over_filed_person,
        note="同一合同、同一身份证号的更新岗位与日期；“至”早于今天的，不再报送。",
    )
)


def _known(rows, name, model, field, otherwise: Refusal) -> None:
    asked = {row.values[name] for row in rows}
    known = set(model.objects.filter(**{f"{field}__in": asked}).values_list(field, flat=True))
    for row in rows:
        if row.values[name] not in known:
            row.refuse(otherwise, name)


def _places(rows):
    codes = {row.values["filing_code"] for row in rows}
    places = Participation.objects.filter(project__filing_code__in=codes, left_on=None)
    return places.values_list("project__filing_code", "company__credit_code")
