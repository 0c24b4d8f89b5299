"""Pages of labour contractors: registration, registration without a card, release. Source: manual [000]."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.employment import commands, queries, rules
from shiming.employment.console.common import NAME, find
from shiming.employment.direct_forms import DirectForm, NumberForm, RegistrationFilter, ReleaseForm, UnreadForm
from shiming.employment.forms import DISMISSAL_REASONS, posted
from shiming.employment.models import Employment
from shiming.people import pictures
from shiming.people import queries as people
from shiming.people.commands import desk
from shiming.web.detour import brought_back, sent_away
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table

DESK = KEEPERS
SAVED = "保存成功!"  # M-02
NOBODY_THERE = {"R-03", "R-06", "R-71", "R-72"}


@console(*DESK, methods=("GET",))
def registrations(request):
    """List the workers that the company has registered, employed and released."""
    return render(request, "employment/direct/list.html", {"table": _registrations(request)})


@register_list("employment-registrations")
def _registrations(request) -> Table:
    filters = RegistrationFilter(request.GET, company_id=request.actor.company_id)
    asked = values_of(filters)
    rows = queries.registrations(
        request.actor, name=asked.name, number=asked.number, status=asked.status, team=asked.team
    )
    return Table(
        [NAME, *queries.REGISTERED_COLUMNS[1:]],
        Paged(rows, request),
        caption="基本信息登记",
        actions=lambda row: _actions(request.actor, row),
        empty=Empty() if is_filtered(filters) else NO_PEOPLE,
        filters=filters,
    )


@console(*DESK)
def registration_new(request):
    """Register a worker: the ID number brings name and photo.

    Saves, or saves and shows an empty form. Input survives the way to the card reader and back.
    """
    here = reverse("employment-registration-new")
    if request.POST.get("then") == "reader":
        return sent_away(request, reverse("reader"), back=here)
    person = people.just_read(request.actor, request.GET.get("person") or request.POST.get("person", ""))
    form = DirectForm(request.actor.company_id, posted(request), person=person, typed=brought_back(request))
    if form.is_valid() and carry_out(form, lambda: _register(form, person, request.actor)):
        messages.success(request, f"{SAVED}{form.result.person.name}已登记在职，本人已得知。")
        return redirect(
            "employment-registration-new" if request.POST.get("then") == "next" else "employment-registrations"
        )
    codes = {item.code for item in getattr(form, "refusals", [])}
    context = {"person": None}
    if person:
        context = _shown(person, request.actor)
    elif request.POST.get("number") and not codes & NOBODY_THERE:
        context = _who(request)
    context |= {"form": form, "found": person, "codes": codes}
    return render(request, "employment/direct/new.html", context, status=status_of(form))


@console(*DESK, methods=("POST",))
def registration_person(request):
    """POST /employments/registrations/person/: name and photo for the typed ID number."""
    return render(request, "employment/direct/who.html", _who(request))


@console(*DESK)
def unread(request):
    """Register a person without a card reading: typed by hand, marked as not verified."""
    form = UnreadForm(posted(request))
    if form.is_valid() and carry_out(form, lambda: desk.register_irregular(by=request.actor, **form.cleaned_data)):
        messages.success(request, f"{SAVED}{form.result.name}：{form.result.get_identity_status_display()}")
        return redirect("employment-unread")
    return render(request, "employment/direct/unread.html", {"form": form}, status=status_of(form))


@console(*DESK)
def release(request, pk):
    """Release the worker after a confirmation; the row stays."""
    employment, form = find(request.actor, pk), ReleaseForm(posted(request))
    if form.is_valid() and carry_out(
        form, lambda: commands.release(employment, reason=form.cleaned_data["reason"], by=request.actor)
    ):
        messages.success(request, f"{employment.person.name}已离职，历史保留。")
        return redirect("employment-registrations")
    context = {"form": form, "employment": employment, "reasons": DISMISSAL_REASONS}
    return render(request, "employment/direct/release.html", context, status=status_of(form))


def _who(request) -> dict:
    """The person with the typed number, or the refusals; for R-05 a transfer is offered."""
    form = NumberForm(request.POST)
    if form.is_valid() and carry_out(form, lambda: desk.look_up(form.cleaned_data["number"], by=request.actor)):
        shown = _shown(form.result, request.actor)
        elsewhere = any(item.code == "R-05" for item in shown["items"])
        return shown | {"may_transfer": elsewhere and rules.may_hire(request.actor)}
    refusals = getattr(form, "refusals", [])
    return {"person": None, "portrait": "", "items": refusals, "form": form, "may_transfer": False}


def _shown(person, actor) -> dict:
    items = queries.hindrances(person, actor)
    return {
        "person": person,
        "portrait": pictures.portrait_data(person),
        "items": items,
        "form": None,
        "may_transfer": False,
    }


def _register(form, person, by):
    who = person if person and not form.cleaned_data["number"] else form.cleaned_data["number"]
    return commands.register(who, by=by, **form.given)


def _actions(actor, row: Employment) -> list[Action]:
    found = [Action("查看", reverse("employment-show", args=[row.pk]))]
    if row.employed and rules.may_manage(actor, row):
        found.append(Action("编辑", reverse("employment-profile", args=[row.pk])))
    if row.status == Employment.Status.ACTIVE and rules.may_release(actor, row):
        found.append(Action("离职", reverse("employment-release", args=[row.pk]), how="dialog", tone="danger"))
    return found


NO_PEOPLE = Empty(
    "还没有登记过人员",
    "先签劳动合同、实名登记，再在这里登记；登记后可以分配到项目。",
    "登记",
    "/employments/registrations/new/",
    "user-plus",
)
