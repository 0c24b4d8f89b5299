"""Pages of the three tiers [000]: the labour company allocates by team, its specialist receives."""

from itertools import groupby

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment import commands, queries
from shiming.assignment.console import lists
from shiming.assignment.console.company import ALLOCATORS
from shiming.assignment.console.site import matching
from shiming.assignment.forms import LodgingForm, NameFilter, ProjectFilter, SiteFilter
from shiming.assignment.models import Assignment
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES
from shiming.core.doors import console
from shiming.web.batch import answer, chosen, lacks_people, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table

MOST = 2000  # people in one tree


@console(*COMPANY_ROLES, methods=("GET",))
def projects(request):
    """List projects with a filed contract, to allocate people to."""
    return render(request, "assignment/tiers/projects.html", {"table": _projects(request)})


@register_list("assignment-projects")
def _projects(request) -> Table:
    filters = ProjectFilter(request.GET)
    asked = values_of(filters)
    rows = queries.filed(queries.places(request.actor))
    if asked.name:
        rows = rows.filter(project__name__contains=asked.name)
    if asked.code:
        rows = rows.filter(project__filing_code__contains=asked.code.strip())
    return Table(
        PROJECTS,
        Paged(rows, request, order=("project__filing_code", "pk")),
        caption="人员项目分配",
        actions=_place_actions,
        empty=Empty("没有合同已报送的项目", "合同信息报送完成后，项目会出现在这里。", icon="building"),
        filters=filters,
    )


@console(*ALLOCATORS)
def tree(request, pk):
    """进场: registered people by team on the left, 待分配人员信息 on the right; the specialist then answers."""
    place = _place(request, pk)
    if request.method == "POST":
        rows = chosen(queries.everybody(request.actor), ticked(request))
        result = commands.propose(rows, place, role=Assignment.WORKER, by=request.actor)
        return answer(request, result, "分配成功", reverse("assignment-tree", args=[pk]))
    form = NameFilter(request.GET)
    name = values_of(form).name
    rows = list(
        queries.called(queries.free_for(place, request.actor).filter(kind="worker"), name, request.actor)[: MOST + 1]
    )
    teams = [(team, list(members)) for team, members in groupby(rows[:MOST], lambda row: row.team)]
    context = {"place": place, "form": form, "teams": teams, "asked": name, "cut": len(rows) > MOST, "most": MOST}
    return render(request, "assignment/tiers/tree.html", context)


@console(*ALLOCATORS, methods=("GET",))
def placed(request, pk):
    """已分配人员 of one project with their state; those not yet received can be taken back together."""
    context = {"place": _place(request, pk), "table": _placed(request, pk)}
    return render(request, "assignment/tiers/placed.html", context)


@register_list("assignment-placed")
def _placed(request, pk) -> Table:
    place, filters = _place(request, pk), NameFilter(request.GET)
    rows = queries.assignments(request.actor).filter(participation=place)
    rows = queries.called(rows, values_of(filters).name, request.actor)
    return Table(
        PLACED,
        Paged(rows, request, order=("-allocated_on", "-pk"), sorts=lists.SORTS),
        caption="已分配人员",
        actions=lambda row: [Action("查看", reverse("assignment-show", args=[row.pk]))],
        select=Select([_removal(place)], may=lambda row: row.status in TAKEN_BACK, label=lambda row: row.person.name),
        empty=Empty("还没有分配人员", "点“进场”，从已登记人员中选择。", icon="users"),
        filters=filters,
    )


@console(*SITE_ROLES, methods=("GET",))
def acceptance(request):
    """进场人员确认: people allocated by the tier below, to be received one by one or together."""
    return render(request, "assignment/tiers/acceptance.html", {"table": _received(request), "here": "acceptance"})


