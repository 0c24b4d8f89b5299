"""Excel: eighty pre-registrations before Monday, and the readings of a whole site in one morning."""

import re

from shiming.core.actor import SITE_ROLES, Actor, Role
from shiming.core.errors import DomainError
from shiming.core.privacy import blind_index
from shiming.core.refusals import unnumbered
from shiming.dictionaries import regions
from shiming.employment.manager_sheets import region
from shiming.health import queries, readings
from shiming.health.commands.importing import moment_of, note_many, pre_register_row
from shiming.health.models import PreRegistration
from shiming.idcard.names import difference
from shiming.imports.cells import BadCell, Cell, day, text
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.commands.guessing import count_told
from shiming.people.sheet_columns import PHONE_HEADS, WHO, names_agree, phone

BETWEEN = re.compile(r"[、,，;；\s]+")
CLOCK = re.compile(r"(?:.*\s)?(\d{1,2})[:：](\d{2})(?::\d{2})?")


def symptoms(cell: Cell) -> list[str]:
    """Split a cell like 发热、咳嗽 into symptoms. Any word that begins with 无 counts as no symptom."""
    words = [word for word in BETWEEN.split(cell.text.strip()) if word]
    named = [readings.NOTHING if word.startswith("无") or word == "正常" else word for word in words]
    if unknown := [word for word in named if word not in readings.SYMPTOMS]:
        raise BadCell(unnumbered(f"没有“{unknown[0]}”这种症状"))
    try:
        return readings.symptoms(named) if named else []
    except DomainError as error:
        raise BadCell(error.refusals[0]) from error


def temperature(cell: Cell) -> str:
    try:
        return str(readings.temperature(cell.text)) if cell.text.strip() else ""
    except DomainError as error:
        raise BadCell(error.refusals[0]) from error


def clock(cell: Cell) -> str:
    """07:30, also behind a date; "" for an empty cell."""
    found = CLOCK.fullmatch(cell.text.strip())
    if not found:
        if cell.text.strip():
            raise BadCell(unnumbered("时间写成 07:30 这样"))
        return ""
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise BadCell(unnumbered("没有这个时间"))
    return f"{hour:02d}:{minute:02d}"


def preregistrations_fit(rows: list[Row], by: Actor) -> None:
    """R-07, R-36 and R-91 before anything is asked of 健康云; the declarations are asked at the import."""
    found = names_agree(rows, "number", "name")
    offered = {place.company.name: filings for place, filings in queries.employers(by)}
    people = {person.pk for person in found.values()}
    opened = PreRegistration.objects.filter(project=by.project_id, person__in=people, ended_at=None)
    registered = set(opened.values_list("person", flat=True))
    for row in rows:
        filings = offered.get(row.values["employer"])
        if not filings:
            row.refuse("R-36", "employer")
        elif len(filings) > 1 and row.values["contract"] not in {filing.number for filing in filings}:
            row.refuse(unnumbered("该单位有几份合同，请写明合同报送编号"), "contract")
        person = found.get(row.values["number"])
        if person and person.pk in registered:
            row.refuse("R-91", "number")


def readings_fit(rows: list[Row], by: Actor) -> None:
    """The person is pre-registered or on site, the time has passed, temperature and symptoms agree (W-01)."""
    subjects = queries.subjects(by, {blind_index("id_number", row.values["number"]) for row in rows})
    for row in rows:
        values = row.values
        found = subjects.get(blind_index("id_number", values["number"]))
        if found is None:
            row.refuse(unnumbered("该人员没有预登记，也不在场"), "number")
        elif refused := difference(found.person.name, values["name"]):
            row.refuse(refused, "name")
        if moment_of(values) is None:
            row.refuse(unnumbered("日期晚于现在"), "on")
        elif found and values["on"] < found.since:
            row.refuse(unnumbered(f"日期早于预登记或进场（{found.since}）"), "on")
        if (
            values["temperature"]
            and values["symptoms"]
            and readings.doubtful(values["symptoms"], values["temperature"])
        ):
            row.refuse("W-01", "temperature")


register(
    Sheet(
        "preregistrations",
        "进场预登记",
        columns=(
            *WHO,
            Column("origin", "出发地", region(regions.CITY), required=True, width=22, example="安徽省阜阳市"),
            Column(
                "employer",
                "用人单位",
                text(100),
                required=True,
                aliases=("单位", "所属单位", "劳务公司"),
                offers=lambda by: [place.company.name for place, filings in queries.employers(by) if filings],
                width=26,
            ),
            Column("contract", "合同报送编号", text(40), aliases=("合同编号", "合同信息报送编号")),
            Column("phone", "手机号", phone, aliases=PHONE_HEADS, secret=True),
        ),
        key=("number",),
        check=preregistrations_fit,
        count=count_told,
        save=pre_register_row,
        roles=SITE_ROLES,
        note="导入时逐人查询健康云：没有申报的、体温与症状不一致的不导入，列出原因；健康云带出手机号的，表里可以不填。",
        next_step="预登记已完成；没有导入的，改正后再导入，或在页面上逐人办理。",
        shown_at="preregistration-list",
    )
)
register(
    Sheet(
        "daily_health",
        "每日健康",
        columns=(
            *WHO,
            Column("on", "日期", day, required=True, aliases=("测量日期",), example="2026-12-01"),
            Column("clock", "时间", clock, aliases=("测量时间",), example="07:30"),
            Column(
                "symptoms", "健康状态", symptoms, required=True, aliases=("症状", "健康状况"), width=24, example="无"
            ),
            Column("temperature", "体温", temperature, required=True, aliases=("体温测量", "体温℃"), example="36.5"),
        ),
        check=readings_fit,
        save_many=note_many,
        roles=(*SITE_ROLES, Role.SUPERVISION_PM),
        note="已预登记的和在场的人员；一天可以几次。体温与症状不一致的不导入，请在页面上确认。",
        next_step="健康记录已保存。",
        shown_at="health-on-site",
    )
)
