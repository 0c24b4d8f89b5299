"""Entry and exit of managers, apart from workers."""

from django.shortcuts import render
from django.urls import reverse

from shiming.assignment.queries import assignments
from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.presence import commands, queries
from shiming.presence.console import lists
from shiming.presence.forms import DayForm, GateFilter
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table


@console(*SITE_ROLES, methods=("GET",))
def managers(request):
    """The PM and other managers, and whether they are on site."""
    return render(request, "presence/managers.html", {"table": _managers(request)})


@register_list("stay-managers")
def _managers(request) -> Table:
    filters = GateFilter(request.GET)
    rows = lists.matching(
        filters, queries.managers(request.actor), request.actor, company="participation__company__name"
    )
    return Table(
        lists.CONFIRMED,
        Paged(rows, request, order=("participation__company__name", "role", "pk"), keys_first=True),
        caption="项目经理进退场管理",
        actions=_actions,
        empty=Empty("还没有确认过的管理员", "管理员由企业分配、工地同意之后列在这里。", icon="id-badge-2"),
        filters=filters,
    )


@console(*SITE_ROLES)
def manager_entries(request):
    rows = chosen(assignments(request.actor), ticked(request))
    form = DayForm(request.POST if "on" in request.POST else None, label="进场日期")
    if form.is_valid() and carry_out(form, lambda: _enter(rows, form.cleaned_data["on"], request.actor)):
        return answer(request, form.result, "已进场", reverse("stay-managers"))
    return _dialog(request, rows, form, "stay-manager-entries", "进场登记")


@console(*SITE_ROLES)
def manager_exits(request):
    rows = chosen(queries.stays(request.actor), ticked(request))
    form = DayForm(request.POST if "on" in request.POST else None, label="退场日期")
    if form.is_valid() and carry_out(form, lambda: _leave(rows, form.cleaned_data["on"], request.actor)):
        return answer(request, form.result, "已退场", reverse("stay-managers"))
    return _dialog(request, rows, form, "stay-manager-exits", "退场")


def _enter(rows, on, actor):
    return commands.enter_pm(rows, on=on, by=actor)


def _leave(rows, on, actor):
    return commands.leave_pm(rows, on=on, by=actor)


def _actions(row):
    if row.state == "on_site":
        return [Action("退场", f"{reverse('stay-manager-exits')}?ids={row.stay_id}", how="dialog")]
    if row.state == "not_entered":
        return [Action("进场登记", f"{reverse('stay-manager-entries')}?ids={row.pk}", how="dialog", tone="primary")]
    return []


def _dialog(request, rows, form, url_name, title):
    context = {"form": form, "rows": rows, "action": reverse(url_name), "title": title, "button": "确定"}
    return render(request, "presence/day.html", context, status=status_of(form))
