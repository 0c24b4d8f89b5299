"""Pages for entries of allocated people, one or many."""

from django.shortcuts import render
from django.urls import reverse

from shiming.assignment.queries import assignments
from shiming.core.actor import SITE_ROLES, Role
from shiming.core.doors import console
from shiming.presence import commands, queries
from shiming.presence.console import lists
from shiming.presence.forms import ConfirmedFilter, DayForm, GateFilter
from shiming.presence.models import Stay
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Select, Table

FIRM = "participation__company__name"
ORDER = (FIRM, "person__name_initials", "pk")


@console(*SITE_ROLES, Role.SUPERVISION_PM, methods=("GET",))
def listing(request):
    """进退场管理: confirmed people and whether they are on site."""
    return render(request, "presence/list.html", {"table": _confirmed(request)})


@register_list("stay-list")
def _confirmed(request) -> Table:
    filters = ConfirmedFilter(request.GET)
    rows = lists.matching(filters, queries.confirmed(request.actor), request.actor, company=FIRM)
    if state := values_of(filters).state:
        rows = rows.filter(state=state)
    return Table(
        lists.CONFIRMED,
        Paged(rows, request, order=ORDER, keys_first=True),
        caption="已确认人员",
        file_name="进退场人员",
        empty=Empty(
            "还没有确认过的人员", "先在“人员分配”中同意分配，再办理进场。", "去人员分配", reverse("assignment-waiting")
        ),
        filters=filters,
    )


@console(*SITE_ROLES, methods=("GET",))
def entry(request):
    """进场登记: people who have not entered yet."""
    return render(request, "presence/entry.html", {"table": _to_enter(request)})


@register_list("stay-entry")
def _to_enter(request) -> Table:
    filters = GateFilter(request.GET)
    rows = lists.matching(filters, queries.to_enter(request.actor), request.actor, company=FIRM)
    batch = Action("批量处理", reverse("stay-entries"), how="dialog", tone="primary", icon="login")
    return Table(
        lists.PEOPLE,
        Paged(rows, request, order=ORDER, size=50, keys_first=True),
        caption="未进场人员",
        actions=lambda row: [Action("处理", f"{reverse('stay-entries')}?ids={row.pk}", how="dialog", tone="primary")],
        select=Select([batch], label=lambda row: row.person.name),
        empty=Empty(
            "没有等待进场的人员", "同意分配之后，还没有进场的人会列在这里；也可以用手机扫码进场。", icon="helmet"
        ),
        filters=filters,
    )


@console(*SITE_ROLES)
def entries(request):
    """Register the entry of the ticked rows on one day."""
    rows = chosen(assignments(request.actor), ticked(request))
    form = DayForm(request.POST if "on" in request.POST else None, label="进场日期")
    method = Stay.Method.BATCH if len(rows) > 1 else Stay.Method.FORM
    if form.is_valid() and carry_out(form, lambda: _enter(rows, method, form.cleaned_data["on"], request.actor)):
        return answer(request, form.result, "已进场", reverse("stay-entry"))
    context = {"form": form, "rows": rows, "action": reverse("stay-entries"), "title": "进场登记", "button": "确定"}
    return render(request, "presence/day.html", context, status=status_of(form))


def _enter(rows, method, on, actor):
    return commands.enter(rows, method=method, on=on, by=actor)
