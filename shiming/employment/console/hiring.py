"""Hiring: query, invitation, withdrawal, export, and the page of one employment."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import console
from shiming.core.refusals import refusal
from shiming.dictionaries.working_days import waited
from shiming.employment import commands, queries, rules
from shiming.employment.console.common import NAME, actions, find, list_of
from shiming.employment.forms import EmploymentFilter, HireForm, posted
from shiming.employment.models import Employment
from shiming.people.rules import sees
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Select, Table
from shiming.web.trail import trail

Status = Employment.Status
SORTS = {"invited": ("invited_at", "pk")}


@console(*COMPANY_ROLES, methods=("GET",))
def index(request):
    """List the employments with filters."""
    return render(request, "employment/list.html", {"table": _employments(request)})


@register_list("employment-list")
def _employments(request) -> Table:
    filters = EmploymentFilter(request.GET)
    asked = values_of(filters)
    rows = queries.employments(request.actor, name=asked.name, number=asked.number, status=asked.status)
    return Table(
        [NAME, *queries.COLUMNS[1:]],
        Paged(rows, request, sorts=SORTS, prepare=queries.with_progress),
        caption="聘用关系",
        actions=lambda row: actions(request.actor, row),
        select=Select(
            [Action("撤回", reverse("employment-withdrawals"), icon="arrow-back-up", confirm="撤回所选的聘用邀请？")],
            may=lambda row: row.status in (Status.INVITED, Status.AWAITING_IDENTITY),
            label=lambda row: row.person.name,
        ),
        empty=Empty() if is_filtered(filters) else _nothing(),
        filters=filters,
    )


@console(*COMPANY_ROLES)
def new(request):
    """Invite a person; save, or save and go on with the next."""
    form = HireForm(posted(request))
    if not (form.is_valid() and carry_out(form, lambda: commands.invite(**form.cleaned_data, by=request.actor))):
        return render_hiring(request, form)
    sentence = _confirmation(form.result)
    if request.POST.get("then") == "next":
        return render_hiring(request, HireForm(), done=sentence)
    messages.success(request, sentence)
    if form.result.status == Status.AWAITING_IDENTITY:
        return redirect("employment-show", form.result.pk)
    return redirect("employment-list")


def render_hiring(request, form, done: str = ""):
    """The dialog; a refusal offers the next step: 发起转出 for R-05, the existing row for R-08."""
    codes = {item.code for item in getattr(form, "refusals", [])}
    existing = queries.open_here(request.actor, form.data["number"]) if codes & {"R-04", "R-08"} else None
    context = {"form": form, "done": done, "may_transfer": "R-05" in codes, "existing": existing}
    return render(request, "employment/new.html", context, status=status_of(form))


@console(*COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.PM, Role.SITE_OPERATOR, Role.REGULATOR, methods=("GET",))
def show(request, pk):
    """Show one employment: status, profile, trail, and the actions possible now."""
    [employment] = queries.with_progress([find(request.actor, pk)])
    context = {
        "employment": employment,
        "person": employment.person,
        "may_see_pay": rules.may_see_pay(request.actor, employment),
        "may_see_person": sees(request.actor, employment.person),
        "actions": actions(request.actor, employment),
        "waited": _waited(employment),
        "trail": trail(employment, request.actor),
        "list": list_of(request.actor, employment),
    }
    return render(request, "employment/show.html", context)


@console(*COMPANY_ROLES, methods=("POST",))
def withdrawal(request, pk):
    """POST /employments/<pk>/withdrawal/ — 撤回"""
    employment = commands.withdraw(find(request.actor, pk), by=request.actor)
    messages.success(request, f"已撤回对{employment.person.name}的聘用邀请。")
    return redirect("employment-list")


@console(*COMPANY_ROLES, methods=("POST",))
def withdrawals(request):
    """POST /employments/withdrawals/: withdraw the ticked invitations, each decided alone."""
    asked = queries.employments(request.actor).filter(pk__in=request.POST.getlist("ids"))
    result = commands.withdraw_many(list(asked), by=request.actor)
    if result.done:
        messages.success(request, f"已撤回 {len(result.done)} 份聘用邀请。")
    for name, error in result.refused:
        messages.error(request, f"{name}：{'；'.join(map(str, error.refusals))}")
    return redirect("employment-list")


def _waited(employment: Employment):
    if employment.status != Status.AWAITING_IDENTITY:
        return None
    return waited(queries.waits_since(employment))


def _confirmation(employment: Employment) -> str:
    if employment.status == Status.INVITED:
        return f"已向{employment.person.name}发出聘用邀请，请本人在手机上确认。"
    day = waited(queries.waits_since(employment)).day
    return f"{employment.person.name}：{refusal('M-01', day=day).sentence}"


def _nothing() -> Empty:
    return Empty(
        "还没有聘用任何人",
        "从姓名和证件号开始，本人在手机上确认后即在职。",
        "新建聘用关系",
        reverse("employment-new"),
        "user-plus",
        "dialog",
    )
