"""附件 of a person, as part of other pages and as a page of its own ([004] 4-14, 4-15).

htmx asks for the part it will replace by its id: the whole panel, or the list in it. Without scripts the same forms
lead to the page.
"""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from shiming.attachments import commands, holders, queries, rules
from shiming.attachments.forms import FileForm, UploadForm
from shiming.attachments.holders import Holder
from shiming.attachments.models import SOCIAL_PROOF, Attachment
from shiming.core.actor import KEEPERS
from shiming.core.doors import PHOTO, console, takes
from shiming.web.forms import carry_out, status_of

PARTS = {"attachments": "attachments/parts/panel.html", "attachment-list": "attachments/parts/list.html"}


@console(*KEEPERS)
@takes(PHOTO)
def panel(request, holder, pk):
    """The list and the form; POST keeps one file that a browser without scripts sends whole."""
    found = find_holder(request, holder, pk)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid() and carry_out(form, lambda: _take(found, form.cleaned_data, request.actor)):
        messages.success(request, f"已上传{form.result.name}")
        return redirect("attachment-panel", holder, pk)
    return _page(request, found, holder, pk, form)


@console(*KEEPERS, methods=("POST",))
def removals(request, holder, pk):
    """POST /attachments/for/…/removals/: remove a file, or give up an unfinished upload."""
    return _with_file(request, holder, pk, _remove)


@console(*KEEPERS, methods=("POST",))
def restorations(request, holder, pk):
    """POST /attachments/for/…/restorations/: undo a removal."""
    return _with_file(request, holder, pk, commands.restore)


def find_holder(request, slug: str, pk) -> Holder:
    found = holders.find(slug, request.actor, pk)
    if found is None:
        raise Http404
    return found


def _with_file(request, slug, pk, command) -> HttpResponse:
    found, form = find_holder(request, slug, pk), FileForm(request.POST)
    if not form.is_valid():
        raise Http404
    rows = queries.papers(found.company_id, found.id_digest).filter(rules.visible_to(request.actor))
    attachment = get_object_or_404(rows, pk=form.cleaned_data["file"])
    if carry_out(form, lambda: command(attachment, by=request.actor)) and not request.htmx:
        return redirect("attachment-panel", slug, pk)
    return _page(request, found, slug, pk, form)


def _remove(attachment: Attachment, *, by) -> None:
    if attachment.status == Attachment.Status.UPLOADING:
        commands.terminate(attachment, by=by)
    else:
        commands.remove(attachment, by=by)


def _page(request, found: Holder, slug, pk, form) -> HttpResponse:
    upload = form if isinstance(form, UploadForm) else UploadForm()
    context = {
        "holder": slug,
        "pk": pk,
        "about": found.label,
        "form": upload,
        "dated": SOCIAL_PROOF,
        "refused": [] if form is upload else form.non_field_errors(),
        "papers": list(queries.papers(found.company_id, found.id_digest)),
    }
    part = PARTS.get(request.headers.get("HX-Target", "")) if request.htmx else None
    return render(request, part or "attachments/panel.html", context, status=status_of(form))


def _take(found: Holder, given: dict, by) -> Attachment:
    file = given["file"]
    about = {"kind": given["kind"], "issued_on": given["issued_on"], "name": file.name}
    return commands.take(found, **about, whole=file.read(), by=by)
