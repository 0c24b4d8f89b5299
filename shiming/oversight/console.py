"""监督端：首页、实名制作业人员信息查询（项目 → 用人单位 → 人员）、问题项目。"""

from datetime import date
from functools import partial

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from shiming.core.actor import Actor, Role
from shiming.core.doors import console
from shiming.employment.queries import overdue_leaves
from shiming.oversight import commands, queries, rules, troubles
from shiming.oversight.columns import EXPIRED, FORGOTTEN, LATE, PEOPLE, PLACES, SITES, TROUBLES
from shiming.oversight.forms import DayFilter, PeopleFilter, SiteFilter
from shiming.projects.models import Participation, Project
from shiming.web.export import hand_out
from shiming.web.paging import page
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

SITE_ORDER = ("filing_code", "pk")
PLACE_ORDER = ("created_at", "pk")
PEOPLE_ORDER = ("-confirmed_at", "pk")


@console(Role.REGULATOR, methods=("GET",))
def home(request):
    """此刻多少工地、多少人；哪里有问题。"""
    actor, today = request.actor, timezone.localdate()
    rows = troubles.projects(actor).order_by("-troubles", "pk")
    context = {
        "today": today,
        "station": queries.stations(actor)[0],
        "figures": queries.figures(actor, today),
        "overdue": overdue_leaves(actor).count(),
        "troubled": rows.count(),
        "counted_at": troubles.counted_at(actor),
        "table": _troubles(rows[:5]),
    }
    return render(request, "oversight/home.html", context)


@console(Role.REGULATOR, methods=("GET",))
def sites(request):
    """实名制作业人员信息查询"""
    form, on, rows = _sites(request)
    table = Table(
        SITES,
        page(rows, request, order=SITE_ORDER, keys_first=True),
        caption="项目",
        file=reverse("oversight-sites-export"),
        actions=lambda row: [Action("查看", _address("oversight-site", row.pk, on))],
        empty=Empty(icon="crane"),
    )
    context = {"form": form, "table": table, "on": on}
    return render(request, "oversight/sites.html", context)


@console(Role.REGULATOR, methods=("POST",))
@fresh_login
def sites_export(request):
    """POST /oversight/sites/export/ — 查询结果，一行一个项目"""
    _, on, rows = _sites(request)
    kind = f"实名制作业人员信息（截至 {on}）"
    told = partial(_tell, kind, request.actor)
    return hand_out(request, SITES, rows.order_by(*SITE_ORDER), name=f"实名制作业人员信息 {on}", note=told)


@console(Role.REGULATOR, methods=("GET",))
def site(request, pk):
    """一个项目的用人单位"""
    project, (form, on) = _project(request.actor, pk), _day(request)
    table = Table(
        PLACES,
        page(queries.places(request.actor, project, on), request, order=PLACE_ORDER),
        caption="用人单位",
        actions=lambda row: [Action("查看", _address("oversight-place", row.pk, on))],
        empty=Empty("这一天还没有参建单位", "换一个截至日期再看。", icon="building"),
    )
    return render(request, "oversight/site.html", {"form": form, "project": project, "on": on, "table": table})


@console(Role.REGULATOR, methods=("GET",))
def place(request, pk):
    """一家用人单位的人"""
    found = _place(request.actor, pk)
    form, on, rows = _people(request, found)
    name = Column("姓名", "person.name", href=lambda row: reverse("person", args=[row.person_id]))
    table = Table(
        [name, *PEOPLE[1:]],
        page(rows, request, order=PEOPLE_ORDER),
        caption="用人人员",
        file=reverse("oversight-place-export", args=[pk]),
        empty=Empty("没有符合条件的人员", "换一个截至日期，或放宽查询条件。", icon="users"),
    )
    context = {"form": form, "place": found, "on": on, "table": table}
    return render(request, "oversight/place.html", context)


@console(Role.REGULATOR, methods=("POST",))
@fresh_login
def place_export(request, pk):
    """POST /oversight/places/<pk>/export/ — 一家单位的人，号码打码"""
    found = _place(request.actor, pk)
    _, on, rows = _people(request, found)
    kind = f"{found.company}用人人员（截至 {on}）"
    told = partial(_tell, kind, request.actor, project_id=found.project_id)
    return hand_out(request, PEOPLE, rows.order_by(*PEOPLE_ORDER), name=f"{found.company} {on}", note=told)


@console(Role.REGULATOR, methods=("GET",))
def trouble_list(request):
    """问题项目"""
    rows = page(troubles.projects(request.actor), request, order=("-troubles", "pk"))
    context = {"table": _troubles(rows), "days": _days(), "counted_at": troubles.counted_at(request.actor)}
    return render(request, "oversight/troubles.html", context)


@console(Role.REGULATOR, methods=("GET",))
def trouble(request, pk):
    """一个项目的问题，一件一件"""
    project = _project(request.actor, pk)
    context = {
        "project": project,
        "days": _days(),
        "late": _short(LATE, troubles.late_confirmations(project), "待确认", "late"),
        "expired": _short(EXPIRED, troubles.expired_grants(project), "过期的授权", "expired"),
        "forgotten": _short(FORGOTTEN, troubles.forgotten_exits(project), "疑似漏办退场", "forgotten"),
    }
    return render(request, "oversight/trouble.html", context)


def _sites(request):
    form = SiteFilter(queries.stations(request.actor), request.GET)
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    on = asked.pop("on", timezone.localdate())
    return form, on, queries.sites(request.actor, on, **asked)


def _people(request, place: Participation):
    form = PeopleFilter(request.GET)
    asked = dict(form.cleaned_data) if form.is_valid() else {}
    on = asked.pop("on", timezone.localdate())
    return form, on, queries.people(request.actor, place, on, **asked)


def _day(request) -> tuple[DayFilter, date]:
    form = DayFilter(request.GET)
    return form, form.cleaned_data["on"] if form.is_valid() else timezone.localdate()


def _project(actor: Actor, pk) -> Project:
    return get_object_or_404(Project.objects.filter(rules.visible_to(actor)).select_related("station"), pk=pk)


def _place(actor: Actor, pk) -> Participation:
    seen = Participation.objects.filter(project__in=Project.objects.filter(rules.visible_to(actor)))
    return get_object_or_404(seen.select_related("project", "company"), pk=pk)


def _address(name: str, pk, on: date) -> str:
    return f"{reverse(name, args=[pk])}?on={on}"


def _troubles(rows) -> Table:
    return Table(
        TROUBLES,
        rows,
        caption="问题项目",
        actions=lambda row: [Action("查看", reverse("oversight-trouble", args=[row.pk]))],
        empty=Empty("没有问题项目", "确认及时、授权有效、退场都已办理。", icon="circle-check"),
    )


def _short(columns, rows, caption: str, key: str) -> Table:
    return Table(columns, rows[:100], caption=caption, empty=Empty("没有", "", icon="circle-check"), id=key)


def _days() -> dict:
    return {"confirm": troubles.CONFIRM_DAYS, "silent": troubles.SILENT_DAYS}


def _tell(kind: str, by: Actor, count: int, **where) -> None:
    commands.note_export(kind=kind, count=count, by=by, **where)
