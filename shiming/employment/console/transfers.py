"""Transfers to the actor's company. The present company appears on no page."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES
from shiming.core.doors import console
from shiming.employment import commands, queries
from shiming.employment.console.hiring import render_hiring
from shiming.employment.forms import HireForm, TransferFilter
from shiming.employment.models import Transfer
from shiming.web.forms import carry_out, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table


@console(*COMPANY_ROLES, methods=("GET",))
def index(request):
    """List the transfers with the worker's answer and the deadline."""
    return render(request, "employment/transfers.html", {"table": _transfers(request)})


@register_list("transfer-list")
def _transfers(request) -> Table:
    filters = TransferFilter(request.GET)
    asked = values_of(filters)
    rows = Paged(queries.transfers(request.actor, name=asked.name, status=asked.status), request)
    empty = Empty("没有转出", "聘用时遇到“在另外一家单位未离职”，可点“发起转出”。", icon="transfer")
    return Table(queries.TRANSFER_COLUMNS, rows, caption="转出", actions=_actions, empty=empty, filters=filters)


@console(*COMPANY_ROLES, methods=("POST",))
def new(request):
    """POST /transfers/new/: ask for a transfer, with the name and number of the hiring form."""
    form = HireForm(request.POST)
    if form.is_valid() and carry_out(form, lambda: commands.request_transfer(**form.cleaned_data, by=request.actor)):
        messages.success(request, f"已请{form.result.person.name}在手机上确认转出；离职办成后，聘用邀请自动发出。")
        return redirect("transfer-list")
    return render_hiring(request, form)


@console(*COMPANY_ROLES, methods=("POST",))
def stop(request, pk):
    """POST /transfers/<pk>/stop/ — 终止转出"""
    transfer = commands.stop_transfer(get_object_or_404(queries.transfers(request.actor), pk=pk), by=request.actor)
    messages.success(request, f"已终止{transfer.person.name}的转出。")
    return redirect("transfer-list")


def _actions(row: Transfer) -> list[Action]:
    if row.status not in Transfer.OPEN:
        return []
    url = reverse("transfer-stop", args=[row.pk])
    return [Action("终止", url, how="post", confirm=f"终止{row.person.name}的转出？")]
