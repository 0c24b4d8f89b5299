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
from shiming.web.forms import values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

NAME = Column("姓名", "person.name", href=lambda row: reverse("person", args=[row.person_id]))


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
    table = _sites(request)
    return render(request, "oversight/sites.html", {"table": table, "on": _on(table.filters)})


@register_list("oversight-sites")
def _sites(request) -> Table:
    actor, filters = request.actor, SiteFilter(queries.stations(request.actor), request.GET)
    on, asked = _on(filters), values_of(filters)
    rows = queries.sites(
        actor, on, number=asked.number, project=asked.project, contractor=asked.contractor, station=asked.station
    )
    return Table(
        SITES,
        Paged(rows, request, order=("filing_code", "pk"), keys_first=True),
        caption="项目",
        actions=lambda row: [Action("查看", _address("oversight-site", row.pk, on))],
        empty=Empty(icon="crane"),
        filters=filters,
        file_name=f"实名制作业人员信息 {on}",
        note=partial(commands.note_export, f"实名制作业人员信息（截至 {on}）", by=actor),
    )


@console(Role.REGULATOR, methods=("GET",))
def site(request, pk):
    """一个项目的用人单位"""
    table = _places(request, pk)
    context = {"project": _project(request.actor, pk), "on": _on(table.filters), "table": table}
    return render(request, "oversight/site.html", context)


@register_list("oversight-site")
def _places(request, pk) -> Table:
    filters = DayFilter(request.GET)
    on, project = _on(filters), _project(request.actor, pk)
    return Table(
        PLACES,
        Paged(queries.places(request.actor, project, on), request, order=("created_at", "pk")),
        caption="用人单位",
        actions=lambda row: [Action("查看", _address("oversight-place", row.pk, on))],
        empty=Empty("这一天还没有参建单位", "换一个截至日期再看。", icon="building"),
        filters=filters,
    )


@console(Role.REGULATOR, methods=("GET",))
def place(request, pk):
    """一家用人单位的人"""
    table = _people(request, pk)
    context = {"place": _place(request.actor, pk), "on": _on(table.filters), "table": table}
    return render(request, "oversight/place.html", context)


@register_list("oversight-place")
def _people(request, pk) -> Table:
    actor, found, filters = request.actor, _place(request.actor, pk), PeopleFilter(request.GET)
    on, asked = _on(filters), values_of(filters)
    rows = queries.people(actor, found, on, text=asked.text, state=asked.state)
    kind = f"{found.company}用人人员（截至 {on}）"
    return Table(
        [NAME, *PEOPLE[1:]],
        Paged(rows, request, order=("-confirmed_at", "pk")),
        caption="用人人员",
        empty=Empty("没有符合条件的人员", "换一个截至日期，或放宽查询条件。", icon="users"),
        filters=filters,
        file_name=f"{found.company} {on}",
        note=partial(commands.note_export, kind, by=actor, project_id=found.project_id),
    )


@console(Role.REGULATOR, methods=("GET",))
def trouble_list(request):
    """问题项目"""
    context = {
        "table": _trouble_list(request),
        "days": _days(),
        "counted_at": troubles.counted_at(request.actor),
    }
    return render(request, "oversight/troubles.html", context)


@register_list("oversight-troubles")
def _trouble_list(request) -> Table:
    return _troubles(Paged(troubles.projects(request.actor), request, order=("-troubles", "pk")))


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


def _on(filters) -> date:
    return values_of(filters).on or timezone.localdate()


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
