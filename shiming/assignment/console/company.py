"""Pages of 企业端, and of the company's own people in 工地端: allocate by project or by person, and 已分配人员."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment import commands, positions, queries
from shiming.assignment.console import lists
from shiming.assignment.forms import AllocateForm, AssignmentFilter, PeopleFilter, WorkerFilter
from shiming.assignment.models import Assignment
from shiming.core.actor import Role
from shiming.core.batch import BatchResult
from shiming.core.doors import console
from shiming.employment.models import Employment
from shiming.web.batch import answer, chosen, lacks_people, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table

ALLOCATORS = (Role.LEGAL_REP, Role.HR_OFFICER, Role.PM)
READERS = (*ALLOCATORS, Role.SITE_OPERATOR, Role.SUPERVISION_PM, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK)
SAVED = "分配成功"  # M-03
PLACES = [
    Column("报建编号", "project.filing_code"),
    Column("项目名称", "project.name", nowrap=False),
    Column("参建类型", "get_kind_display"),
    Column("合同状态", render=lambda place: "合同已报送" if place.is_filed else "未完成报送"),
    Column("已确认", "accepted", kind="number"),
    Column("待确认", "pending", kind="number"),
    Column("已拒绝", "rejected", kind="number"),
]


@console(*ALLOCATORS, methods=("GET",))
def places(request):
    """人员分配 by project: choose the place."""
    return render(request, "assignment/places.html", {"table": _places(request), "here": "places"})


@register_list("assignment-places")
def _places(request) -> Table:
    empty = Empty("还没有参建项目", "企业参建项目、报送合同后，在这里分配人员。", icon="building")
    rows = Paged(queries.places(request.actor), request, order=("project__filing_code", "pk"))
    return Table(PLACES, rows, caption="参建项目", actions=_place_actions, empty=empty)


@console(*ALLOCATORS)
def new(request, pk):
    """Allocate people to the place: choose the role, tick people, save."""
    place = _place(request, pk)
    if request.method == "POST":
        return answer(request, _save(request, place), SAVED, reverse("assignment-places"))
    if request.GET.get("role") == "manager":
        return _new_managers(request, place)
    return render(request, "assignment/new_workers.html", {"place": place, "table": _free_workers(request, pk)})


@console(*ALLOCATORS, methods=("GET",))
def managers(request, pk):
    """The dialog 添加人员: managers who can be allocated to one position."""
    place = _place(request, pk)
    role = request.GET.get("position", "")
    if role == Assignment.WORKER or role not in dict(positions.choices()):
        raise Http404
    free = queries.free_for(place, request.actor).filter(kind=Employment.Kind.MANAGER)[:200]
    context = {"place": place, "role": role, "label": positions.label(role), "people": free}
    return render(request, "assignment/managers.html", context)


@console(*ALLOCATORS, methods=("GET",))
def people(request):
    """人员分配 by person: choose the people."""
    return render(request, "assignment/people.html", {"table": _people(request), "here": "people"})


@register_list("assignment-people")
def _people(request) -> Table:
    filters = PeopleFilter(request.GET)
    asked = values_of(filters)
    rows = queries.employees(request.actor) if asked.where else queries.unallocated(request.actor)
    rows = queries.called(rows, asked.name, request.actor)
    return Table(
        lists.EMPLOYEES,
        Paged(rows, request, order=("person__name_initials", "pk")),
        caption="待分配人员",
        actions=lambda row: [Action("分配人员", f"{reverse('assignment-allocation')}?ids={row.pk}", how="dialog")],
        select=Select([Action("批量分配", reverse("assignment-allocation"), how="dialog", tone="primary")]),
        empty=Empty("没有待分配人员", "在职且信息完善、还没有分到项目的人会出现在这里。", icon="users"),
        filters=filters,
    )


@console(*ALLOCATORS)
def allocation(request):
    """Choose site and role for the ticked people, and save."""
    if lacks_people(request):
        return redirect("assignment-people")
    rows = chosen(queries.everybody(request.actor), ticked(request))
    asked = request.POST if "role" in request.POST else None
    form = AllocateForm(asked, places=queries.filed(queries.places(request.actor)), people=rows)
    if form.is_valid() and carry_out(form, lambda: _propose(rows, form.cleaned_data, request.actor)):
        return answer(request, form.result, SAVED, reverse("assignment-people"))
    return render(request, "assignment/allocation.html", {"form": form, "rows": rows}, status=status_of(form))


@console(*READERS, methods=("GET",))
def listing(request):
    """List allocated people with their state."""
    return render(request, "assignment/list.html", {"table": _allocated(request), "here": "list"})


@register_list("assignment-list")
def _allocated(request) -> Table:
    filters = AssignmentFilter(request.GET)
    asked = values_of(filters)
    rows = queries.called(queries.assignments(request.actor), asked.name, request.actor)
    if asked.project:
        rows = rows.filter(project__name__contains=asked.project)
    if asked.status:
        rows = rows.filter(status=asked.status)
    return Table(
        lists.ALLOCATED_PEOPLE,
        Paged(rows, request, order=("-allocated_on", "-pk"), sorts=lists.SORTS),
        caption="已分配人员",
        empty=Empty(hint="放宽查询条件，或先分配人员。"),
        filters=filters,
    )


@register_list("assignment-new")
def _free_workers(request, pk: UUID) -> Table:
    filters = WorkerFilter(request.GET)
    asked = values_of(filters)
    rows = queries.free_for(_place(request, pk), request.actor).filter(kind=Employment.Kind.WORKER)
    rows = queries.called(rows, asked.name, request.actor)
    if asked.team:
        rows = rows.filter(team__name__contains=asked.team)
    save = Action("保存信息", reverse("assignment-new", args=[pk]), how="post", tone="primary", icon="check")
    return Table(
        lists.EMPLOYEES,
        Paged(rows, request, order=("team__name", "person__name_initials", "pk"), size=50),
        caption="可分配的建筑工人",
        select=Select([save]),
        empty=Empty("没有可分配的建筑工人", "先聘用并完善信息；已分到本项目的不再列出。", icon="users"),
        filters=filters,
    )


def _new_managers(request, place):
    taken = place.assignments.filter(status__in=Assignment.OPEN).exclude(role=Assignment.WORKER)
    holders: dict = {}
    for assignment in taken.select_related("person"):
        holders.setdefault(assignment.role, []).append(assignment)
    offered = [(code, label, holders.get(code, [])) for code, label in positions.choices() if code != Assignment.WORKER]
    return render(request, "assignment/new_managers.html", {"place": place, "positions": offered})


def _save(request, place) -> BatchResult:
    """Workers are posted as ids, managers as pairs of position and employment."""
    rows = queries.everybody(request.actor)
    if "manager" not in request.POST:
        return commands.propose(chosen(rows, ticked(request)), place, role=Assignment.WORKER, by=request.actor)
    wanted = dict(pair.rpartition("|")[::-2] for pair in request.POST.getlist("manager"))
    roles = {employment: wanted[str(employment.pk)] for employment in chosen(rows, list(wanted))}
    return commands.propose_managers(roles, place, by=request.actor)


def _propose(rows, typed, actor) -> BatchResult:
    return commands.propose(rows, typed["place"], role=typed["role"], by=actor)


def _place(request, pk: UUID):
    return get_object_or_404(queries.places(request.actor), pk=pk)


def _place_actions(place):
    if not place.is_filed:
        return []
    return [Action("分配人员", reverse("assignment-new", args=[place.pk]), tone="primary")]
