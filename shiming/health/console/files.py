"""Files of the epidemic gate: 下载, noted first, by a link sealed for one user, one file and one minute; 删除."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode

from shiming.core import files
from shiming.core.doors import console
from shiming.health import commands, queries, rules
from shiming.health.console.words import READERS
from shiming.health.models import HealthFile
from shiming.people import pictures


@console(*READERS, methods=("POST",))
def opening(request, pk):
    """POST /health/files/…/opening/ — 下载"""
    row, place = _find(request, pk)
    commands.note_opening(row, place, by=request.actor)
    ticket = pictures.ticket(request.actor.user_id, row.pk)
    return redirect(f"{reverse('health-file', args=[pk])}?{urlencode({'t': ticket})}")


@console(*READERS, methods=("GET",))
def file(request, pk):
    row, _ = _find(request, pk)
    if not pictures.admits(request.GET.get("t", ""), request.actor.user_id, row.pk):
        raise Http404
    disposition = content_disposition_header(True, row.name)
    headers = pictures.HEADERS | {"Content-Disposition": disposition}
    return HttpResponse(files.read(row.stored), content_type=row.media_type, headers=headers)


@console(*READERS, methods=("POST",))
def removal(request, pk):
    """POST /health/files/…/removal/ — 删除"""
    row, place = _find(request, pk)
    commands.remove_file(row, place, by=request.actor)
    messages.success(request, f"已删除{row.name}。")
    return redirect("health-site" if row.disposition is None else "preregistration-list")


def _find(request, pk):
    """The file and the place of its person; 404 for a file of another site or of a person out of sight."""
    rows = HealthFile.objects.filter(project=request.actor.project_id, removed_at=None)
    row = get_object_or_404(rows.select_related("disposition", "stored"), pk=pk)
    if row.disposition is None:
        if not rules.may_see_site_info(request.actor, row.project_id):
            raise Http404
        return row, None
    found = queries.subject(request.actor, row.disposition.person_id)
    if found is None or not rules.may_open_file(request.actor, row, found.place):
        raise Http404
    return row, found.place