@register_list("assignment-acceptance")
def _received(request) -> Table:
    filters = SiteFilter(request.GET)
    rows = matching(filters, queries.waiting(request.actor), request.actor)
    buttons = [
        Action("批量接收", reverse("assignment-acceptances"), how="dialog", tone="primary", icon="check"),
        Action("拒绝", reverse("assignment-rejections"), how="dialog", icon="x"),
    ]
    return Table(
        RECEIVED,
        Paged(rows, request, order=("allocated_on", "pk"), size=50, sorts=lists.SORTS),
        caption="待接收人员",
        actions=_decide,
        select=Select(buttons, label=lambda row: row.person.name),
        empty=Empty("没有等待接收的人员", "下一级单位确认分配之后会出现在这里。", icon="circle-check"),
        filters=filters,
    )


@console(*SITE_ROLES)
def acceptances(request):
    """接收: ask 是否住宿在工地 and accept; the day of acceptance is the day of entry."""
    if lacks_people(request):
        return redirect("assignment-acceptance")
    rows = chosen(queries.ever_asked(request.actor), ticked(request))
    form = LodgingForm(request.POST if "lodges_on_site" in request.POST else None)
    if form.is_valid() and carry_out(form, lambda: _accept(rows, form.cleaned_data["lodges_on_site"], request.actor)):
        return answer(request, form.result, "已接收", reverse("assignment-acceptance"))
    return render(request, "assignment/tiers/accept.html", {"form": form, "rows": rows}, status=status_of(form))


@console(*SITE_ROLES, methods=("GET",))
def processed(request):
    """List the allocations that the site accepted or rejected."""
    return render(request, "assignment/tiers/acceptance.html", {"table": _processed(request), "here": "processed"})


@register_list("assignment-processed")
def _processed(request) -> Table:
    filters = SiteFilter(request.GET)
    rows = matching(filters, queries.answered(request.actor), request.actor)
    return Table(
        [*RECEIVED, Column("确认状态", render=lambda row: DECIDED[row.status])],
        Paged(rows, request, order=("-allocated_on", "-pk"), sorts=lists.SORTS),
        caption="已处理人员",
        actions=lambda row: [Action("查看", reverse("assignment-show", args=[row.pk]))],
        empty=Empty("还没有处理过的人员", "接收或拒绝之后，人员会列在这里。"),
        filters=filters,
    )


def _place(request, pk):
    return get_object_or_404(queries.places(request.actor), pk=pk)


def _accept(rows, lodges, actor):
    return commands.accept(rows, by=actor, lodges_on_site=lodges)


def _place_actions(place):
    return [
        Action("进场", reverse("assignment-tree", args=[place.pk]), tone="primary"),
        Action("已分配人员", reverse("assignment-placed", args=[place.pk])),
    ]


def _removal(place) -> Action:
    url = f"{reverse('assignment-removals')}?from=placed"
    return Action("移除", url, how="post", icon="trash", confirm=f"移除所选人员在{place.project.name}的分配？")


def _decide(row):
    return [
        Action("查看", reverse("assignment-show", args=[row.pk])),
        Action("接收", f"{reverse('assignment-acceptances')}?ids={row.pk}", how="dialog", tone="primary"),
        Action("拒绝", f"{reverse('assignment-rejections')}?ids={row.pk}", how="dialog"),
    ]


PROJECTS = [
    Column("报建编号", "project.filing_code"),
    Column("项目名称", "project.name", nowrap=False),
    Column("参建类型", "get_kind_display"),
    Column("待确认", "pending", kind="number"),
    Column("已接收", "accepted", kind="number"),
    Column("已拒绝", "rejected", kind="number"),
]
PLACED = [
    *(lists.PERSON, lists.ID_NUMBER, lists.TRADE, lists.TEAM, lists.PHONE, lists.ALLOCATED, lists.STATUS),
    lists.NOTE,
]
RECEIVED = [
    *(lists.COMPANY, lists.PERSON, lists.ID_NUMBER, lists.SEX, lists.TRADE, lists.TEAM, lists.PHONE),
    *(lists.ALLOCATED, lists.LODGES),
]
TAKEN_BACK = (Assignment.Status.PENDING, Assignment.Status.REJECTED)
DECIDED = {
    Assignment.Status.ACCEPTED: "接收",
    Assignment.Status.REJECTED: "拒绝",
    Assignment.Status.ENDED: "接收（已结束）",
}
