"""项目人员绑定: the company's projects, and what is done with ticked people of one (rows 4-18, 4-19, 4-22, 4-26)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment import commands as assignment_commands
from shiming.assignment import queries as assignments
from shiming.binding import queries
from shiming.binding.forms import ProjectFilter, ProjectForm
from shiming.binding.row_actions import actions_of
from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.projects import commands
from shiming.projects.models import Participation
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("报建编号", "project.filing_code"),
    Column("项目名称", "project.name", nowrap=False, href=lambda row: reverse("binding-managers", args=[row.pk])),
    Column("管理人员数量", "managers", kind="number", href=lambda row: reverse("binding-managers", args=[row.pk])),
    Column(
        "现场作业人员数量",
        kind="number",
        render=lambda row: row.workers if queries.builds(row) else None,
        href=lambda row: reverse("binding-workers", args=[row.pk]) if queries.builds(row) else "",
    ),
]
NONE_YET = Empty(
    "还没有项目", "点“新增项目”，填报建编号。", "新增项目", "/binding/projects/new/", "building", how="dialog"
)


@console(*KEEPERS, methods=("GET",))
def listing(request):
    given_up = queries.given_up(request.actor, request.GET.get("removed", ""))
    return render(request, "binding/projects.html", {"table": _projects(request), "given_up": given_up})


@register_list("binding-projects")
def _projects(request) -> Table:
    filters = ProjectFilter(request.GET)
    asked = values_of(filters)
    rows = queries.places(request.actor, asked.code, asked.name, filters.project_status)
    searched = asked.code or asked.name or filters.project_status != "open"
    return Table(
        COLUMNS,
        Paged(rows, request, order=("project__filing_code", "pk"), prepare=queries.counted),
        caption="项目人员绑定",
        actions=lambda place: [*actions_of(request.actor, place), _removal(place)],
        empty=Empty() if searched else NONE_YET,
        filters=filters,
    )


@console(*KEEPERS)
def new(request):
    """Add a project by its filing code; the second POST, with `sure`, takes part in it."""
    form, project = ProjectForm(request.POST or None), None
    if form.is_valid():
        code, by = form.cleaned_data["code"], request.actor
        if "sure" in request.POST:
            if carry_out(form, lambda: commands.take_part(code, by=by)):
                messages.success(request, f"{form.result.project}已在列表中。")
                return redirect(f"{reverse('binding-projects')}?code={form.result.project.filing_code}")
        elif carry_out(form, lambda: commands.project_to_add(code, by=by)):
            project = form.result
    return render(request, "binding/project_new.html", {"form": form, "project": project}, status=status_of(form))


@console(*KEEPERS)
def removal(request, pk):
    """Give a project up; the page names the drafts that go with it."""
    place = find_place(request, pk)
    if request.method == "POST":
        commands.give_up_place(place, by=request.actor)
        return redirect(f"{reverse('binding-projects')}?removed={place.pk}")
    return render(request, "binding/project_removal.html", {"place": place, "drafts": list(queries.drafts(place))})


@console(*KEEPERS, methods=("POST",))
def restoration(request, pk):
    """POST /binding/restorations/…/: undo the removal."""
    rows = Participation.objects.filter(company=request.actor.company_id)
    place = commands.restore_place(get_object_or_404(rows, pk=pk), by=request.actor)
    messages.success(request, f"{place.project}已恢复。")
    return redirect("binding-projects")


@console(*KEEPERS, methods=("POST",))
def submissions(request, pk):
    """POST /binding/places/…/submissions/: submit the chosen drafts."""
    rows = chosen(_bindings(request, pk), ticked(request))
    result = assignment_commands.submit(rows, by=request.actor)
    return answer(request, result, "已提交，等待实施单位审核：", _back(rows, pk))


@console(*KEEPERS, methods=("POST",))
def discards(request, pk):
    """POST /binding/places/…/discards/: discard the chosen bindings."""
    rows = chosen(_bindings(request, pk), ticked(request))
    return answer(request, assignment_commands.discard(rows, by=request.actor), "已移除", _back(rows, pk))


def find_place(request, pk) -> Participation:
    return get_object_or_404(queries.places(request.actor), pk=pk)


def _bindings(request, pk):
    rows = assignments.assignments(request.actor).filter(participation=find_place(request, pk))
    return rows.prefetch_related("project__policies")


def _back(rows, pk) -> str:
    """The list from which the people were ticked."""
    return reverse("binding-managers" if rows and rows[0].is_manager else "binding-workers", args=[pk])


def _removal(place) -> Action:
    return Action(
        "删除项目", reverse("binding-project-removal", args=[place.pk]), how="dialog", tone="danger", icon="trash"
    )
