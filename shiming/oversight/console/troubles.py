"""Projects with troubles: the list, one project by kind, sending an inquiry, and the days of each kind."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.oversight import commands, inquiries, troubles
from shiming.oversight.columns import TROUBLES
from shiming.oversight.console.find import find_project
from shiming.oversight.forms import SendForm, ThresholdForm
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table

ROWS_SHOWN = 100


@console(Role.REGULATOR, methods=("GET",))
def trouble_list(request):
    """List the projects with troubles."""
    days = troubles.thresholds()
    context = {
        "table": _trouble_list(request),
        "kinds": [(kind.label, kind.sentence(days[code])) for code, kind in troubles.KINDS.items()],
        "counted_at": troubles.counted_at(request.actor),
    }
    return render(request, "oversight/troubles.html", context)


@register_list("oversight-troubles")
def _trouble_list(request) -> Table:
    rows = troubles.projects(request.actor)
    return short_list(Paged(rows, request, order=("-troubles", "pk"), prepare=troubles.with_counts))


@console(Role.REGULATOR, methods=("GET",))
def trouble(request, pk):
    """Show the troubles of one project by kind, each with its rows (at most ROWS_SHOWN) and open inquiry."""
    project, days = find_project(request.actor, pk), troubles.thresholds()
    open_inquiries = inquiries.open_by_kind(request.actor, project)
    parts = []
    for code, kind in troubles.KINDS.items():
        rows = list(troubles.rows_of(kind, project, days[code])[: ROWS_SHOWN + 1])
        parts.append(
            {
                "kind": kind,
                "sentence": kind.sentence(days[code]),
                "table": _part(kind, rows[:ROWS_SHOWN]),
                "number": len(rows),
                "more": len(rows) > ROWS_SHOWN,
                "inquiry": open_inquiries.get(code),
            }
        )
    context = {
        "project": project,
        "parts": [part for part in parts if part["number"] or part["inquiry"]],
        "fine": [part["kind"] for part in parts if not (part["number"] or part["inquiry"])],
        "past": inquiries.of_project(request.actor, project),
    }
    return render(request, "oversight/trouble.html", context)


@console(Role.REGULATOR)
def send(request, pk, kind):
    """Send an inquiry about one kind of trouble, with a demand and a deadline."""
    project, trouble = find_project(request.actor, pk), _kind(kind)
    form = SendForm(request.POST or None, kind=trouble)
    if form.is_valid() and carry_out(form, lambda: commands.send(project, kind, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"已就“{trouble.label}”督办{project.name}。")
        return redirect("oversight-inquiry", form.result.pk)
    context = {"project": project, "kind": trouble, "form": form}
    return render(request, "oversight/send.html", context, status=status_of(form))


@console(Role.SYS_ADMIN)
def thresholds(request):
    """Set after how many days each kind counts as a trouble."""
    form = ThresholdForm(request.POST or None, initial=troubles.thresholds())
    if form.is_valid() and carry_out(form, lambda: commands.set_thresholds(form.cleaned_data, by=request.actor)):
        messages.success(request, "天数已保存，下一次核对起按新的天数。")
        return redirect("oversight-thresholds")
    return render(request, "oversight/thresholds.html", {"form": form}, status=status_of(form))


def short_list(rows) -> Table:
    return Table(
        TROUBLES,
        rows,
        caption="问题项目",
        actions=lambda row: [Action("查看", reverse("oversight-trouble", args=[row.pk]))],
        empty=Empty("没有问题项目", "确认及时、授权有效、退场都已办理。", icon="circle-check"),
    )


def _part(kind: troubles.Kind, rows: list) -> Table:
    return Table(kind.columns, rows, caption=kind.label, empty=Empty("没有", "", icon="circle-check"), id=kind.code)


def _kind(code: str) -> troubles.Kind:
    if code not in troubles.KINDS:
        raise Http404
    return troubles.KINDS[code]
