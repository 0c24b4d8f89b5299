"""Accompanying family: list, form and page (2-12)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.health import commands, queries, rules
from shiming.health.console.preregistrations import ask_again, declared_in, find, look_up
from shiming.health.console.words import READERS, declaration_lines, kept
from shiming.health.declarations import Declared
from shiming.health.forms import PersonForm
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证", "person.id_number", kind="id"),
    Column("联系电话", "phone", kind="id"),
    Column("预登记日期", "registered_on", kind="date"),
]
EMPTY = Empty("没有携带家属", "有家属同来的，点“携带家属登记”。", icon="users-group")


@console(*READERS, methods=("GET",))
def listing(request, pk):
    row = find(request, pk)
    may = kept(request) and row.open and rules.may_preregister(request.actor, row.participation)
    return render(request, "health/family.html", {"row": row, "table": _rows(request, pk), "may": may})


@register_list("family-list")
def _rows(request, pk) -> Table:
    rows = Paged(queries.family(find(request, pk)), request, order=("pk",))
    return Table(COLUMNS, rows, caption="携带家属", actions=_actions, empty=EMPTY)


@console(*SITE_ROLES)
def new(request, pk):
    row = find(request, pk)
    form = PersonForm(request.POST or None)
    if request.POST.get("then") == "declaration":
        look_up(form, request.actor)
    elif form.is_valid() and carry_out(form, lambda: _add(row, form, request)):
        messages.success(request, f"已登记{row.person.name}的家属{form.result.person.name}。")
        return redirect("family-list", pk)
    context = {"row": row, "form": form} | declared_in(form)
    return render(request, "health/family_new.html", context, status=status_of(form))


@console(*READERS, methods=("GET",))
def show(request, pk):
    rows = queries.family_seen(request.actor).filter(preregistration__project=request.actor.project_id)
    member = get_object_or_404(rows, pk=pk)
    declared = declaration_lines(Declared.from_dict(member.values["declaration"]))
    return render(request, "health/family_show.html", {"member": member, "declared": declared})


def _add(row, form, request):
    given = {name: form.cleaned_data[name] for name in ("number", "name", "origin", "phone")}
    declared = ask_again(form, request.actor)
    return commands.add_family_member(row, **given, declared=declared, by=request.actor, sure=form.sure)


def _actions(member):
    yield Action("查看", reverse("family-show", args=[member.pk]))
