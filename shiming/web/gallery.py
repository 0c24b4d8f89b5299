"""Every component on one page, for developers and reviewers. Not in production."""

import datetime

import segno
from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from shiming.core.actor import Actor, Door, Role
from shiming.core.doors import public
from shiming.core.refusals import refusal
from shiming.web.menu import Group, Item
from shiming.web.paging import SIZES, Page
from shiming.web.table import Action, Column, Empty, Select, Table
from shiming.web.typed import DayField, NameField, NumberField, SearchField

MANAGER = Actor(
    role=Role.PM,
    door=Door.SITE,
    name="周启明",
    project_id="00000000-0000-7000-8000-000000000001",
    participation_id="00000000-0000-7000-8000-000000000002",
    company_id="00000000-0000-7000-8000-000000000003",
    company_name="宏基建设工程有限公司",
    project_name="滨江一期住宅项目",
)
NAMES = [
    "陆文轩",
    "苏晓岚",
    "何东来",
    "卫建国",
    "沈一诺",
    "高远",
    "欧阳长河",
    "田喜",
    "范成业",
    "马小满",
    "罗四平",
    "白石",
    "柳如新",
    "程大海",
    "武安",
]
TRADES = ["钢筋工", "木工(模板工)", "架子工", "抹灰、镶贴工", "油漆工", "建筑、装饰工程普工"]
STATES = [
    ("active", "在职"),
    ("invited", "聘用待确认"),
    ("awaiting_identity", "待建档"),
    ("dismissal_pending", "解聘待确认"),
    ("ended", "离职"),
    ("rejected", "已拒绝"),
]
COLUMNS = [
    Column("姓名", "name", href=lambda row: "/_gallery/", sort="name"),
    Column("证件号", "id_number", kind="id"),
    Column("用人单位", "company", nowrap=False),
    Column("从事主要工种", "trade"),
    Column("联系电话", "phone", kind="id"),
    Column("邀请日期", "invited_on", kind="date", sort="invited"),
    Column("工日", "days", kind="number"),
    Column("状态", "status", kind="state"),
]


class SampleFilters(forms.Form):
    name = SearchField(label="姓名")
    id_number = SearchField(label="证件号")
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES])
    trade = forms.ChoiceField(
        label="从事主要工种", required=False, choices=[("", "全部"), *((each, each) for each in TRADES)]
    )


