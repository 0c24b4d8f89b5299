"""监督端首页：此刻多少工地、多少人；哪里有问题。总览：图与表。"""

from django.shortcuts import render
from django.utils import timezone

from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.employment.queries import overdue_leaves
from shiming.oversight import overview as figures
from shiming.oversight import queries, troubles
from shiming.oversight.console.troubles import short_list


@console(Role.REGULATOR, methods=("GET",))
def home(request):
    actor, today = request.actor, timezone.localdate()
    rows = troubles.projects(actor).order_by("-troubles", "pk")
    context = {
        "today": today,
        "station": queries.stations(actor)[0],
        "figures": figures.figures(actor, today),
        "overdue": overdue_leaves(actor).count(),
        "troubled": rows.count(),
        "counted_at": troubles.counted_at(actor),
        "table": short_list(troubles.with_counts(rows[:5])),
    }
    return render(request, "oversight/home.html", context)


@console(Role.REGULATOR, methods=("GET",))
def overview(request):
    """总览：最近 30 天与此刻的构成"""
    actor, today = request.actor, timezone.localdate()
    context = {
        "station": queries.stations(actor)[0],
        "today": today,
        "charts": figures.charts(actor, today),
        "counted_at": figures.counted_at(actor),
    }
    return render(request, "oversight/overview.html", context)
