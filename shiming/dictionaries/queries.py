"""Editable code tables: trades, education, positions … (domain.md §3.10).

A code is the word as first entered (`钢筋工`), so that a row is readable in every print; a changed label shows everywhere
without an update of rows. One query per request reads all tables.
"""

from typing import NamedTuple

from shiming.core.per_request import per_request
from shiming.dictionaries.models import DictionaryEntry

TABLES = {
    "trade": "工种",
    "education": "文化程度",
    "political_status": "政治面貌",
    "position": "管理岗位",
    "certificate_type": "证书类型",
    "credential": "证书名称",
    "ethnicity": "民族",
    "marital_status": "婚姻状况",
    "household_type": "户口类型",
    "contract_category": "合同类别",
    "attachment_type": "附件类型",
    "education_type": "学历类型",
    "degree": "学位",
    "title": "职称",
    "skill_level": "职称等级",
    "social_insurance": "社保情况",
    "relation": "与本人关系",
    "disposition": "处置方式",
    "contractor_type": "总包单位类型",
    "restriction_category": "限制进场类别",
    "bulletin": "公告类别",
}
ELSEWHERE = ("holiday",)  # read only by the calendar of working days


class Entry(NamedTuple):
    """`extra`: `national` code of the platform, `maps_to` for imported labels, `one_per` project or participation,
    `trades` that ask for a certificate."""

    code: str
    label: str
    active: bool
    extra: dict


def choices(table: str, *, blank: str | None = None) -> list[tuple[str, str]]:
    """The choices of a form: active entries in order, without labels that occur only in old imports."""
    offered = [(e.code, e.label) for e in entries(table) if e.active and "maps_to" not in e.extra]
    return offered if blank is None else [("", blank), *offered]


def every(table: str) -> list[tuple[str, str]]:
    """The words an import accepts: active entries, including labels of old registers."""
    return [(e.code, e.label) for e in entries(table) if e.active]


def label(table: str, code: str) -> str:
    """The label of a code, also of an inactive one; an unknown code is returned unchanged."""
    entry = _tables().get(table, {}).get(code)
    return entry.label if entry else code


def details(table: str, code: str) -> dict:
    entry = _tables().get(table, {}).get(code)
    return entry.extra if entry else {}


def canonical(table: str, code: str) -> str:
    """The current code of an imported label, such as 高中 for 相当高中毕业."""
    return details(table, code).get("maps_to", code)


def find(table: str, text: str) -> str | None:
    """The code of a typed or imported label or code; None if unknown."""
    typed = text.strip()
    return next((e.code for e in entries(table) if typed in (e.code, e.label)), None)


def entries(table: str) -> list[Entry]:
    return list(_tables().get(table, {}).values())


@per_request
def _tables() -> dict[str, dict[str, Entry]]:
    tables: dict[str, dict[str, Entry]] = {}
    rows = DictionaryEntry.objects.exclude(table__in=ELSEWHERE).order_by("table", "order", "code")
    for table, *fields in rows.values_list("table", "code", "label", "active", "extra"):
        tables.setdefault(table, {})[fields[0]] = Entry(*fields)
    return tables