class SampleForm(forms.Form):
    name = NameField(label="姓名")
    id_number = NumberField(label="身份证号", help_text="18 位；末位为 X 的请填 X。")
    trade = forms.ChoiceField(label="从事主要工种", choices=[("", "请选择"), *((each, each) for each in TRADES)])
    contract_start = DayField(label="劳动合同生效日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="身份", choices=[("worker", "建筑工人"), ("manager", "管理员")], widget=forms.RadioSelect
    )
    is_leader = forms.BooleanField(label="是班组长", required=False)
    note = forms.CharField(label="解聘原因", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    photo = forms.ImageField(label="身份证人像面", required=False)
    portrait = forms.ImageField(label="本人照片", required=False)


def _shell(actor, phone=False):
    pages = [
        ("首页", "home", 0, True), ("人员分配", "users-plus", 0, False), ("进退场管理", "door-enter", 0, True),
        ("项目经理进退场管理", "user-cog", 0, False), ("退场管理", "door-exit", 0, False), ("考勤扫码", "scan", 0, True),
        ("考勤更正", "edit", 2, False), ("用工查询", "search", 0, True), ("现场操作用户", "key", 0, False), ("待办", "inbox", 7, True),
    ]  # fmt: skip
    icons = {"users-plus": "users-group"}
    items = [
        Item(label, "/_gallery/", icons.get(icon, icon), index == 2, badge, tab)
        for index, (label, icon, badge, tab) in enumerate(pages)
    ]
    groups = [
        Group("", items[:1]),
        Group("人员进出", items[1:5]),
        Group("考勤", items[5:7]),
        Group("查询与授权", items[7:]),
    ]
    tabs = [
        Item("待办", "/_gallery/", "inbox", False, 2, True),
        Item("建设码", "/_gallery/", "qrcode", True, 0, True),
        Item("扫工地码", "/_gallery/", "scan", False, 0, True),
        Item("考勤", "/_gallery/", "calendar-month", False, 0, True),
        Item("我的", "/_gallery/", "user", False, 0, True),
    ]
    return {
        "actor": actor,
        "door": {"key": "site", "label": actor.door.label},
        "menu": groups,
        "tabs": tabs if phone else [],
    }


def _rows(count):
    start = datetime.date(2025, 3, 3)
    return [
        {
            "pk": index,
            "name": NAMES[index % len(NAMES)],
            "id_number": f"119*****{(index * 37) % 1000:03d}",
            "company": "安泰劳务有限公司" if index % 3 else "恒远建筑装饰工程（集团）股份有限公司",
            "trade": TRADES[index % len(TRADES)],
            "phone": f"138*****{(index * 91) % 1000:03d}",
            "invited_on": start + datetime.timedelta(days=index),
            "days": (index * 7) % 27,
            "status": STATES[index % len(STATES)][0],
            "status_label": STATES[index % len(STATES)][1],
        }
        for index in range(count)
    ]


def _table(count=14):
    urls = {"name": "?sort=name", "invited": "?sort=-invited"}
    page = Page(
        _rows(count),
        20,
        41,
        10_001,
        True,
        "?cursor=a",
        "?cursor=b",
        [(size, f"?size={size}", size == 20) for size in SIZES],
        "invited",
        urls,
    )
    batch = [
        Action("批量处理", "/_gallery/", "post", "checks", "primary", confirm="确认为所选人员办理进场？"),
        Action("导出", "/_gallery/", "post", "download"),
    ]
    return Table(
        COLUMNS,
        page,
        caption="聘用关系",
        actions=_actions,
        select=Select(batch, may=lambda row: row["status"] != "ended"),
    )


def _actions(row):
    yield Action("查看", "/_gallery/dialog/", "dialog")
    if row["status"] == "invited":
        yield Action("撤回", "/_gallery/", "post", confirm=f"撤回对{row['name']}的聘用邀请？")
    if row["status"] == "active":
        yield Action("解聘", "/_gallery/dialog/", "dialog", tone="danger")


CHAIN = [
    {"kind": "总包", "label": "宏基建设工程有限公司", "count": 128, "href": "/_gallery/", "children": [
        {"kind": "专业", "label": "恒远建筑装饰工程（集团）股份有限公司", "count": 46, "children": [
            {"kind": "劳务", "label": "安泰劳务有限公司", "count": 38}]},
        {"kind": "劳务", "label": "同力建筑劳务有限公司", "count": 212, "note": "合同已报送"}]},
    {"kind": "监理", "label": "正衡工程监理有限公司", "count": 6},
]  # fmt: skip


def _story():
    at = datetime.datetime(2025, 6, 3, 7, 12)
    tell = [
        ("周启明扫码，卫建国进场", "ok", "door-enter", ""), ("周启明同意分配到滨江一期住宅项目", "ok", "check", "班组：钢筋一组"),
        ("安泰劳务有限公司申请分配", "wait", "clock", ""), ("身份核验未通过", "stop", "x", "照片不清楚，已请本人重拍"), ("本人上传身份证照片", "", "", ""),
    ]  # fmt: skip
    return [
        {
            "at": at - datetime.timedelta(days=n),
            "sentence": s,
            "tone": tone,
            "icon": icon,
            "note": note,
            "by": "系统" if n > 2 else "",
        }
        for n, (s, tone, icon, note) in enumerate(tell)
    ]


def _days():
    tones = [
        ("ok", "9.5时"),
        ("ok", "10时"),
        ("ok", "8时"),
        ("alarm", "缺出"),
        ("ok", "9时"),
        ("wait", "更正中"),
        ("", ""),
    ]
    return {
        datetime.date(2025, 6, day): (*tones[day % 7], "/_gallery/phone/" if tones[day % 7][0] else "")
        for day in range(1, 21)
    }


def _forms():
    bad = SampleForm({"bad-name": "卫建国", "bad-id_number": "119900199001010011", "bad-kind": "worker"}, prefix="bad")
    bad.add_error("id_number", "身份证号码无效，请核对第 18 位；可能是 119900199001010015")
    return {"form": SampleForm(prefix="good"), "bad_form": bad, "filters": SampleFilters({"status": "active"})}


@public(methods=("GET", "POST"))
def show(request):
    codes = [refusal("R-20"), refusal("R-21")]
    context = _shell(MANAGER) | _forms() | {"table": _table(), "chain": CHAIN, "story": _story(), "codes": codes}
    context |= {
        "buttons": {"R-20": ("提醒项目经理", "/_gallery/")},
        "states": STATES_SHOWN,
        "bare": Table(
            COLUMNS[:3],
            [],
            empty=Empty(
                "还没有聘用任何人",
                "从姓名和证件号开始，本人在手机上确认后即在职。",
                "新建聘用关系",
                "/_gallery/dialog/",
                "user-plus",
                "dialog",
            ),
        ),
    }
    return render(request, "web/gallery/console.html", context)


STATES_SHOWN = [
    *STATES,
    ("verified", "已实名"),
    ("pending", "待核验"),
    ("failed", "核验失败"),
    ("on_site", "在场"),
    ("missing_out", "缺出"),
    ("suspended", "停工"),
    ("under_construction", "在建"),
    ("draft", "待提交"),
    ("revoked", "已收回"),
    ("running", "进行中"),
]


@public(methods=("GET", "POST"))
def phone(request):
    person = Actor(role=Role.PERSON, door=Door.PERSON, name="卫建国", person_id="00000000-0000-7000-8000-000000000009")
    context = (
        _shell(person, phone=True)
        | _forms()
        | {
            "days": _days(),
            "codes": [refusal("R-20"), refusal("R-48")],
            "buttons": {"R-20": ("提醒项目经理", "/_gallery/phone/")},
            "table": _table(3),
        }
    )
    return render(
        request, "web/gallery/phone.html", context | {"qr": _qr("https://example.invalid/c/9f3a"), "face": _face()}
    )


@public(methods=("GET", "POST"))
def scan(request):
    if request.method == "GET":
        return render(request, "web/gallery/scan.html", _shell(MANAGER, phone=True))
    tone = {"1": "ok", "2": "warn"}.get(request.POST.get("code", "")[:1], "stop")
    return render(request, "web/gallery/verdict.html", {"tone": tone, "face": _face(), "codes": [refusal("R-21")]})


@public(methods=("GET", "POST"))
def dialog(request):
    form = SampleForm(request.POST or None, request.FILES or None)
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "web/gallery/dialog.html", _shell(MANAGER) | {"form": form}, status=status)


