"""The Excel kind 企业."""

from shiming.companies import commands
from shiming.companies.credit_code import InvalidCreditCode, parse
from shiming.companies.models import Company
from shiming.core.refusals import unnumbered
from shiming.imports.cells import BadCell, Cell, digits, last_day, one_of, text
from shiming.imports.sheet import Column, Sheet, register


def credit_code(cell: Cell) -> str:
    try:
        return parse(digits(cell)) if cell.text else ""
    except InvalidCreditCode as error:
        raise BadCell(unnumbered(str(error))) from error


CODE_HEADS = ("信用代码", "统一信用代码", "企业信用代码", "组织机构代码", "统一社会信用代码/组织机构代码")

COMPANIES = register(
    Sheet(
        "companies",
        "企业",
        columns=(
            Column("name", "企业名称", text(100), required=True, aliases=("单位名称", "公司名称"), width=32),
            Column("credit_code", "统一社会信用代码", credit_code, required=True, aliases=CODE_HEADS, width=24),
            Column(
                "kind",
                "企业类型",
                one_of(lambda: Company.Kind.choices),
                required=True,
                aliases=("类型", "单位类型"),
                choices=lambda: [kind.label for kind in Company.Kind],
            ),
            Column("address", "注册地址", text(200), aliases=("地址",), width=36),
            Column("contact", "联系人", text(50)),
            Column("phone", "联系电话", digits, aliases=("电话",)),
            Column("certificate_id", "唯一标识码", text(60)),
            Column("certificate_serial", "证书序列号", digits, width=24),
            Column("certificate_until", "证书有效期至", last_day, example="2027-03-15"),
            Column("certificate_holder", "证书持有人", text(50)),
        ),
        key=("credit_code",),
        save=commands.take_over,
        note="同一信用代码的企业更新资料，没有的新登记。",
    )
)
