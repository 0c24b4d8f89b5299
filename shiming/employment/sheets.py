"""Excel import of a roster: registration of people and their hiring in one sheet."""

from shiming.core.actor import COMPANY_ROLES, Actor
from shiming.core.refusals import unnumbered
from shiming.dictionaries import queries as dictionaries
from shiming.employment import rules
from shiming.employment.commands.importing import take_on
from shiming.employment.models import Employment
from shiming.imports.cells import cards_as_text, day, last_day, money, one_of, text, yes
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.commands.guessing import count_told
from shiming.people.models import Person
from shiming.people.sheet_columns import (
    DOCUMENT,
    PHONE_HEADS,
    SEX,
    WHO,
    documents_agree,
    names_agree,
    phone,
    sexes_agree,
)
from shiming.projects.models import Team
from shiming.projects.policies import EmploymentMode

YES_OR_NO = ["是", "否"]
MODES = {EmploymentMode.INVITE: "邀请本人确认", EmploymentMode.DIRECT: "直接登记"}
TEAM_HEADS = (
    *(
        "班组名称",
        "劳务队",
        "所属劳务队",
        "所属班组",
        "施工队",
        "施工班组",
        "所在班组",
        "作业班组",
        "班组/劳务队",
        "队伍",
    ),
    *("作业队", "劳务队名称", "班组长/班组", "小组", "TEAM"),
)
TRADE_HEADS = (
    *("工种", "主要工种", "岗位工种", "职业工种", "工种/岗位", "工种名称", "专业工种", "作业工种", "从事工种", "岗位"),
    *("从事主要工种", "工种岗位", "工作类型", "工种类别", "TRADE"),
)


def teams(by: Actor) -> list[str]:
    return list(
        Team.objects.filter(company=by.company_id, closed_on=None).order_by("name").values_list("name", flat=True)
    )


def modes(by: Actor) -> list[str]:
    return [label for mode, label in MODES.items() if mode is EmploymentMode.INVITE or rules.may_register_directly(by)]


def people_fit(rows: list[Row], by: Actor) -> list[str]:
    """Check the rows against the register (R-07, R-05, R-06); return notes on new teams and incomplete rows."""
    sexes_agree(rows)
    documents_agree(rows)
    found = names_agree(rows, "number", "name")
    elsewhere = _employed_elsewhere(found, by)
    for row in rows:
        _fits(row, found.get(row.values["number"]), elsewhere, by)
    return [*_new_teams(rows, by), *_not_yet(rows)]


def words(table: str):
    return {
        "parse": one_of(lambda: dictionaries.every(table)),
        "choices": lambda: [label for _, label in dictionaries.choices(table)],
    }


YES = {"parse": yes, "choices": lambda: YES_OR_NO}

