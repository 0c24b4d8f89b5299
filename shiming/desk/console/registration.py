"""The entry desk [003]: list, registration, irregular registration, correction of a row, and the queue by keyboard."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.desk import cards, commands, queries
from shiming.desk.console import columns
from shiming.desk.forms import DeskFilter, EntryForm, IrregularForm, ManagerEntryForm, QueueForm, RowForm
from shiming.people import pictures
from shiming.people import queries as people
from shiming.people.commands import desk as people_desk
from shiming.presence.commands import UNDO_WITHIN
from shiming.presence.models import Stay
from shiming.presence.queries import stays
from shiming.web.detour import brought_back, sent_away
from shiming.web.fields import sentences
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.frames import asks_for_part
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Empty, Table

SAVED = "保存成功!"  # M-02
CHOSEN = ("place", "team", "trade", "education", "on")


@console(*SITE_ROLES, methods=("GET",))
def desk(request):
    """进场管理: people on site, latest entry first."""
    return render(request, "desk/list.html", {"table": _on_site(request)})


@register_list("stay-desk")
def _on_site(request) -> Table:
    filters = DeskFilter(request.GET)
    asked = values_of(filters)
    rows = queries.roster(request.actor, state="on_site", company=asked.company, who=asked.who)
    return Table(
        columns.ENTRY,
        Paged(queries.in_the_books_of_another(rows), request, order=("-entered_on", "-pk")),
        caption="进场管理",
        actions=columns.editing,
        empty=Empty() if is_filtered(filters) else NO_PEOPLE,
        filters=filters,
    )


@console(*SITE_ROLES)
def registration(request):
    """进场登记 of a worker with a verified identity. A detour to the card reader keeps the typed values."""
    if request.POST.get("then") == "reader":
        return sent_away(request, reverse("reader"), back=reverse("stay-desk-registration"))
    person = people.just_read(request.actor, request.GET.get("person") or request.POST.get("person", ""))
    known, choices = _known_of(person, request.actor) if person else {}, _choices(request)
    if known and known["expected"]:
        choices["kept"].setdefault("place", known["expected"].pk)
    form = EntryForm(request.POST or None, person=person, **choices)
    register = _register_by_card if request.POST.get("then") == "card" else _register
    if form.is_valid() and carry_out(form, lambda: register(form, request.actor)):
        return _saved(request, form.result, "stay-desk-registration")
    context = {"form": form, "codes": _codes(form), "found": person} | known
    return render(request, "desk/registration.html", context, status=status_of(form))


@console(*SITE_ROLES)
def irregular(request):
    """非正常登记: the card data is typed, and the worker stays without a verified identity."""
    form = IrregularForm(request.POST or None, **_choices(request))
    if form.is_valid() and carry_out(form, lambda: _register(form, request.actor, form.card)):
        return _saved(request, form.result, "stay-desk-irregular")
    return render(request, "desk/irregular.html", {"form": form}, status=status_of(form))


@console(*SITE_ROLES)
def manager(request):
    """管理人员进场 of a registered person (domain.md §12.4)."""
    form = ManagerEntryForm(request.POST or None, **_choices(request))
    if form.is_valid() and carry_out(form, lambda: _register(form, request.actor)):
        return _saved(request, form.result, "stay-desk-manager")
    return render(request, "desk/manager.html", {"form": form}, status=status_of(form))


@console(*SITE_ROLES, methods=("POST",))
def who(request):
    """Look up a typed or read ID number: photo, name, and whether the person may enter."""
    form = EntryForm({"number": request.POST.get("number", "")}, places=[], teams=[])
    form.is_valid()
    found = carry_out(form, lambda: people_desk.look_up(request.POST.get("number", ""), by=request.actor))
    context = {"person": None, "portrait": "", "items": form.refusals, "form": form, "expected": None}
    if found:
        context = _known_of(form.result, request.actor) | {"form": None}
    context["unknown"] = "R-06" in {item.code for item in context["items"]}
    return render(request, "desk/who.html", context)


@console(*SITE_ROLES)
def edit(request, pk):
    """The row as a form with 保存 and 撤销."""
    state = "on_site" if request.method == "GET" else ""  # a worker who has left is refused with R-32
    stay = get_object_or_404(queries.roster(request.actor, state=state).select_related("project"), pk=pk)
    teams = queries.leaders([stay.assignment.participation])
    form = RowForm(stay, request.POST or None, teams=teams)
    if form.is_valid() and carry_out(form, lambda: _change(stay, form, request.actor)):
        messages.success(request, f"{SAVED}{stay.person.name}")
        return redirect("stay-desk")
    template = "desk/row.html" if asks_for_part(request) else "desk/edit.html"
    return render(request, template, {"form": form, "stay": stay}, status=status_of(form))


@console(*SITE_ROLES)
def queue(request):
    """快速登记: one address for the page (GET) and for each registration sent from it (POST)."""
    return _queue_answer(request) if request.method == "POST" else _queue_page(request)


def _queue_page(request):
    """The choices that hold for the whole queue, and the entries that can still be undone."""
    entered = queries.entered_at_desk(request.actor)
    context = {
        "form": QueueForm(**_choices(request)),
        "count": entered.count(),
        "undoable": entered.filter(created_at__gte=timezone.now() - UNDO_WITHIN)[:50],
    }
    return render(request, "desk/queue.html", context)


def _queue_answer(request):
    """A fragment: the entered worker, or the reasons and the field at fault."""
    form = QueueForm(request.POST, **_choices(request))
    if form.is_valid() and carry_out(form, lambda: _register(form, request.actor)):
        context = {"done": form.result, "portrait": pictures.portrait_data(form.result.person)}
    else:
        context = {
            "done": None,
            "form": form,
            "refusals": getattr(form, "refusals", []),
            "at": _first_wrong(form),
            "said": [*form.non_field_errors(), *(sentence for bound in form for sentence in sentences(bound))],
        }
    return render(request, "desk/queue_answer.html", context)


@console(*SITE_ROLES, methods=("POST",))
def undo(request):
    """Undo the registration just made."""
    stay = get_object_or_404(stays(request.actor), pk__in=request.POST.getlist("ids"))
    commands.undo(stay, by=request.actor)
    return render(request, "desk/queue_undone.html", {"name": stay.person.name})


def _known_of(person, actor) -> dict:
    """The photo, and the refusals that an entry would get now."""
    items, expected = queries.hindrances(person, actor, timezone.localdate())
    return {"person": person, "portrait": pictures.portrait_data(person), "items": items, "expected": expected}


def _register(form, by, card=None):
    number, name = form.whom, form.cleaned_data.get("name", "")
    return commands.register(form.chosen_place, form.work, by=by, number=number, name=name, card=card)


@transaction.atomic
def _register_by_card(form, by):
    """用这张卡建档并进场: the card just read registers the person, and the same form enters him."""
    cards.person_of(form.cleaned_data["reading"], by=by)
    return _register(form, by)


def _change(stay: Stay, form, by):
    return commands.change(stay, form.work, by=by, seen=form.cleaned_data["version"])


def _choices(request) -> dict:
    """The firms and leaders to choose from, and the choices in the address: kept by 下一个 or by the queue."""
    places = list(queries.places(request.actor))
    kept = brought_back(request) | {name: request.GET[name] for name in CHOSEN if request.GET.get(name)}
    return {"places": places, "teams": list(queries.leaders(places)), "kept": kept}


def _saved(request, done, url_name: str):
    """M-02 and the three 下一个 (domain.md §7.6); the day is kept in all of them."""
    row = done.stay.assignment
    day = {"on": f"{done.stay.entered_on}"}
    firm = day | {"place": row.participation_id}
    team = firm | ({"team": row.team_id} if row.team_id else {})
    nexts = [("下一个(同一用人单位)", firm), ("下一个(同一劳务队长)", team), ("下一个(其他)", day)]
    links = [(label, f"{reverse(url_name)}?{urlencode(kept)}") for label, kept in nexts]
    return render(request, "desk/saved.html", {"done": done, "links": links, "said": SAVED})


def _first_wrong(form) -> str:
    """The field that gets the cursor: the first with an error, else the number."""
    return next((name for name in form.fields if name in form.errors), "number")


def _codes(form) -> set[str]:
    return {item.code for item in getattr(form, "refusals", [])}


NO_PEOPLE = Empty(
    "现在没有人在场",
    "从“进场登记”开始；没有实名的人用“非正常登记”。",
    "进场登记",
    "/stays/desk/registration/",
    "login",
    "dialog",
)
