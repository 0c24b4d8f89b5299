"""限制进场 on the own phone: what it means, why, until when, and the appeal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shiming.attachments.forms import pairs_of
from shiming.core.actor import Role
from shiming.core.doors import SHEET, mobile, takes
from shiming.restrictions import commands, queries
from shiming.restrictions.forms import AppealForm
from shiming.restrictions.models import Restriction
from shiming.web.forms import carry_out, status_of
from shiming.web.paging import Paged


@mobile(Role.PERSON, methods=("GET",))
def mine(request):
    rows = Paged(queries.seen(request.actor), request, order=("-until", "-pk"))
    return render(request, "restrictions/my.html", {"page": rows.page})


@mobile(Role.PERSON)
@takes(SHEET)
def my_one(request, pk):
    """One entry in plain words, its papers, and the form of the appeal."""
    row = get_object_or_404(queries.seen(request.actor), pk=pk)
    form = AppealForm(request.POST or None, request.FILES or None)
    if form.is_valid() and carry_out(form, lambda: _appeal(row, form, request.actor)):
        messages.success(request, _("申诉已交给{issuer}，答复后告诉您。").format(issuer=row.issuer.name))
        return redirect("my-restriction", pk)
    may = row.status == Restriction.Status.STANDING and not row.over
    context = {"row": row, "thread": queries.thread(row), "opinions": queries.opinions(row), "form": form, "may": may}
    return render(request, "restrictions/my_one.html", context, status=status_of(form))


def _appeal(row, form, by) -> Restriction:
    return commands.appeal(row, text=form.cleaned_data["text"], papers=pairs_of(form.cleaned_data["papers"]), by=by)
