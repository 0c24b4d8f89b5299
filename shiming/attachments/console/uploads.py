"""The two addresses of the tus protocol: where uploads are announced, and one upload (tus.py)."""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from shiming.attachments import commands, rules, tus
from shiming.attachments.console.panel import find_holder
from shiming.attachments.models import LARGEST, Attachment
from shiming.core.actor import KEEPERS
from shiming.core.doors import console

Status = Attachment.Status


@console(*KEEPERS, methods=("POST", "OPTIONS"))
@tus.spoken
def uploads(request):
    """POST /uploads/ — announces a file by Upload-Length and, in Upload-Metadata, holder, kind, filename, issued_on."""
    if request.method == "OPTIONS":
        return tus.described(LARGEST)
    given = tus.metadata(request.headers.get("Upload-Metadata", ""))
    upload = commands.begin(
        _holder(request, given.get("holder", "")),
        kind=given.get("kind", ""),
        name=given.get("filename", ""),
        size=tus.number(request, "Upload-Length"),
        issued_on=_day(given.get("issued_on", "")),
        by=request.actor,
    )
    return HttpResponse(status=201, headers={"Location": reverse("upload", args=[upload.pk])} | _until(upload))


@console(*KEEPERS, methods=("HEAD", "PATCH", "DELETE", "OPTIONS"))
@tus.spoken
def upload(request, pk):
    """HEAD says how far it is, PATCH brings the next piece (at most the body limit, 1 MB), DELETE gives it up."""
    if request.method == "OPTIONS":
        return tus.described(LARGEST)
    found = _find(request.actor, pk)
    if request.method == "DELETE":
        commands.terminate(found, by=request.actor)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        piece = tus.body(request)
        found = commands.receive(found, tus.number(request, "Upload-Offset"), piece, by=request.actor)
        return HttpResponse(status=204, headers={"Upload-Offset": str(found.received)} | _until(found))
    size = {"Upload-Offset": str(found.received), "Upload-Length": str(found.declared)}
    return HttpResponse(headers=size | _until(found))


def _find(actor, pk) -> Attachment:
    """An upload of this user that can go on or is whole already, so that a lost last answer is found out."""
    mine = Attachment.objects.filter(rules.visible_to(actor), uploaded_by=actor.user_id)
    found = get_object_or_404(mine.exclude(status=Status.REMOVED), pk=pk)
    if found.status == Status.UPLOADING and found.expires_at <= timezone.now():
        raise Http404
    return found


def _holder(request, text: str):
    slug, _, key = text.partition(":")
    try:
        return find_holder(request, slug, UUID(key))
    except ValueError as wrong:
        raise Http404 from wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise tus.ProtocolError("开具日期无法识别", 422) from wrong


def _until(upload: Attachment) -> dict[str, str]:
    return {"Upload-Expires": http_date(upload.expires_at.timestamp())} if upload.status == Status.UPLOADING else {}
