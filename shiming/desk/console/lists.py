"""退场管理 [003] and 用工查询 [000] [003], with seven filters in any combination, and the record of a person."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.desk import queries
from shiming.desk.console import columns
from shiming.desk.forms import RosterFilter
from shiming.desk.menu import enters_by_form
from shiming.presence.models import Stay
from shiming.presence.queries import stays
from shiming.projects.flows import works_under
from shiming.web.forms import values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Select, Table
from shiming.web.trail import trail

READERS = (*SITE_ROLES, *COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.SUPERVISION_PM)
ORDER = ("-entered_on", "-pk")
MOST_COUNTED = 1_000  # counting all of three million stays is slow, and no user needs the exact number


@console(*SITE_ROLES, methods=("GET",))
def exits(request):
    """退场管理: people on site and people who left; an exit is registered for the ticked ones."""
    context = {
        "table": _exits(request),
        "title": "退场管理",
        "lead": "勾选一人或多人，退场登记；同一评价适用于所勾选的人。",
    }
    return render(request, "desk/roster.html", context)


@register_list("stay-desk-exits")
def _exits(request) -> Table:
    filters = RosterFilter(request.GET)
    batch = Action("退场登记", reverse("stay-exits"), how="dialog", tone="primary", icon="logout")
    return Table(
        columns.EXIT,
        Paged(_stays(request.actor, filters), request, order=ORDER, size=50, cap=MOST_COUNTED, keys_first=True),
        caption="退场管理",
        select=Select([batch], label=lambda row: row.person.name),
        empty=Empty(hint="放宽查询条件，或先办理进场。"),
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def query(request):
    """List people with personal data, employment and stays. Companies and sites name this page differently."""
    table = _roster(request)
    return render(request, "desk/roster.html", {"table": table, "title": table.caption, "lead": ""})


@register_list("stay-query")
def _roster(request) -> Table:
    actor, filters = request.actor, RosterFilter(request.GET)
    may_edit = actor.on_site and works_under(actor, enters_by_form)
    return Table(
        columns.QUERY,
        Paged(_stays(actor, filters), request, order=ORDER, cap=MOST_COUNTED, keys_first=True),
        caption="用工查询" if actor.project_id else "用工信息查询",
        actions=lambda row: [_look(row), *columns.editing(row)] if may_edit else [_look(row)],
        empty=Empty(hint="放宽查询条件；没有确认进场的人不在这里。"),
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def record(request, pk):
    """The whole record: person, employment, stays and attendance."""
    stay = get_object_or_404(stays(request.actor), pk=pk)
    table = Table(
        columns.HISTORY, list(queries.history(stay, request.actor)[:100]), caption="历次进退场", numbered=True
    )
    context = {"stay": stay, "employment": stay.assignment.employment, "person": stay.person, "table": table}
    context["shows_attendance"] = request.actor.role is not Role.PARTICIPANT_CLERK
    return render(request, "desk/record.html", context | {"trail": trail(stay, request.actor)})


def _stays(actor, filters) -> QuerySet[Stay]:
    asked = values_of(filters)
    return queries.roster(
        actor,
        company=asked.company,
        leader=asked.leader,
        who=asked.who,
        trade=asked.trade,
        state=asked.state,
        entered_from=asked.entered_from,
        entered_to=asked.entered_to,
        exited_from=asked.exited_from,
        exited_to=asked.exited_to,
    )


def _look(row) -> Action:
    return Action("查看", reverse("stay-record", args=[row.pk]))
