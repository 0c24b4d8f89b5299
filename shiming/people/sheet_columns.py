"""Columns with numbers, names and phones of people, and their comparison with the register."""

from collections.abc import Iterable

from shiming.core.errors import DomainError
from shiming.core.privacy import blind_index
from shiming.core.refusals import unnumbered
from shiming.idcard import names
from shiming.idcard.documents import CHOICES, kind_of
from shiming.idcard.number import InvalidIdNumber, candidates, parse
from shiming.imports.cells import NONE, BadCell, Cell, Parse, digits, numbers_as_text, one_of
from shiming.imports.sheet import Column, Row
from shiming.people.commands import checked_phone
from shiming.people.models import Person

NUMBER_HEADS = (
    *("身份证号码", "证件号", "证件号码", "身份证", "公民身份号码", "公民身份证号", "身份证编号", "身份证件号码"),
    *(
        "证号",
        "居民身份证号",
        "居民身份证号码",
        "身份号码",
        "证件编号",
        "身份证NO",
        "ID",
        "IDCARD",
        "ID号",
        "身份证件号",
    ),
)
NAME_HEADS = (
    "人员姓名",
    "员工姓名",
    "工人姓名",
    "员工名称",
    "工友姓名",
    "民工姓名",
    "人员",
    "名字",
    "职工姓名",
    "NAME",
)
PHONE_HEADS = (
    *("手机号", "手机号码", "联系电话", "手机", "电话", "电话号码", "联系方式", "移动电话", "本人电话", "本人手机"),
    *("联系手机", "手机电话", "联系人电话", "TEL", "MOBILE", "PHONE"),
)


def id_number(cell: Cell) -> str:
    typed = numbers_as_text(cell)
    if not typed:
        return ""
    try:
        found = parse(typed, guess=False)
    except InvalidIdNumber as wrong:
        raise BadCell(wrong.refusal) from wrong
    if found.birth_date is None:
        raise BadCell(unnumbered(f"{found.kind.label}的号码里没有出生日期，表格里不能登记：请用“未读卡人员登记”"))
    return found.number


def guesses(typed: str) -> list[str]:
    """Candidates for a wrong number; the clerk compares them with the card."""
    return [] if len(typed) > 24 else candidates(typed)[:5]


def phone(cell: Cell) -> str:
    typed = digits(cell).removesuffix(".0")
    try:
        return checked_phone(typed) if typed else ""
    except DomainError as error:
        raise BadCell(error.refusals[0]) from error


def name(cell: Cell) -> str:
    typed = names.normalise(cell.text)
    if typed and not names.acceptable(typed):
        raise BadCell(unnumbered(str(names.ALLOWED)))
    return typed


def sex(cell: Cell) -> str:
    return "" if cell.text in NONE else SEXES(cell)


SEXES: Parse = one_of(lambda: Person.Sex.choices, {"男性": "1", "女性": "2", "m": "1", "f": "2"})


def digest(number: str) -> str:
    return blind_index("id_number", number)


def known(numbers: Iterable[str]) -> dict[str, Person]:
    """{number: person} for the registered ones of these numbers, without the secrets."""
    digests = {digest(number): number for number in numbers if number}
    rows = Person.objects.filter(id_digest__in=digests).only("id_digest", "name", "identity_status", "version")
    return {digests[person.id_digest]: person for person in rows}


def names_agree(
    rows: list[Row], number: str, name: str, *, found: dict[str, Person] | None = None
) -> dict[str, Person]:
    """R-07 before anything is written: a known number has another name. `number` and `name` are column names."""
    found = known(row.values[number] for row in rows) if found is None else found
    for row in rows:
        person = found.get(row.values[number])
        given = row.values.get(name)
        if person and given and (refused := names.difference(person.name, given)):
            row.refuse(refused, name)
    return found


def sexes_agree(rows: list[Row]) -> None:
    """§7.1: compare the sex column with the number. Either may be wrong, so both cells are refused."""
    for row in rows:
        if not row.values["sex"]:
            continue
        try:
            parse(row.values["number"], sex=row.values["sex"], guess=False)
        except InvalidIdNumber as found:
            row.refuse(found.refusal, "number")
            row.refuse(unnumbered("与身份证号不一致，请对照证件核对两格"), "sex")


def documents_agree(rows: list[Row]) -> None:
    """Compare the column of the kind with the number: the number tells which document it is of."""
    for row in rows:
        if (given := row.values["document"]) and given != kind_of(row.values["number"]):
            row.refuse(unnumbered(f"证件号是{kind_of(row.values['number']).label}的，请对照证件核对"), "document")


# Who: the two columns at the start of every table of people.
WHO = (
    Column("name", "姓名", name, required=True, aliases=NAME_HEADS, example="张三"),
    Column(
        "number", "身份证号", id_number, required=True, aliases=NUMBER_HEADS, secret=True, width=24, guesses=guesses
    ),
)
SEX = Column("sex", "性别", sex, aliases=("男/女",), choices=lambda: [each.label for each in Person.Sex], width=10)
DOCUMENT = Column(
    "document",
    "证件类型",
    one_of(lambda: CHOICES, {"身份证": "resident", "二代身份证": "resident", "外国人永久居留证": "foreigner"}),
    aliases=("证件种类", "证件名称"),
    choices=lambda: [str(label) for _, label in CHOICES],
    width=20,
)
