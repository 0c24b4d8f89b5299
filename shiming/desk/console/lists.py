"""退场管理 [003] 与用工查询 [003][000]：七个条件任意组合；查看一个人的全部。"""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.desk import queries
from shiming.desk.console import columns
from shiming.desk.forms import RosterFilter
from shiming.desk.menu import enters_by_form
from shiming.presence.queries import stays
from shiming.projects.flows import works_under
from shiming.web.paging import page
from shiming.web.table import Action, Empty, Select, Table
from shiming.web.trail import trail

READERS = (*SITE_ROLES, *COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.SUPERVISION_PM)
ORDER = ("-entered_on", "-pk")
MOST_COUNTED = 1_000  # of three million stays, who needs the last digit narrows the search


@console(*SITE_ROLES, methods=("GET",))
def exits(request):
    """退场管理：在场的和已退场的，勾选一人或多人办理退场。"""
    form, rows = _asked(request)
    batch = Action("退场登记", reverse("stay-exits"), how="dialog", tone="primary", icon="logout")
    table = Table(
        columns.EXIT,
        page(rows, request, order=ORDER, size=50, cap=MOST_COUNTED, keys_first=True),
        caption="退场管理",
        select=Select([batch], label=lambda row: row.person.name),
        empty=Empty(hint="放宽查询条件，或先办理进场。"),
    )
    context = {
        "table": table,
        "form": form,
        "title": "退场管理",
        "lead": "勾选一人或多人，退场登记；同一评价适用于所勾选的人。",
    }
    return render(request, "desk/roster.html", context)


@console(*READERS, methods=("GET",))
def query(request):
    """用工查询：基本信息、用工信息、历次进退场；企业端叫用工信息查询。"""
    form, rows = _asked(request)
    desk = request.actor.on_site and works_under(request.actor, enters_by_form)
    title = "用工查询" if request.actor.project_id else "用工信息查询"

    def actions(row):
        look = Action("查看", reverse("stay-record", args=[row.pk]))
        return [look, *columns.editing(row)] if desk else [look]

    table = Table(
        columns.QUERY,
        page(rows, request, order=ORDER, cap=MOST_COUNTED, keys_first=True),
        caption=title,
        actions=actions,
        empty=Empty(hint="放宽查询条件；没有确认进场的人不在这里。"),
    )
    return render(request, "desk/roster.html", {"table": table, "form": form, "title": title, "lead": ""})


@console(*READERS, methods=("GET",))
def record(request, pk):
    """查看：人员、用工、历次进退场、考勤。"""
    stay = get_object_or_404(stays(request.actor), pk=pk)
    table = Table(
        columns.HISTORY, list(queries.history(stay, request.actor)[:100]), caption="历次进退场", numbered=True
    )
    context = {"stay": stay, "employment": stay.assignment.employment, "person": stay.person, "table": table}
    context["shows_attendance"] = request.actor.role is not Role.PARTICIPANT_CLERK
    return render(request, "desk/record.html", context | {"trail": trail(stay, request.actor)})


def _asked(request):
    form = RosterFilter(request.GET)
    return form, queries.roster(request.actor, **(form.cleaned_data if form.is_valid() else {}))
