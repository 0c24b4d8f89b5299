"""管理人员 as an Excel table [004]: the basic information of the form, and a sheet for each repeating block."""

from shiming.core.actor import KEEPERS, Actor
from shiming.core.refusals import Refusal, unnumbered
from shiming.dictionaries import regions
from shiming.employment import rules
from shiming.employment.commands.manager_import import import_manager
from shiming.employment.commands.managers import STARS
from shiming.employment.manager_blocks import names_of, refuse_too_many, sheets, words
from shiming.employment.models import Employment
from shiming.imports.cells import BadCell, Cell, Parse, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.commands.guessing import count_told
from shiming.people.sheet_columns import PHONE_HEADS, SEX, WHO, names_agree, phone, sexes_agree
from shiming.projects.policies import EmploymentMode


def managers_fit(rows: list[Row], by: Actor) -> list[str]:
    """R-07, R-05, the stars of those who are not registered yet, and what replaces the blocks of those who are."""
    if not rules.may_register_directly(by):
        for row in rows:
            row.refuse("R-42", contact=str(rules.may_register_directly.__doc__).strip())
        return []
    sexes_agree(rows)
    found = names_agree(rows, "number", "name")
    open_rows = _employed(found.values())
    here = {person for person, company in open_rows if company == by.company_id}
    elsewhere = {person for person, _ in open_rows} - here
    replaced = []
    for row in rows:
        refuse_too_many(row)
        person = found.get(row.values["number"])
        if person and person.pk in elsewhere:
            row.refuse("R-05")
        if person and person.pk in here:
            replaced += [row] if row.good and row.details else []
            continue
        for name in STARS:
            if not row.values[name]:
                row.refuse("R-10", name, label=STARS[name])
    new = sum(row.good and row.values["number"] not in found for row in rows)
    return [*([f"{new} 人没有建档，将登记为待核验"] if new else []), *_what_is_replaced(replaced)]


def _what_is_replaced(rows: list[Row]) -> list[str]:
    """Before the commit: a block that the file has for a person takes the place of the registered one."""
    if not rows:
        return []
    return [f"{len(rows)} 人已登记：文件里有的各条（{names_of(rows)}）整块换成文件里的，文件里没有的不动"]


def _employed(found) -> list[tuple]:
    rows = Employment.objects.filter(person__in=[person.pk for person in found], status__in=Employment.EMPLOYED)
    return list(rows.exclude(mode=EmploymentMode.IMPLICIT).values_list("person_id", "company_id"))


def region(least: int) -> Parse:
    """A division typed in short or whole; kept as the whole label."""

    def parse(cell: Cell) -> str:
        if not cell.text:
            return ""
        found = regions.find(cell.text)
        if found is None:
            raise BadCell(_unknown(cell.text))
        if not regions.reaches(found, least):
            raise BadCell(
                unnumbered(f"“{found.label}”下面还有一级，请写到{'区县' if least == regions.COUNTY else '市'}")
            )
        return found.label

    return parse


def _unknown(typed: str) -> Refusal:
    offered = "、".join(each.label for each in regions.search(typed, 3))
    return unnumbered(f"没有“{typed}”这个行政区划" + (f"，是不是：{offered}" if offered else ""))


register(
    Sheet(
        "managers",
        "管理人员",
        columns=(
            *WHO,
            SEX,
            Column("former_name", "曾用名", text(50)),
            words("duty", "职务", "position", "岗位", "岗位职务", example="安全员"),
            words("title", "职称", "title", example="工程师"),
            words("social_insurance", "社保情况", "social_insurance", "社保"),
            words("ethnicity", "民族", "ethnicity", example="汉族"),
            words("political_status", "政治面貌", "political_status"),
            words("household_type", "户口类型", "household_type", "户口性质"),
            Column("household_place", "户口所在地", region(regions.COUNTY), width=26, example="浙江省杭州市西湖区"),
            Column("residence", "现居住地址", region(regions.COUNTY), secret=True, width=26, example="上海市黄浦区"),
            Column("residence_detail", "现居住地详细地址", text(100), aliases=("详细地址",), secret=True, width=30),
            Column("native_place", "籍贯", region(regions.CITY), width=20, example="浙江省杭州市"),
            words("marital_status", "婚姻状况", "marital_status"),
            words("education", "最高学历", "education", "学历", "文化程度", example="本科"),
            words("education_type", "学历类型", "education_type"),
            words("degree", "最高学位", "degree", "学位"),
            Column("contact_phone", "联系电话", phone, aliases=("手机号码", *PHONE_HEADS[:1], "手机"), secret=True),
        ),
        key=("number",),
        check=managers_fit,
        count=count_told,
        save=import_manager,
        roles=KEEPERS,
        note="新登记的人，带星号的各项都要填；已登记的人只改填了的格子。教育、证书等各条各用一张工作表，凭身份证号对应到人。",
        next_step="登记已完成，本人会得知。照片与附件，在“管理人员登记”里逐人补填。",
        shown_at="manager-list",
        details=sheets(),
    )
)
