"""One stay with its trail, and 为什么进不去 beside an allocation."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from shiming.assignment import positions
from shiming.assignment import queries as assignment_queries
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.presence import queries
from shiming.presence.explanations import explain
from shiming.presence.reminders import remind
from shiming.web.trail import trail

READERS = (*SITE_ROLES, *COMPANY_ROLES, Role.SUPERVISION_PM, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK)
READERS = (*READERS, Role.REGULATOR, Role.SYS_ADMIN)


@console(*READERS, methods=("GET",))
def show(request, pk):
    stay = get_object_or_404(queries.stays(request.actor), pk=pk)
    context = {"stay": stay, "role": positions.label(stay.assignment.role), "trail": trail(stay, request.actor)}
    return render(request, "presence/show.html", context)


@console(*READERS, methods=("GET",))
def why(request, pk):
    """The panel 为什么进不去 of an allocation's page."""
    assignment = get_object_or_404(assignment_queries.assignments(request.actor), pk=pk)
    explanation = explain(assignment.person, assignment.project, request.actor)
    return render(request, "presence/why_panel.html", {"assignment": assignment, "explanation": explanation})


@console(*SITE_ROLES, *COMPANY_ROLES, methods=("POST",))
def reminders(request, pk):
    """Remind the side that can remove the reason."""
    assignment = get_object_or_404(assignment_queries.assignments(request.actor), pk=pk)
    sent = remind(assignment.person, assignment.project, request.POST.get("code", ""), by=request.actor)
    messages.success(request, "已提醒。" if sent else "今天已经提醒过，对方会在待办里看到。")
    return redirect("assignment-show", pk)
