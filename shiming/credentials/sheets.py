"""The Excel kind of certificates."""

from shiming.assignment.queries import not_recordable, recordable
from shiming.core.actor import KEEPERS, Actor
from shiming.core.refusals import unnumbered
from shiming.credentials.commands import take_over
from shiming.dictionaries import queries as dictionaries
from shiming.imports.cells import day, last_day, one_of, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import WHO, names_agree


def certificates_fit(rows: list[Row], by: Actor) -> None:
    workers = recordable(by, (row.values["number"] for row in rows))
    for row in rows:
        if row.values["number"] not in workers:
            row.refuse(not_recordable().refusals[0], "number")
        start, end = row.values["valid_from"], row.values["valid_until"]
        if start and end and end < start:
            row.refuse(unnumbered("早于有效期自，请对照证书核对"), "valid_until")
    names_agree([row for row in rows if row.good], "number", "name")


register(
    Sheet(
        "credentials",
        "人员证书",
        columns=(
            *WHO,
            Column(
                "credential",
                "证书名称",
                one_of(lambda: dictionaries.every("credential")),
                required=True,
                aliases=("证书", "操作类别", "证书类别"),
                choices=lambda: [label for _, label in dictionaries.choices("credential")],
                width=32,
            ),
            Column("serial", "证书编号", text(60), required=True, aliases=("证书号", "编号"), width=24),
            Column("issuer", "授予单位", text(60), aliases=("发证机关", "颁发单位", "发证单位"), width=24),
            Column("valid_from", "有效期自", day, aliases=("发证日期", "初领日期"), example="2025-06-01"),
            Column(
                "valid_until",
                "有效期至",
                last_day,
                required=True,
                aliases=("有效期", "到期日期", "使用期至"),
                example="2027-05-31",
            ),
        ),
        key=("number", "credential", "serial"),
        check=certificates_fit,
        save=take_over,
        roles=KEEPERS,
        note="已登记的证书按证书名称和编号认出，再导入即更新有效期。没有期限的，有效期至写“长期”。",
        shown_at="credential-list",
    )
)
