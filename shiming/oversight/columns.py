"""The columns of the authority's lists, the same on the page and in the file."""

from shiming.assignment import positions
from shiming.dictionaries import queries as dictionaries
from shiming.health.announced import KINDS as ANNOUNCED_KINDS
from shiming.oversight.queries import STATES
from shiming.web.table import Column


def _of(on_site: str, total: str):
    return lambda row: f"{getattr(row, on_site)}/{getattr(row, total)}"


def _contractor_type(row) -> str:
    """总包单位类型 is a dictionary; its code is the kind of the company."""
    return dictionaries.label("contractor_type", row.contractor_kind) if row.contractor_kind else ""


def _trade(row) -> str:
    return dictionaries.label("trade", row.trade) if row.trade else ""


# [002] 2-20, in the printed order.
SITES = [
    Column("合同报送编号", "contract", sort="contract"),
    Column("报建编号", "filing_code", sort="filing"),
    Column("项目名称", "name", nowrap=False, sort="name"),
    Column("总包单位", "contractor", nowrap=False, sort="contractor"),
    Column("总包单位类型", render=_contractor_type),
    Column("用人单位", "employers", kind="number"),
    Column("预登记人", "preregistered", kind="number"),
    Column("用人人员（在场数/总数）", render=_of("on_site", "total"), sort="on_site"),
]
PLACES = [
    Column("单位名称", "company.name", nowrap=False),
    Column("参建类型", "get_kind_display"),
    Column("上级单位", "parent.company.name", nowrap=False),
    Column("建筑工人（在场/总数）", render=_of("workers_on", "workers")),
    Column("管理人员（在场/总数）", render=_of("managers_on", "managers")),
    Column("用人人员（在场数/总数）", render=_of("on_site", "total")),
]
ANNOUNCED = [
    Column("姓名", "name", sort="name"),
    Column("身份证号", "id_number", kind="id"),
    Column("人员类别", render=lambda row: ANNOUNCED_KINDS[row.kind]),
    Column("用人单位", "firm", nowrap=False),
    Column("随同", "comes_with"),
    Column("预登记日期", "registered_on", kind="date", sort="registered"),
]
PEOPLE = [
    Column("身份证号", "person.id_number", kind="id"),
    Column("实名状态", "person.identity_status", kind="state"),
    Column("角色", render=lambda row: positions.label(row.assignment.role)),
    Column("工种", render=_trade, sort="trade"),
    Column("班组", "team.name"),
    Column("进场状态", render=lambda row: STATES[row.state]),
    Column("进场日期", "entered_on", kind="date", sort="entered"),
    Column("退场日期", "left_on", kind="date"),
]
EMPLOYMENTS = [
    Column("单位", "company.name", nowrap=False),
    Column("身份", "get_kind_display"),
    Column("工种", render=_trade),
    Column("班组", "team.name"),
    Column("在职起", "started_at", kind="date"),
]
ASSIGNMENTS = [
    Column("项目", "project.name", nowrap=False),
    Column("单位", "participation.company.name", nowrap=False),
    Column("角色", render=lambda row: positions.label(row.role)),
    Column("班组", "team.name"),
    Column("确认日期", "confirmed_at", kind="date"),
]
STAYS = [
    Column("项目", "project.name", nowrap=False),
    Column("单位", "company.name", nowrap=False),
    Column("工种", render=_trade),
    Column("进场", "entered_at", kind="time"),
    Column("退场", "left_at", kind="time"),
]
TROUBLES = [
    Column("报建编号", "filing_code"),
    Column("项目名称", "name", nowrap=False),
    Column("问题", "wrong", nowrap=False),
    Column("合计", "troubles", kind="number"),
]
WHO = [Column("姓名", "person.name"), Column("身份证号", "person.id_number", kind="id")]
LATE = [
    *WHO,
    Column("用人单位", "participation.company.name", nowrap=False),
    Column("分配日期", "allocated_on", kind="date"),
]
EXPIRED = [
    Column("现场操作用户", "person.name"),
    Column("单位", "participation.company.name", nowrap=False),
    Column("到期日期", "ends_on", kind="date"),
]
FIRM = Column("用人单位", "company.name", nowrap=False)
ENTERED = Column("进场日期", "entered_on", kind="date")
FORGOTTEN = [*WHO, FIRM, ENTERED, Column("最近考勤", "last_punch", kind="time")]
UNSTAYED = [
    Column("姓名", "name"),
    Column("身份证号", "id_number", kind="id"),
    Column("考勤次数", "punches", kind="number"),
    Column("最近考勤", "last_punch", kind="time"),
]
TWICE = [*WHO, FIRM, ENTERED]
NO_CONTRACT = [*WHO, FIRM, ENTERED]
UNVERIFIED = [*WHO, FIRM, Column("实名状态", "person.identity_status", kind="state"), ENTERED]
INQUIRIES = [
    Column("项目名称", "project.name", nowrap=False),
    Column("问题", "label"),
    Column("发出时", "number", kind="number"),
    Column("发出时间", "created_at", kind="time"),
    Column("答复期限", "due_on", kind="date"),
    Column("状态", "status", kind="state"),
    Column("逾期", render=lambda row: "逾期" if row.overdue else ""),
]
INSPECTIONS = [
    Column("项目名称", "project.name", nowrap=False),
    Column("范围", render=lambda row: row.place.company.name if row.place else "全部单位", nowrap=False),
    Column("检查人", "by"),
    Column("开始", "created_at", kind="time"),
    Column("查完", "finished_at", kind="time"),
    Column("查到/应到", render=_of("met", "expected")),
]
