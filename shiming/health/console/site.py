"""Health information of the site with supplies and the resumption checklist (2-07, 2-17)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import PHOTO, console, takes
from shiming.health import commands, queries, rules
from shiming.health.console.words import READERS, kept, require_chosen
from shiming.health.forms import FileForm, SiteInfoForm, SupplyRows
from shiming.projects.models import Project
from shiming.web.forms import carry_out, status_of

SHOWN = 20
LABELS = {
    "members": "疫情防控小组成员及联系电话",
    "hospital": "对口医院",
    "other": "其他",
    "supplies": "防疫物资",
}


@console(*READERS)
def info(request):
    require_chosen(request.actor)
    now = queries.site_info(request.actor.project_id)
    values = now.values if now else {"supplies": []}
    form = SiteInfoForm(request.POST or None, initial=values)
    supplies = SupplyRows(request.POST or None, initial=values["supplies"], prefix="supplies")
    if form.is_valid() and supplies.is_valid() and carry_out(form, lambda: _save(request, form, supplies)):
        messages.success(request, "已保存工地疫情防控信息。")
        return redirect("health-site")
    status = 422 if form.is_bound and not supplies.is_valid() else status_of(form)
    return _page(request, form, supplies, FileForm(), status)


@console(*SITE_ROLES, methods=("POST",))
@takes(PHOTO)
def upload(request):
    """POST /health/site/files/: upload the resumption checklist."""
    project = get_object_or_404(Project, pk=request.actor.project_id)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid() and carry_out(form, lambda: _upload(project, form.cleaned_data["file"], request.actor)):
        messages.success(request, f"已上传{form.result.name}。")
        return redirect("health-site")
    now = queries.site_info(project.pk)
    values = now.values if now else {"supplies": []}
    supplies = SupplyRows(initial=values["supplies"], prefix="supplies")
    return _page(request, SiteInfoForm(initial=values), supplies, form, status_of(form))


def _page(request, form, supplies, file_form, status):
    versions = list(queries.site_history(request.actor.project_id)[: SHOWN + 1])
    context = {
        "form": form,
        "supplies": supplies,
        "file_form": file_form,
        "now": versions[0] if versions else None,
        "history": _changes(versions),
        "files": queries.files_of(request.actor.project_id),
        "may": kept(request) and rules.may_keep_site_info(request.actor, request.actor.project_id),
        "kept": kept(request),
        "certificate": queries.certificate(request.actor.project_id),
    }
    return render(request, "health/site.html", context, status=status)


def _save(request, form, supplies):
    project = get_object_or_404(Project, pk=request.actor.project_id)
    rows = [row.cleaned_data for row in supplies if row.cleaned_data.get("name")]
    return commands.save_site_info(project, **form.cleaned_data, supplies=rows, by=request.actor)


def _upload(project, file, by):
    return commands.upload_resumption_form(project, name=file.name, whole=file.read(), by=by)


def _changes(versions) -> list[dict]:
    """Each saved version with what it changed against the one before."""
    found = []
    for at, row in enumerate(versions[:SHOWN]):
        before = versions[at + 1].values if at + 1 < len(versions) else {}
        changed = [label for name, label in LABELS.items() if row.values.get(name) != before.get(name)]
        sentence = f"修改{'、'.join(changed)}" if before else "首次提交"
        found.append({"at": row.created_at, "sentence": sentence, "by": row.saved_by.name})
    return found
