"""The three ledgers as papers: labels and widths of the columns, and the signatures."""

from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from shiming.core.actor import Actor
from shiming.ledgers import queries
from shiming.projects.models import Project

LEDGER = Path(__file__).with_name("paper") / "ledger.typ"
SIGNED_ON_SITE = ("制表人", "劳务员", "班组长", "项目负责人", "监理")
SIGNED_IN_FIRM = ("制表人", "人事负责人", "企业负责人（盖章）")
REST = (5, 6)  # Saturday and Sunday
NUMBER = {"label": "序号", "mm": 10, "align": "center"}


def roster(actor: Actor, *, project: Project | None = None, state: str = "") -> dict:
    where = [{"label": "所属单位", "fr": 2.2}] if project else []
    columns = [
        NUMBER,
        {"label": "姓名", "fr": 1.15},
        {"label": "性别", "mm": 10, "align": "center"},
        {"label": "年龄", "mm": 10, "align": "center"},
        {"label": "身份证号", "fr": 1.35},
        {"label": "联系电话", "fr": 1.35},
        {"label": "岗位工种", "fr": 1.5},
        {"label": "班组", "fr": 1.45},
        *where,
        {"label": "进场日期" if project else "在职起", "mm": 21, "align": "center"},
        {"label": "状态", "mm": 20, "align": "center"},
        {"label": "本人签字", "mm": 26},
    ]
    found = queries.roster(actor, project=project, state=state)
    rows = queries.numbered([*row, ""] for row in found)
    title = "施工现场人员花名册" if project else "在职人员花名册"
    return _paper(actor, title, project, f"截至 {timezone.localdate()}", columns, rows)


def entries(actor: Actor, *, first: date, last: date, project: Project | None = None) -> dict:
    columns = [
        NUMBER,
        {"label": "姓名", "fr": 1.1},
        {"label": "身份证号", "fr": 1.3},
        {"label": "所属单位" if project else "项目", "fr": 2.2},
        {"label": "班组", "fr": 1.5},
        {"label": "岗位工种", "fr": 1.5},
        {"label": "进场日期", "mm": 21, "align": "center"},
        {"label": "方式", "mm": 15, "align": "center"},
        {"label": "退场日期", "mm": 21, "align": "center"},
        {"label": "天数", "mm": 12, "align": "right"},
        {"label": "评价", "mm": 11, "align": "center"},
        {"label": "备注", "fr": 1.3},
    ]
    rows = queries.numbered(queries.entries(actor, project=project, first=first, last=last))
    return _paper(actor, "人员进退场台账", project, f"{first} 至 {last}", columns, rows)


def attendance(actor: Actor, *, project: Project, month: date) -> dict:
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = [first.replace(day=number) for number in range(1, last.day + 1)]
    columns = [
        {"label": "序号", "mm": 8, "align": "center"},
        {"label": "姓名", "fr": 1.5},
        {"label": "班组", "fr": 1.6},
        {"label": "工种", "fr": 1.6},
        *({"label": str(day.day), "mm": 5.9, "align": "center", "rest": day.weekday() in REST} for day in days),
        {"label": "天数", "mm": 8, "align": "center"},
        {"label": "工时", "mm": 10.5, "align": "center"},
        {"label": "签字", "mm": 15},
    ]
    rows = queries.numbered(queries.attendance(actor, project=project, first=first, last=last))
    note = "格内为当日工时；“缺进”“缺出”为少一次打卡，“待核”为打卡不成对或超过最长工时，“自动”为系统关闭待确认，“更正”为申请更正中，均不计入天数与工时；底色为周末。"
    paper = _paper(actor, "考勤表", project, f"{first:%Y} 年 {first.month} 月", columns, rows, note=note)
    return paper | {"size": 6.6, "inset": 0.7, "height": 4.4}


def _paper(actor: Actor, title, project, period, columns, rows, *, note: str = "") -> dict:
    now = timezone.localtime()
    return {
        "title": title,
        "subject": project.name if project else actor.company_name,
        "period": period,
        "head": _head(actor, project, len(rows), now),
        "columns": columns,
        "rows": rows,
        "note": note,
        "signatures": SIGNED_ON_SITE if project else SIGNED_IN_FIRM,
        "by": actor.name,
        "foot": f"{actor.company_name or ''} {actor.name} 制表　{now:%Y-%m-%d %H:%M}　证件号、手机号已掩码".strip(),
        "landscape": True,
        "size": 8.5,
        "inset": 4,
        "height": 5,
    }


def _head(actor: Actor, project: Project | None, count: int, now) -> list[tuple[str, str]]:
    people = f"{count:,}" if count < queries.MOST else f"前 {count:,}（还有更多，请分开打印）"
    if project is None:
        return [("单位名称", actor.company_name or ""), ("制表日期", f"{now:%Y-%m-%d}"), ("人次", people)]
    builder = getattr(project, "builder", None) or ""
    return [
        ("项目名称", project.name),
        ("报建编号", project.filing_code),
        ("施工总包", builder),
        ("项目地址", project.address),
        ("监督站", project.station.name),
        ("人次", people),
    ]
