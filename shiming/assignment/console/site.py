"""Pages of 工地端: waiting allocations, accepted or rejected one by one or together."""

from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.assignment import commands, queries
from shiming.assignment.answerers import answerer_here
from shiming.assignment.console import lists
from shiming.assignment.forms import RejectForm, SiteFilter
from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.web.batch import answer, chosen, lacks_people, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table


@console(*SITE_ROLES, methods=("GET",))
def waiting(request):
    """Allocations that wait for this site; redirects where the flow is answered on another page."""
    if (desk := answerer_here(request.actor).waiting) != "assignment-waiting":
        return redirect(desk)
    return render(request, "assignment/waiting.html", {"table": _waiting(request), "here": "waiting"})


@register_list("assignment-waiting")
def _waiting(request) -> Table:
    filters = SiteFilter(request.GET)
    buttons = [
        Action("同意", reverse("assignment-confirmations"), how="post", tone="primary", icon="check"),
        Action("拒绝", reverse("assignment-rejections"), how="dialog", icon="x"),
    ]
    rows = matching(filters, queries.waiting(request.actor), request.actor)
    return Table(
        WAITING,
        Paged(rows, request, order=("allocated_on", "pk"), size=50, sorts=lists.SORTS),
        caption="待确认人员",
        actions=_decide,
        select=Select(buttons, label=lambda row: row.person.name),
        empty=Empty("没有等待确认的人员", "企业分配人员后会出现在这里，并在待办里提醒。", icon="circle-check"),
        filters=filters,
    )


@console(*SITE_ROLES, methods=("GET",))
def answered(request):
    if (desk := answerer_here(request.actor).answered) != "assignment-answered":
        return redirect(desk)
    return render(request, "assignment/waiting.html", {"table": _answered(request), "here": "answered"})


@register_list("assignment-answered")
def _answered(request) -> Table:
    filters = SiteFilter(request.GET)
    rows = matching(filters, queries.answered(request.actor), request.actor)
    return Table(
        ANSWERED,
        Paged(rows, request, order=("-allocated_on", "-pk"), sorts=lists.SORTS),
        caption="已处理人员",
        empty=Empty("还没有处理过的人员", "同意或拒绝之后，人员会列在这里。"),
        filters=filters,
    )


@console(*SITE_ROLES, methods=("POST",))
def confirmations(request):
    """Accept the ticked rows."""
    rows = chosen(queries.ever_asked(request.actor), ticked(request))
    return answer(request, commands.accept(rows, by=request.actor), "已同意", reverse("assignment-waiting"))


@console(*SITE_ROLES)
def rejections(request):
    """Ask for the reason, then reject the ticked rows."""
    if lacks_people(request):
        return redirect(answerer_here(request.actor).waiting)
    rows = chosen(queries.ever_asked(request.actor), ticked(request))
    form = RejectForm(request.POST if "note" in request.POST else None)
    if form.is_valid() and carry_out(form, lambda: _reject(rows, form.cleaned_data["note"], request.actor)):
        return answer(request, form.result, "已拒绝", reverse(answerer_here(request.actor).waiting))
    return render(request, "assignment/rejection.html", {"form": form, "rows": rows}, status=status_of(form))


def _reject(rows, note, actor):
    return commands.reject(rows, note=note, by=actor)


def _decide(row):
    return [
        Action("同意", f"{reverse('assignment-confirmations')}?ids={row.pk}", how="post", tone="primary"),
        Action("拒绝", f"{reverse('assignment-rejections')}?ids={row.pk}", how="dialog"),
    ]


def matching(filters, rows, actor):
    """The rows that match name, number and firm of the filter form."""
    asked = values_of(filters)
    rows = queries.called(rows, f"{asked.name} {asked.id_number}", actor)
    if asked.company:
        rows = rows.filter(participation__company__name__contains=asked.company)
    return rows


WAITING = [
    *(lists.COMPANY, lists.PERSON, lists.ID_NUMBER, lists.SEX, lists.ROLE, lists.TRADE, lists.TEAM, lists.PHONE),
    lists.ALLOCATED,
]
ANSWERED = [
    *(lists.COMPANY, lists.PERSON, lists.ID_NUMBER, lists.ROLE, lists.TRADE, lists.TEAM, lists.ALLOCATED),
    *(lists.LODGES, lists.STATUS, Column("确认时间", "confirmed_at", kind="time")),
]
