"""Pages of 退场管理 and 退场登记, for one person or many."""

from dataclasses import replace

from django.shortcuts import render
from django.urls import reverse

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.presence import commands, queries
from shiming.presence.console import lists
from shiming.presence.forms import ExitForm, GateFilter
from shiming.projects.models import Project
from shiming.projects.policies import EntryTrigger
from shiming.projects.queries import policy_of
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Select, Table

BACK = {EntryTrigger.FORM: "stay-desk-exits"}
FIRM = "company__name"


@console(*SITE_ROLES, methods=("GET",))
def leaving(request):
    """List the people on site, to register exits."""
    return render(request, "presence/leaving.html", {"table": _on_site(request)})


@register_list("stay-leaving")
def _on_site(request) -> Table:
    filters = GateFilter(request.GET)
    rows = lists.matching(filters, queries.on_site(request.actor), request.actor, company=FIRM)
    batch = Action("退场登记", reverse("stay-exits"), how="dialog", tone="primary", icon="logout")
    return Table(
        lists.ON_SITE,
        Paged(rows, request, order=("-entered_on", "-pk"), size=50, sorts=lists.SORTS, keys_first=True),
        caption="在场人员",
        actions=lambda row: [Action("退场登记", f"{reverse('stay-exits')}?ids={row.pk}", how="dialog")],
        select=Select([batch], label=lambda row: row.person.name),
        empty=Empty("现在没有人在场", "进场之后，在场的人会列在这里。", icon="helmet"),
        filters=filters,
    )


@console(*SITE_ROLES)
def exits(request):
    """Register the exit of the ticked people; when some have left already, offer to continue without them."""
    rows = chosen(queries.stays(request.actor), ticked(request))
    policy = policy_of(Project.objects.get(pk=request.actor.project_id))
    rating, back = policy.rating_at_exit, BACK.get(policy.entry_trigger, "stay-leaving")
    form = ExitForm(request.POST if "on" in request.POST else None, rating=rating)
    if form.is_valid() and carry_out(form, lambda: _leave(rows, form.cleaned_data, request.actor)):
        if form.result.done or not form.result.refused:
            return answer(request, form.result, "已退场", reverse(back))
        if any(not row.on_site for row in rows):
            return _offer_the_others(request, rows, form)
        _say_why(form)
    return _dialog(request, rows, form, status_of(form))


def _leave(rows, typed, actor):
    return commands.leave_site(rows, by=actor, **typed)


def _offer_the_others(request, rows, form):
    """R-23: nothing was saved; the answer names those who left already and offers to continue without them."""
    others = [row for row in rows if row.on_site]
    context = {"refused": form.result.rows, "rows": others, "form": form, "action": reverse("stay-exits")}
    return render(request, "presence/gone.html", context, status=422)


def _say_why(form) -> None:
    """Put the reasons into the form when no exit was possible, for example because of the day."""
    grouped: dict[tuple, list[str]] = {}
    for name, error in form.result.refused:
        for item in error.refusals:
            grouped.setdefault((error.field, item), []).append(name)
    for (field, item), names in grouped.items():
        about = replace(item, hint=f"{item.hint}：{'、'.join(names)}")
        form.add_error(field if field in form.fields else None, about.advice)


def _dialog(request, rows, form, status):
    context = {"form": form, "rows": rows, "action": reverse("stay-exits"), "title": "退场登记", "button": form.button}
    return render(request, "presence/day.html", context, status=status)
