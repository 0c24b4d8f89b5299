"""Inspections on site: start, findings, report. One page is enough; no user of the site takes part."""

from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.imports.workbooks import disposition
from shiming.ledgers import papers
from shiming.oversight import commands, inspections
from shiming.oversight.columns import INSPECTIONS
from shiming.oversight.console.find import find_place, find_project
from shiming.oversight.forms import FindingsForm, StartForm
from shiming.oversight.models import Inspection
from shiming.web import press, signatures
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Empty, Table


@console(Role.REGULATOR, methods=("GET",))
def listing(request):
    """List the inspections."""
    return render(request, "oversight/inspections.html", {"table": _listing(request)})


@register_list("oversight-inspections")
def _listing(request) -> Table:
    return Table(
        INSPECTIONS,
        Paged(inspections.seen(request.actor), request),
        caption="到场检查",
        actions=lambda row: [Action("查看", reverse("oversight-inspection", args=[row.pk]))],
        empty=Empty("还没有到场检查", "在一个项目的页面上点“到场检查”开始。", icon="checklist"),
    )


@console(Role.REGULATOR)
def start(request, pk):
    """Start an inspection with those on site now, of all companies or of one."""
    actor, project = request.actor, find_project(request.actor, pk)
    form = StartForm(request.POST or None, firms=inspections.firms_here(actor, project))
    if form.is_valid():
        chosen = form.cleaned_data["place"]
        place = find_place(actor, chosen) if chosen else None
        if carry_out(form, lambda: commands.start(project, place=place, by=actor)):
            return redirect("oversight-inspection", form.result.pk)
    context = {"project": project, "form": form, "number": inspections.here_now(actor, project).count()}
    return render(request, "oversight/inspection_start.html", context, status=status_of(form))


@console(Role.REGULATOR)
def show(request, pk):
    """Tick the people found and note people outside the list; save at any time, finishing closes it."""
    inspection = _find(request, pk)
    form = FindingsForm(request.POST or None, initial={"strangers": inspection.strangers, "note": inspection.note})
    if form.is_valid():
        ticked = [int(each) for each in request.POST.getlist("found") if each.isdecimal() and len(each) < 19]
        finish = request.POST.get("act") == "finish"
        saved = {"found": ticked, "finish": finish, "by": request.actor} | form.cleaned_data
        if carry_out(form, lambda: commands.note_findings(inspection, **saved)):
            messages.success(request, "已查完，可以取报告。" if finish else "已保存，可以继续核对。")
            return redirect("oversight-inspection", pk)
    context = {"inspection": inspection, "people": inspections.people(inspection), "form": form}
    return render(request, "oversight/inspection.html", context, status=status_of(form))


@console(Role.REGULATOR, methods=("POST",))
@fresh_login
def report(request, pk):
    """POST: a ZIP with the report as PDF and its signature. 404 before the inspection is finished."""
    inspection = _find(request, pk)
    if inspection.finished_at is None:
        raise Http404
    paper = inspections.report(inspection, request.actor)
    try:
        content = press.print_pdf(papers.LEDGER, paper)
    except press.NotPrinted:
        messages.warning(request, "报告没有排出来，请再试一次。")
        return redirect("oversight-inspection", pk)
    commands.note_export("到场检查记录", len(paper["rows"]), by=request.actor, project_id=inspection.project_id)
    name = f"{paper['title']}_{paper['subject']}_{inspection.created_at:%Y%m%d}"
    bundle = BytesIO()
    signatures.bundle(
        bundle, f"{name}.pdf", content, title=paper["title"], rows=len(paper["rows"]), taken=request.actor.name
    )
    headers = {"Content-Disposition": disposition(f"{name}.zip"), "Cache-Control": "private, no-store"}
    return HttpResponse(bundle.getvalue(), content_type="application/zip", headers=headers)


def _find(request, pk) -> Inspection:
    return get_object_or_404(inspections.seen(request.actor), pk=pk)
