"""Start page of 工地端: people on site now, events of today, and waiting work."""

from django.shortcuts import render

from shiming.core.actor import SITE_ROLES, Role
from shiming.core.doors import console
from shiming.presence import queries, rules
from shiming.web.trail import lines


@console(*SITE_ROLES, Role.SUPERVISION_PM, methods=("GET",))
def home(request):
    actor = request.actor
    context = {
        "figures": queries.today(actor),
        "companies": queries.by_company(actor),
        "refusals": lines(queries.refusals_today(actor), actor),
        "may_scan": rules.may_scan(actor),
    }
    return render(request, "presence/home_site.html", context)
