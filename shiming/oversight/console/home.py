"""Start page of the authority with open sites, people on site and troubles; the overview in charts and tables."""

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
    """Charts of the last 30 days and the composition of the people on site now."""
    actor, today = request.actor, timezone.localdate()
    context = {
        "station": queries.stations(actor)[0],
        "today": today,
        "charts": figures.charts(actor, today),
        "counted_at": figures.counted_at(actor),
    }
    return render(request, "oversight/overview.html", context)