register(
    Sheet(
        "employments",
        "花名册",
        columns=(
            *WHO,
            SEX,
            DOCUMENT,
            Column("phone", "联系手机号", phone, aliases=PHONE_HEADS, secret=True),
            Column(
                "kind",
                "身份",
                one_of(
                    lambda: Employment.Kind.choices, {"工人": "worker", "作业人员": "worker", "管理人员": "manager"}
                ),
                aliases=("人员类型", "人员性质", "人员类别", "用工类型", "KIND"),
                choices=lambda: [kind.label for kind in Employment.Kind],
            ),
            Column("trade", "从事主要工种", aliases=TRADE_HEADS, width=24, **words("trade")),
            Column("team", "班组", text(60), aliases=TEAM_HEADS, offers=teams),
            Column(
                "is_leader", "是否班组长", aliases=("班组长", "是否劳务队长", "劳务队长", "是否组长", "是否队长"), **YES
            ),
            Column("education", "文化程度", aliases=("学历", "最高学历", "教育程度"), **words("education")),
            Column(
                "contract_start",
                "劳动合同生效日期",
                day,
                aliases=(
                    *("合同生效日期", "合同开始日期", "合同起始日期", "合同签订日期", "劳动合同开始日期"),
                    *("合同起", "劳动合同起", "合同期限起"),
                ),
                example="2026-03-15",
            ),
            Column(
                "contract_end",
                "劳动合同失效日期",
                last_day,
                aliases=(
                    *("合同失效日期", "合同结束日期", "合同终止日期", "合同到期日期", "劳动合同结束日期"),
                    *("合同止", "劳动合同止", "合同期限止"),
                ),
            ),
            Column("certificate_type", "证书类型", aliases=("证书", "持证情况"), **words("certificate_type")),
            Column("is_safety_assistant", "是否安全协管员", aliases=("安全协管员",), **YES),
            Column("is_temporary", "是否临时工", aliases=("临时工",), **YES),
            Column("day_rate", "点工日工资(元/日)", money, aliases=("点工日工资", "日工资", "工价", "日薪")),
            Column("bank", "工资卡开户行", text(60), aliases=("开户行", "开户银行", "银行", "发卡银行"), width=26),
            Column(
                "bank_card",
                "工资卡号",
                cards_as_text,
                aliases=("银行卡号", "工资卡", "银行账号", "工资卡账号", "卡号"),
                secret=True,
                width=26,
            ),
            Column("duty", "职务", text(30), aliases=("岗位职务",)),
            Column("title", "职称", text(30)),
            Column("social_insurance", "社保情况", text(30), aliases=("社保", "社保缴纳情况")),
            Column(
                "mode",
                "聘用方式",
                one_of(
                    lambda: [(mode.value, label) for mode, label in MODES.items()], {"邀请": "invite", "直接": "direct"}
                ),
                offers=modes,
            ),
        ),
        key=("number",),
        check=people_fit,
        count=count_told,
        save_many=take_on,
        roles=COMPANY_ROLES,
        note="没有建档的一并登记，聘用邀请发到本人手机；已在职的更新用工信息。",
        next_step="已实名的人已收到邀请，本人确认后在职；待建档的人核验通过后，邀请自动发出。在聘用管理里看每个人的进度。",
        shown_at="employment-list",
    )
)


def _employed_elsewhere(found: dict[str, Person], by: Actor) -> set:
    rows = Employment.objects.filter(person__in=[p.pk for p in found.values()], status__in=Employment.EMPLOYED)
    rows = rows.exclude(mode=EmploymentMode.IMPLICIT).exclude(company=by.company_id)
    return set(rows.values_list("person_id", flat=True))


def _fits(row: Row, person: Person | None, elsewhere: set, by: Actor) -> None:
    values, start, end = row.values, row.values["contract_start"], row.values["contract_end"]
    if start and end and end < start:
        row.refuse("R-11", "contract_end")
    if values["is_leader"] and not values["phone"] and not person:
        row.refuse("R-12", "phone")
    if values["mode"] == EmploymentMode.DIRECT:
        _fits_directly(row, person, by)
    if person and person.pk in elsewhere:
        row.refuse("R-05")
    elif person and person.identity_status in (Person.Status.UNVERIFIED, Person.Status.FAILED):
        row.refuse("R-06")


def _fits_directly(row: Row, person: Person | None, by: Actor) -> None:
    if not rules.may_register_directly(by):
        row.refuse(unnumbered("本企业没有“直接登记”的项目，请填：邀请本人确认"), "mode")
    elif not row.values["contract_start"]:
        row.refuse("R-10", "contract_start", label="劳动合同生效日期")
    elif not (person and person.verified):
        row.refuse("R-06")


def _new_teams(rows: list[Row], by: Actor) -> list[str]:
    known = set(teams(by))
    new = dict.fromkeys(row.values["team"] for row in rows if row.good and row.values["team"] not in {"", *known})
    return [f"将新建 {len(new)} 个班组：{'、'.join(list(new)[:12])}{' …' if len(new) > 12 else ''}"] if new else []


def _not_yet(rows: list[Row]) -> list[str]:
    count = sum(row.good and not _complete(row.values) for row in rows)
    return [f"{count} 行缺工种、班组或职务：聘用照办，以后在“完善建筑工人信息”补填"] if count else []


def _complete(values: dict) -> bool:
    if values["kind"] == Employment.Kind.MANAGER:
        return bool(values["duty"])
    return bool(values["trade"] and (values["team"] or values["is_leader"]))
