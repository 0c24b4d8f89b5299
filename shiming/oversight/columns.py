"""The columns of the authority's lists, the same on the page and in the file."""

from shiming.assignment import positions
from shiming.companies.models import Company
from shiming.dictionaries import queries as dictionaries
from shiming.oversight.queries import STATES
from shiming.web.table import Column


def _of_all(row) -> str:
    return f"{row.on_site}/{row.total}"


def _kind(row) -> str:
    return Company.Kind(row.contractor_kind).label if row.contractor_kind else ""


SITES = [
    Column("合同报送编号", "contract"),
    Column("报建编号", "filing_code"),
    Column("项目名称", "name", nowrap=False),
    Column("总包单位", "contractor", nowrap=False),
    Column("总包单位类型", render=_kind),
    Column("用人单位", "employers", kind="number"),
    Column("预登记人", "preregistered", kind="number"),
    Column("用人人员（在场数/总数）", render=_of_all),
]
PLACES = [
    Column("单位名称", "company.name", nowrap=False),
    Column("参建类型", "get_kind_display"),
    Column("上级单位", "parent.company.name", nowrap=False),
    Column("用人人员（在场数/总数）", render=_of_all),
]
PEOPLE = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("实名状态", "person.identity_status", kind="state"),
    Column("角色", render=lambda row: positions.label(row.role)),
    Column("工种", render=lambda row: dictionaries.label("trade", row.trade) if row.trade else ""),
    Column("班组", "team.name"),
    Column("进场状态", render=lambda row: STATES[row.state]),
    Column("进场日期", "entered_on", kind="date"),
    Column("退场日期", "exited_on", kind="date"),
]
TROUBLES = [
    Column("报建编号", "filing_code"),
    Column("项目名称", "name", nowrap=False),
    Column("逾期未确认", "late", kind="number"),
    Column("授权过期", "expired", kind="number"),
    Column("疑似漏办退场", "forgotten", kind="number"),
]
LATE = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("用人单位", "participation.company.name", nowrap=False),
    Column("分配日期", "allocated_on", kind="date"),
]
EXPIRED = [
    Column("现场操作用户", "person.name"),
    Column("单位", "participation.company.name", nowrap=False),
    Column("到期日期", "ends_on", kind="date"),
]
FORGOTTEN = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("用人单位", "company.name", nowrap=False),
    Column("进场日期", "entered_on", kind="date"),
    Column("最近考勤", "last_punch", kind="time"),
]