@public(methods=("GET",))
def entrance(request):
    return render(request, "web/gallery/entrance.html", {"form": SampleForm()})


@public(methods=("GET",))
def paper(request):
    return render(
        request,
        "web/gallery/paper.html",
        {"qr": _qr("https://example.invalid/s/77"), "table": Table(COLUMNS[:6], _rows(8), caption="花名册")},
    )


@public(methods=("GET", "POST"))
def refused(request):
    context = _shell(MANAGER) | {"refusals": [refusal("R-24"), refusal("R-05")]}
    page = "web/refusals.html" if request.htmx else "web/refused.html"
    return render(request, page, context, status=422)


@public(methods=("GET",))
def error(request, status):
    return (
        render(request, f"{status}.html", status=status) if status in (403, 404, 409, 500) else HttpResponse(status=404)
    )


def _qr(text):
    return segno.make(text, error="m").svg_data_uri(scale=8, border=0, dark="#0a2029")


def _face():
    """A drawn head and shoulders, not a photo."""
    drawing = (
        "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 120'%3E"
        "%3Crect width='90' height='120' fill='%23cfe2e8'/%3E"
        "%3Cpath d='M12 120c0-26 14-38 33-38s33 12 33 38z' fill='%23174e61'/%3E"
        "%3Cellipse cx='45' cy='56' rx='19' ry='24' fill='%23e2b796'/%3E"
        "%3Cpath d='M22 48a23 24 0 0 1 46 0z' fill='%23ff8a3d'/%3E"
        "%3Cpath d='M17 48h56' stroke='%23c2410c' stroke-width='5' stroke-linecap='round'/%3E%3C/svg%3E"
    )
    return "data:image/svg+xml," + drawing
