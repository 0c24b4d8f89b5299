"""待办 of 企业端 and 工地端: one row for each kind of waiting question, the others by time."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.inbox import commands, queries
from shiming.inbox.answers import place_of
from shiming.web.forms import values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

READERS = (*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK, *SITE_ROLES, Role.SUPERVISION_PM)


class InboxFilter(forms.Form):
    what = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", "全部"), ("waiting", "待答复"), ("answered", "已答复"), ("notice", "通知")],
    )


@console(*READERS, methods=("GET",))
def index(request):
    context = {
        "table": _inbox(request),
        "groups": queries.groups(request.actor),
        "unread": queries.unread(request.actor),
    }
    return render(request, "inbox/list.html", context)


@register_list("inbox")
def _inbox(request) -> Table:
    filters = InboxFilter(request.GET)
    return Table(
        [Column("事项", "title", href=place_of, nowrap=False), *queries.COLUMNS],
        Paged(queries.inbox(request.actor, what=values_of(filters).what), request),
        caption="待办与通知",
        empty=Empty("没有待办", "需要您答复或应当知道的事，会出现在这里。", icon="inbox"),
        filters=filters,
    )


@console(*READERS, methods=("POST",))
def readings(request):
    """Mark all notices read."""
    count = commands.read_all(by=request.actor)
    messages.success(request, f"{count} 条通知已标为看过。")
    return redirect("inbox")
