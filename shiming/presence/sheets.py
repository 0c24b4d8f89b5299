"""The Excel kind for stays of an earlier system: one row is one stay with person, employment and rating."""

from django.utils import timezone

from shiming.core.actor import Actor
from shiming.core.refusals import unnumbered, worded
from shiming.dictionaries import queries as dictionaries
from shiming.imports.cells import day, last_day, one_of, text, yes
from shiming.imports.sheet import Column, Row, Sheet, register
from shiming.people.sheet_columns import PHONE_HEADS, SEX, WHO, names_agree, phone, sexes_agree
from shiming.presence.eligibility import EARLIER
from shiming.presence.models import Stay
from shiming.presence.past_days import overlapping
from shiming.presence.takeover import NOT_ENTERED, OFF_SITE, ON_SITE, concluded, places_named, take_over_past

STATES = {ON_SITE: "在场", OFF_SITE: "退场", NOT_ENTERED: "未进场"}
SAME_STATE = {
    "在册": ON_SITE,
    "在岗": ON_SITE,
    "已进场": ON_SITE,
    "已退场": OFF_SITE,
    "退工": OFF_SITE,
    "离场": OFF_SITE,
}
RATINGS = {"优秀": "excellent", "良好": "good", "中等": "fair", "一般": "fair", "较差": "poor", "不合格": "poor"}
VERIFIED = {"已认证": "verified", "已核验": "verified", "正常": "verified", "是": "verified", "否": "unverified"}


def past_fits(rows: list[Row], by: Actor) -> list[str]:
    """The site and the firm exist, names agree, and dates agree with states (R-25, R-45)."""
    places, today = places_named(rows), timezone.localdate()
    sexes_agree(rows)
    found = names_agree(rows, "number", "name")
    for row in rows:
        if (row.values["project"], row.values["company"]) not in places:
            row.refuse(
                worded("R-29", "没有这家企业参建的这个项目", hint="，请先导入项目与参建关系，或写报建编号与信用代码"),
                "project",
            )
        _state_fits(row, today)
    for row, other in overlapping(rows, places):
        hint = f"，与 {other} 的进退场重叠"
        row.refuse(worded("R-45", f"进场日期{EARLIER}", hint=hint), "entered_on")
    new = len({row.values["number"] for row in rows if row.good} - set(found))
    return [f"{new} 人没有建档，将按旧系统的实名状态登记，来源记为“导入”"] if new else []


def _state_fits(row: Row, today) -> None:
    values = row.values
    entered, exited = values["entered_on"], values["exited_on"]
    state = concluded(values)
    if state != NOT_ENTERED and not entered:
        row.refuse("R-10", "entered_on", label="进场日期")
    if state == OFF_SITE and not exited:
        row.refuse("R-10", "exited_on", label="退场日期")
    if state != OFF_SITE and exited:
        row.refuse(unnumbered(f"有退场日期的，状态不能是“{STATES[state]}”"), "state")
    if entered and entered > today:
        row.refuse("R-45", "entered_on", problem="晚于今天")
    if exited and (exited > today or (entered and exited < entered)):
        row.refuse("R-25", "exited_on", problem="晚于今天" if exited > today else "早于进场日期")
    if state == NOT_ENTERED and (entered or exited):
        row.refuse(unnumbered("有进退场日期的，状态不能是“未进场”"))


register(
    Sheet(
        "past",
        "旧系统进退场",
        columns=(
            *WHO,
            SEX,
            Column("phone", "手机号", phone, aliases=PHONE_HEADS, secret=True),
            Column(
                "education",
                "文化程度",
                one_of(lambda: dictionaries.every("education")),
                aliases=("学历",),
                choices=lambda: [label for _, label in dictionaries.choices("education")],
            ),
            Column(
                "company",
                "用人单位",
                text(100),
                required=True,
                aliases=("单位", "单位名称", "所属单位", "企业名称", "劳务公司", "用工单位", "统一社会信用代码"),
                width=32,
            ),
            Column(
                "project",
                "项目（报建编号或名称）",
                text(100),
                required=True,
                aliases=("项目", "报建编号", "项目名称", "工程名称", "工地"),
                width=32,
            ),
            Column(
                "trade",
                "从事主要工种",
                one_of(lambda: dictionaries.every("trade")),
                aliases=("工种", "主要工种", "岗位工种"),
                choices=lambda: [label for _, label in dictionaries.choices("trade")],
            ),
            Column("team", "所属劳务队", text(60), aliases=("班组", "劳务队", "所属班组", "所属劳务队长")),
            Column("is_leader", "劳务队长", yes, aliases=("是否劳务队长", "是否班组长", "班组长")),
            Column("entered_on", "进场日期", day, aliases=("进场时间", "入场日期", "进场"), example="2024-03-15"),
            Column("exited_on", "退场日期", last_day, aliases=("退工日期", "退场时间", "离场日期", "退场")),
            Column(
                "rating",
                "用工评价",
                one_of(lambda: Stay.Rating.choices, RATINGS),
                aliases=("评价", "退场评价", "评价等级"),
                choices=lambda: [rating.label for rating in Stay.Rating],
            ),
            Column("rating_note", "评价内容", text(200), aliases=("评语", "评价说明"), width=30),
            Column(
                "state",
                "进场状态",
                one_of(lambda: STATES.items(), SAME_STATE),
                aliases=("状态", "在场状态", "人员状态"),
                choices=lambda: list(STATES.values()),
            ),
            Column(
                "verified",
                "实名状态",
                one_of(lambda: [("verified", "已实名"), ("unverified", "未实名")], VERIFIED),
                aliases=("是否实名", "实名", "认证状态"),
                choices=lambda: ["已实名", "未实名"],
            ),
        ),
        key=("number", "project", "entered_on"),
        check=past_fits,
        order=lambda row: (row.cells["number"].text if "number" in row.cells else "", row.number),
        save_many=take_over_past,
        note="旧系统导出的人员与进退场历史：一行一次进退场，评价与状态照旧。先导入企业、项目与参建关系。",
    )
)
