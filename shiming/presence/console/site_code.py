"""The 工地码: printed for the gate, scanned by workers for punches; a renewal invalidates the printed one."""

from django.contrib import messages
from django.shortcuts import redirect, render

from shiming.core.actor import SITE_ROLES, Role
from shiming.core.doors import console
from shiming.presence import codes
from shiming.projects.commands import renew_site_code
from shiming.projects.models import Project
from shiming.projects.rules import may_renew_site_code


@console(*SITE_ROLES, methods=("GET",))
def site_code(request):
    project = _project(request)
    context = {"project": project, "image": _image(project), "may_renew": may_renew_site_code(request.actor, project)}
    return render(request, "presence/site_code.html", context)


@console(*SITE_ROLES, methods=("GET",))
def poster(request):
    """The poster of the site code, on A4."""
    project = _project(request)
    return render(request, "presence/poster.html", {"project": project, "image": _image(project)})


@console(Role.PM, methods=("POST",))
def renewal(request):
    """Renew the site code."""
    project = renew_site_code(_project(request), by=request.actor)
    messages.success(request, f"工地码已更换为第 {project.site_code_version} 版，请打印新的张贴。")
    return redirect("site-code")


def _project(request) -> Project:
    return Project.objects.get(pk=request.actor.project_id)


def _image(project: Project) -> str:
    return codes.image(codes.site_code(project))
