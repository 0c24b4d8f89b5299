"""The page of one allocation: its data, why the person can or cannot enter, its trail, and its buttons."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment import commands, positions, queries, rules
from shiming.assignment.answerers import answerer_here
from shiming.assignment.console import lists
from shiming.assignment.console.company import ALLOCATORS, READERS
from shiming.assignment.forms import ResubmitForm
from shiming.assignment.models import Assignment
from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.projects.flows import implementer_audits
from shiming.projects.queries import policy_of
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, status_of
from shiming.web.trail import trail

Status = Assignment.Status


@console(*READERS, Role.REGULATOR, Role.SYS_ADMIN, methods=("GET",))
def show(request, pk):
    assignment = _find(request, pk)
    context = {
        "assignment": assignment,
        "role": positions.label(assignment.role),
        "phone": lists.phone(assignment.employment, assignment.person),
        "may": _may(request.actor, assignment),
        "answerer": answerer_here(request.actor) if request.actor.on_site else None,
        "trail": trail(assignment, request.actor),
    }
    return render(request, "assignment/show.html", context)


@console(*ALLOCATORS, methods=("POST",))
def removals(request):
    """移除 of ticked rows; redirects to 已分配人员 of the project when the request came from there."""
    rows = chosen(queries.assignments(request.actor), ticked(request))
    result = commands.remove(rows, by=request.actor)
    at_place = request.GET.get("from") == "placed"
    back = reverse("assignment-placed", args=[rows[0].participation_id]) if at_place else reverse("assignment-list")
    return answer(request, result, "已移除", back)


@console(*ALLOCATORS)
def resubmission(request, pk):
    """再次提交 of a rejected allocation to the site."""
    assignment = _find(request, pk)
    form = ResubmitForm(request.POST or None, initial={"role": assignment.role}, employment=assignment.employment)
    if form.is_valid() and carry_out(form, lambda: _resubmit(assignment, form.cleaned_data["role"], request.actor)):
        messages.success(request, f"已再次提交{assignment.person}，等待工地确认。")
        return redirect("assignment-show", pk)
    context = {"form": form, "assignment": assignment}
    return render(request, "assignment/resubmission.html", context, status=status_of(form))


def _resubmit(assignment, role, actor):
    return commands.resubmit(assignment, role=role, by=actor)


def _may(actor, assignment) -> dict[str, bool]:
    waits = assignment.status == Status.PENDING and rules.may_confirm(actor, assignment)
    change, policy = rules.may_change(actor, assignment), policy_of(assignment.project)
    return {
        "confirm": waits and actor.on_site,
        "audit": waits and not actor.on_site,
        "remove": change and assignment.can_become(Status.REMOVED),
        "resubmit": change and assignment.status == Status.REJECTED and not implementer_audits(policy),
    }


def _find(request, pk):
    return get_object_or_404(queries.assignments(request.actor), pk=pk)
