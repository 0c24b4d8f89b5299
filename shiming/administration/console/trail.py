"""The trail with its seals, for the system administrator."""

from django.shortcuts import render

from shiming.administration import queries
from shiming.administration.forms import TrailFilter
from shiming.core.actor import Door, Role
from shiming.core.doors import console
from shiming.web.forms import values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table
from shiming.web.trail import as_whom


@console(Role.SYS_ADMIN, methods=("GET",))
def listing(request):
    return render(request, "administration/trail.html", {"table": _trail(request), "sealing": queries.sealing()})


@register_list("trail-list")
def _trail(request) -> Table:
    filters = TrailFilter(request.GET)
    asked = values_of(filters)
    rows = queries.trail(request.actor, asked.kind, asked.by, asked.person, asked.company, asked.since, asked.until)
    rows = Paged(rows, request, order=("-id",))
    columns, empty = _columns(queries.sealing().upto), Empty(icon="history")
    return Table(columns, rows, caption="痕迹", numbered=False, empty=empty, filters=filters)


def _columns(upto: int) -> list[Column]:
    return [
        Column("编号", kind="number", render=lambda row: str(row.pk)),
        Column("时间", "at", kind="time"),
        Column("经过", render=str, nowrap=False),
        Column("操作人", "by"),
        Column("入口", render=lambda row: Door(row.door).label),
        Column("身份", render=as_whom),
        Column("地址", "address"),
        Column("封存", render=lambda row: "已封存" if row.pk <= upto else "待封存"),
    ]
