"""下载 ([004] 4-14): opening is recorded, then the file comes by a link sealed for one user, one file and one minute."""

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode

from shiming.attachments import commands, queries, rules
from shiming.attachments.models import Attachment
from shiming.core.actor import KEEPERS, Role
from shiming.core.doors import console
from shiming.people import pictures

READERS = (*KEEPERS, Role.IMPLEMENTER)


@console(*READERS, methods=("POST",))
def opening(request, pk):
    """POST /attachments/files/…/opening/: record the opening, then redirect to the download."""
    attachment = _find(request.actor, pk)
    commands.note_opening(attachment, by=request.actor)
    ticket = pictures.ticket(request.actor.user_id, attachment.pk)
    return redirect(f"{reverse('attachment-file', args=[pk])}?{urlencode({'t': ticket})}")


@console(*READERS, methods=("GET",))
def file(request, pk):
    attachment = _find(request.actor, pk)
    if not pictures.admits(request.GET.get("t", ""), request.actor.user_id, attachment.pk):
        raise Http404
    disposition = content_disposition_header(True, attachment.name)
    headers = pictures.HEADERS | {"Content-Disposition": disposition, "Content-Length": str(attachment.size)}
    return StreamingHttpResponse(queries.content(attachment), content_type=attachment.media_type, headers=headers)


def _find(actor, pk) -> Attachment:
    attachment = Attachment.objects.filter(pk=pk, status=Attachment.Status.KEPT).first()
    if attachment is None or not rules.may_open(actor, attachment):
        raise Http404
    return attachment
