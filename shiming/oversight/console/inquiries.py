"""Inquiries: lists of the station and of the site, one inquiry with its answer and papers."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from shiming.attachments.forms import pairs_of
from shiming.core import files
from shiming.core.actor import SITE_ROLES, Role
from shiming.core.audit import trail_of
from shiming.core.doors import SHEET, console, takes
from shiming.oversight import commands, inquiries, rules
from shiming.oversight.columns import INQUIRIES
from shiming.oversight.forms import AnswerForm, CloseForm, GiveBackForm, InquiryFilter
from shiming.oversight.models import Inquiry
from shiming.people import pictures
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table
from shiming.web.trail import lines

PLACES = {"station": "oversight-inquiry", "site": "site-inquiry"}


@console(Role.REGULATOR, methods=("GET",))
def listing(request):
    """List the inquiries of the station."""
    return render(request, "oversight/inquiries.html", {"table": _listing(request)})


@register_list("oversight-inquiries")
def _listing(request) -> Table:
    return _table(request, "station")


@console(*SITE_ROLES, methods=("GET",))
def site_listing(request):
    """List the inquiries that the site received."""
    return render(request, "oversight/inquiries.html", {"table": _site_listing(request)})


@register_list("site-inquiries")
def _site_listing(request) -> Table:
    return _table(request, "site")


@console(Role.REGULATOR, methods=("GET",))
def show(request, pk):
    """Show one inquiry with its lines and papers, and the forms that return or close it."""
    return _station_page(request, _find(request, pk), GiveBackForm(), CloseForm())


@console(Role.REGULATOR, methods=("POST",))
def return_(request, pk):
    """POST: return the answer to the site."""
    inquiry, form = _find(request, pk), GiveBackForm(request.POST)
    if form.is_valid() and carry_out(form, lambda: commands.give_back(inquiry, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"已退回{inquiry.project.name}的答复。")
        return redirect("oversight-inquiry", pk)
    return _station_page(request, inquiry, form, CloseForm(), status=status_of(form))


@console(Role.REGULATOR, methods=("POST",))
def closing(request, pk):
    """POST: close the inquiry."""
    inquiry, form = _find(request, pk), CloseForm(request.POST)
    if form.is_valid() and carry_out(form, lambda: commands.close(inquiry, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"{inquiry}，已办结。")
        return redirect("oversight-inquiry", pk)
    return _station_page(request, inquiry, GiveBackForm(), form, status=status_of(form))


@console(*SITE_ROLES)
@takes(SHEET)
def answer(request, pk):
    """Show one inquiry to the site and take the answer with papers."""
    inquiry = _find(request, pk)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        papers = pairs_of(form.cleaned_data["papers"])
        answered = partial(commands.answer, inquiry, text=form.cleaned_data["text"], papers=papers, by=request.actor)
        if carry_out(form, answered):
            messages.success(request, f"已答复“{inquiry.label}”的督办。")
            return redirect("site-inquiry", pk)
    open_ = inquiry.status == Inquiry.Status.SENT
    context = _thread(request, inquiry) | {
        "form": form,
        "may_answer": open_ and rules.may_answer(request.actor, inquiry),
    }
    return render(request, "oversight/site_inquiry.html", context, status=status_of(form))


@console(Role.REGULATOR, *SITE_ROLES, methods=("GET",))
def paper(request, pk):
    """GET: download one paper of an answer."""
    found = get_object_or_404(inquiries.papers(request.actor), pk=pk)
    headers = pictures.HEADERS | {"Content-Disposition": content_disposition_header(True, found.name)}
    return HttpResponse(files.read(found.file), content_type=found.file.media_type, headers=headers)


def _station_page(request, inquiry, give_back, close, status=200):
    context = _thread(request, inquiry) | {
        "give_back": give_back,
        "close": close,
        "may_give_back": inquiry.can_become(Inquiry.Status.SENT),
        "may_close": inquiry.can_become(Inquiry.Status.CLOSED),
    }
    return render(request, "oversight/inquiry.html", context, status=status)


def _thread(request, inquiry) -> dict:
    return {
        "inquiry": inquiry,
        "thread": inquiries.thread(inquiry),
        "trail": lines(trail_of(inquiry), request.actor),
    }


def _table(request, door: str) -> Table:
    filters = InquiryFilter(request.GET)
    return Table(
        INQUIRIES,
        Paged(inquiries.seen(request.actor, state=values_of(filters).state), request),
        caption="督办",
        actions=lambda row: [Action("查看", reverse(PLACES[door], args=[row.pk]))],
        empty=Empty("没有督办", "监督站发出的督办会列在这里。", icon="circle-check"),
        filters=filters,
    )


def _find(request, pk) -> Inquiry:
    return get_object_or_404(inquiries.seen(request.actor), pk=pk)
