"""为什么进不去: every reason with responsible role and next step, and a button that reminds the responsible side."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.people.models import Person
from shiming.presence import queries
from shiming.presence.explanations import explain
from shiming.presence.reminders import remind


@mobile(Role.PERSON, methods=("GET",))
def why(request):
    """Choose the project; a single one is shown at once."""
    projects = list(queries.projects_of(request.actor.person_id)[:50])
    if len(projects) == 1:
        return _explain(request, projects[0])
    return render(request, "presence/why_choose.html", {"projects": projects})


@mobile(Role.PERSON, methods=("GET",))
def why_project(request, pk):
    return _explain(request, _project(request, pk))


@mobile(Role.PERSON, methods=("POST",))
def why_reminder(request, pk):
    """Remind the side that can remove the reason."""
    project = _project(request, pk)
    sent = remind(_person(request), project, request.POST.get("code", ""), by=request.actor)
    messages.success(request, _("已提醒，请等对方处理。") if sent else _("今天已经提醒过了。"))
    return redirect("my-why-project", pk)


def _explain(request, project):
    explanation = explain(_person(request), project, request.actor)
    return render(request, "presence/why.html", {"explanation": explanation, "project": project})


def _project(request, pk):
    return get_object_or_404(queries.projects_of(request.actor.person_id), pk=pk)


def _person(request) -> Person:
    return Person.objects.get(pk=request.actor.person_id)
