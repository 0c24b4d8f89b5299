"""Pre-registrations: list, form with a look-up at the health cloud, page and correction (2-08 to 2-11)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import SITE_ROLES
from shiming.core.audit import trail_of
from shiming.core.doors import console
from shiming.core.privacy import mask
from shiming.health import commands, notice, queries, rules
from shiming.health.console.words import READERS, declaration_lines, kept, require_chosen
from shiming.health.declarations import Declared
from shiming.health.feed.queries import receiver_of
from shiming.health.forms import CorrectionForm, PreRegistrationFilter, PreRegistrationForm
from shiming.health.models import PreRegistration
from shiming.health.proposals.queries import waiting
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import lines

COLUMNS = [
    Column("用人单位", "participation.company.name"),
    Column("姓名", "person.name", href=lambda row: reverse("preregistration-show", args=[row.pk])),
    Column("身份证", "person.id_number", kind="id"),
    Column("联系电话", "phone", kind="id"),
    Column("预登记日期", "registered_on", kind="date"),
    Column("当前状态", "health", kind="state"),
]


@console(*READERS, methods=("GET",))
def listing(request):
    context = {"table": _rows(request), "may": rules.may_preregister_here(request.actor), "kept": kept(request)}
    context |= {"feeds": rules.may_see_feed(request.actor), "proposed": waiting(request.actor).count()}
    return render(request, "health/preregistrations.html", context)


@register_list("preregistration-list")
def _rows(request) -> Table:
    require_chosen(request.actor)
    filters = PreRegistrationFilter(request.GET)
    asked = values_of(filters)
    rows = queries.preregistrations(
        request.actor, who=asked.who, company=asked.company, ended=asked.standing == "ended"
    )
    return Table(
        COLUMNS,
        Paged(rows, request, order=("-registered_on", "-pk"), prepare=queries.with_words),
        caption="进场预登记",
        actions=_actions,
        empty=Empty() if is_filtered(filters) else EMPTY,
        filters=filters,
    )


@console(*SITE_ROLES)
def new(request):
    """Add a pre-registration. With `then=declaration` the POST only looks the declaration up and saves nothing."""
    require_chosen(request.actor)
    form = PreRegistrationForm(request.POST or None, employers=queries.employers(request.actor))
    if request.POST.get("then") == "declaration":
        look_up(form, request.actor)
    elif form.is_valid() and carry_out(form, lambda: _add(form, request)):
        messages.success(request, f"已为{form.result.person.name}办理进场预登记。")
        return redirect("preregistration-list")
    context = {"form": form, "filing": form.filing, "project_name": request.actor.project_name}
    context |= {"items": notice.items(receiver_of(request.actor.project_id)), "version": notice.VERSION}
    return render(request, "health/preregistration.html", context | declared_in(form), status=status_of(form))


@console(*SITE_ROLES, methods=("GET",))
def contract(request):
    """GET …/contract/?employer=: number of the contract and name of the project for the chosen employer, or R-36."""
    form = PreRegistrationForm(request.GET, employers=queries.employers(request.actor))
    chosen = request.GET.get("employer", "") in form.offered
    context = {"filing": form.filing, "chosen": chosen, "project_name": request.actor.project_name}
    return render(request, "health/parts/contract.html", context)


@console(*READERS, methods=("GET",))
def show(request, pk):
    row = find(request, pk)
    context = {
        "row": row,
        "status": queries.status_of(row.person_id),
        "declared": declaration_lines(Declared.from_dict(row.values["declaration"])),
        "may": kept(request) and row.open and rules.may_preregister(request.actor, row.participation),
        "trail": lines(trail_of(row)[:50], request.actor),
    }
    return render(request, "health/show.html", context)


@console(*SITE_ROLES)
def edit(request, pk):
    row = find(request, pk)
    form = CorrectionForm(row, request.POST or None, employers=queries.employers(request.actor))
    if form.is_valid() and carry_out(form, lambda: _correct(row, form, request.actor)):
        messages.success(request, f"已保存{row.person.name}的进场预登记。")
        return redirect("preregistration-show", pk)
    return render(request, "health/edit.html", {"row": row, "form": form}, status=status_of(form))


def find(request, pk) -> PreRegistration:
    rows = PreRegistration.objects.filter(rules.visible_to(request.actor), project=request.actor.project_id)
    return get_object_or_404(rows.select_related("person", "project", "filing", "participation__company"), pk=pk)


def look_up(form, by) -> None:
    """Look the declaration up for the number and name typed so far."""
    form.is_valid()
    form.keep_only_errors_of_person()
    if not form.errors:
        typed = form.cleaned_data
        if carry_out(form, lambda: commands.look_up(typed["number"], typed["name"], by=by)):
            form.take(form.result)


def ask_again(form, by) -> Declared:
    """The server's own look-up when the row is added."""
    form.take(commands.look_up(form.cleaned_data["number"], form.cleaned_data["name"], by=by))
    return form.declared


def declared_in(form) -> dict:
    """What the templates print of the declaration just looked up; a delivered phone is printed masked."""
    if form.declared is None:
        return {"declared": [], "delivered": ""}
    return {"declared": declaration_lines(form.declared), "delivered": mask(form.declared.phone)}


def _add(form, request) -> PreRegistration:
    typed = form.cleaned_data
    place, filing = form.employer_chosen
    given = {name: typed[name] for name in ("number", "name", "origin", "phone")}
    declared = ask_again(form, request.actor)
    return commands.pre_register(place, filing, **given, declared=declared, by=request.actor, sure=form.sure)


def _correct(row, form, by) -> PreRegistration:
    typed = form.cleaned_data
    place, filing = form.employer_chosen
    return commands.correct(
        row, place, filing, origin=typed["origin"], phone=typed["phone"], by=by, seen=typed["version"]
    )


def _actions(row):
    yield Action("查看", reverse("preregistration-show", args=[row.pk]))
    yield Action("携带家属", reverse("family-list", args=[row.pk]))
    yield Action("每日健康", reverse("daily-list", args=[row.person_id]))
    yield Action("处置方式", reverse("disposition", args=[row.person_id]), how="dialog")


EMPTY = Empty(
    "还没有进场预登记", "进场之前先预登记；没有预登记的，进场会被拒绝。", "进场预登记", "/health/pre-registrations/new/"
)
