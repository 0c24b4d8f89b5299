"""Profiles of employed people: choose kind, then name, then save."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES
from shiming.core.doors import console
from shiming.employment import commands, queries
from shiming.employment.commands.profile import luhn
from shiming.employment.console.common import NAME, find, list_of
from shiming.employment.forms import PROFILE_FORMS, ChoiceFilter, ProfileFilter, posted
from shiming.employment.models import Employment
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

Kind = Employment.Kind


@console(*COMPANY_ROLES, methods=("GET",))
def index(request):
    """List employed people and whether their profile is complete."""
    return render(request, "employment/profiles.html", {"table": _profiles(request)})


@register_list("employment-profiles")
def _profiles(request) -> Table:
    filters = ProfileFilter(request.GET)
    asked = values_of(filters)
    rows = queries.hired(request.actor, name=asked.name, kind=asked.kind, completed=asked.completed)
    return Table(
        [NAME, *queries.PROFILE_COLUMNS[1:]],
        Paged(rows, request, order=("-started_at", "pk")),
        caption="在职人员",
        actions=lambda row: [
            Action("编辑" if row.profile_completed else "完善信息", reverse("employment-profile", args=[row.pk]))
        ],
        empty=Empty() if is_filtered(filters) else _nobody(),
        filters=filters,
    )


@console(*COMPANY_ROLES, methods=("GET",))
def new(request):
    """Choose the kind, then a person who is hired and has no complete profile."""
    table = _uncompleted(request)
    return render(request, "employment/profile_new.html", {"table": table, "kind": Kind(_kind_of(table.filters))})


@register_list("employment-profile-new")
def _uncompleted(request) -> Table:
    filters = ChoiceFilter(request.GET)
    kind = _kind_of(filters)
    rows = queries.hired(request.actor, name=values_of(filters).name, completed="no")
    columns = [
        Column("姓名", "person.name", href=lambda row: _address(row, kind)),
        Column("证件号", "person.id_number", kind="id"),
        Column("在职起", "started_at", kind="date"),
    ]
    return Table(
        columns,
        Paged(rows, request, order=("started_at", "pk")),
        caption="已聘用、待完善的人员",
        actions=lambda row: [Action("选择", _address(row, kind), tone="primary")],
        empty=Empty("没有待完善的人员", "已聘用的人都已完善；新聘用的人确认以后会出现在这里。", icon="circle-check"),
        filters=filters,
    )


@console(*COMPANY_ROLES)
def profile(request, pk):
    """Edit the profile of one person; save, or save and open the next."""
    employment = find(request.actor, pk)
    kind = _kind(request, employment)
    form = PROFILE_FORMS[kind](employment, None if _switches(request) else posted(request))
    if _switches(request):
        form.initial |= {name: value for name, value in request.POST.items() if name in form.fields}
    elif form.is_valid() and carry_out(form, lambda: _save(employment, form, request.actor)):
        _thank(request, form)
        return _go_on(request, form.result)
    context = {"form": form, "employment": employment, "kind": kind, "kinds": Kind.choices}
    context["list"] = _list_of(request.actor, employment)
    return render(request, "employment/profile.html", context, status=status_of(form))


def _switches(request) -> bool:
    """The other 身份 was chosen: the page shows its form with what was typed."""
    return request.POST.get("then") == "kind"


def _save(employment, form, by):
    seen = form.cleaned_data["version"]
    return commands.complete_profile(employment, kind=form.kind, by=by, seen=seen, **form.given)


def _kind_of(filters) -> str:
    return values_of(filters).kind or Kind.WORKER


def _nobody() -> Empty:
    hint, url = "本人确认聘用以后，在这里完善信息。", reverse("employment-list")
    return Empty("还没有在职人员", hint, "去聘用管理", url, "users")


def _kind(request, employment: Employment) -> str:
    asked = request.GET.get("kind") or employment.kind
    return Kind(asked) if asked in Kind.values else Kind.WORKER


def _thank(request, form) -> None:
    messages.success(request, f"已保存{form.result.person.name}的信息，可以分配到工地。")
    if (card := form.given.get("bank_card")) and not luhn(card):
        messages.warning(request, "工资卡号末位校验不符，已保存，请与卡面核对。")


def _go_on(request, saved: Employment):
    """保存并下一个: keep only the kind and open the next employment without a profile."""
    if request.POST.get("then") != "next":
        return redirect(_list_of(request.actor, saved)[1])
    following = queries.next_uncompleted(request.actor, after=saved)
    if following is None:
        messages.info(request, "所有在职人员的信息都已完善。")
        return redirect("employment-profiles")
    return redirect(_address(following, saved.kind))


def _list_of(actor, row: Employment) -> tuple[str, str]:
    """The list that 编辑 returns to; workers registered by the firm itself are in 基本信息登记."""
    label, name = list_of(actor, row)
    return (label, name) if name == "employment-registrations" else ("完善建筑工人信息", "employment-profiles")


def _address(row: Employment, kind: str) -> str:
    return f"{reverse('employment-profile', args=[row.pk])}?kind={kind}"
