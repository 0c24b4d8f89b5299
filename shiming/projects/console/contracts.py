"""合同信息报送: contracts for the administrator, and the basic data of the own contract for 工地端."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from shiming.companies.models import Company
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.projects import commands, queries, rules
from shiming.projects.forms import FILING_FIELDS, FilingChangeForm, FilingFilter, FilingForm
from shiming.projects.models import ContractFiling, Participation
from shiming.web.forms import carry_out, sent, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table
from shiming.web.trail import trail

COLUMNS = [
    Column("合同信息报送编号", "number", href=lambda row: f"/contracts/{row.pk}/"),
    Column("合同状态", "status", kind="state"),
    Column("合同标段名称", "name", nowrap=False),
    Column("项目名称", "participation.project.name", nowrap=False),
    Column("企业", "participation.company.name", nowrap=False),
    Column("项目负责人", "pm.name"),
    Column("手机号", "pm_phone", kind="id"),
]
PM_INPUTS = ("pm_name", "pm_number", "pm_phone")


@console(Role.SYS_ADMIN, *COMPANY_ROLES, Role.REGULATOR, methods=("GET",))
def listing(request):
    context = {"table": _contracts(request), "may_administer": rules.may_administer(request.actor)}
    return render(request, "projects/contracts.html", context)


@register_list("contract-list")
def _contracts(request) -> Table:
    filters = FilingFilter(request.GET)
    asked = values_of(filters)
    rows = queries.filings(request.actor, asked.number, asked.project, asked.company, asked.status)
    rows = Paged(rows, request, file_order=("number",))
    return Table(COLUMNS, rows, caption="合同信息报送", empty=Empty(icon="file-text"), filters=filters)


@console(Role.SYS_ADMIN, *COMPANY_ROLES, Role.REGULATOR, *SITE_ROLES, Role.SUPERVISION_PM, methods=("GET",))
def show(request, pk):
    filing = _find(request.actor, pk)
    may_administer = rules.may_administer(request.actor)
    context = {
        "filing": filing,
        "may_administer": may_administer,
        "trail": trail(filing, request.actor, most=30) if may_administer else None,
    }
    return render(request, "projects/contract.html", context)


@console(Role.SYS_ADMIN)
def new(request):
    form = FilingForm(request.POST or None, initial=_of_place(request))
    if form.is_valid() and carry_out(form, lambda: _create(form, request.actor)):
        messages.success(request, f"已保存合同 {form.result.number}：{form.result.get_status_display()}")
        return redirect("contract-show", form.result.pk)
    names = Company.objects.filter(status=Company.Status.ACTIVE).order_by("name").values_list("name", flat=True)[:500]
    context = {"form": form, "title": "合同信息报送", "action": "/contracts/new/", "names": names}
    return render(request, "projects/form.html", context, status=status_of(form))


@console(Role.SYS_ADMIN)
def edit(request, pk):
    form = FilingChangeForm(request.POST or None, instance=_find(request.actor, pk))
    if form.is_valid() and carry_out(form, lambda: _change(request.actor, pk, form)):
        messages.success(request, "保存成功!")
        return redirect("contract-show", pk)
    context = {"form": form, "title": "修改合同", "action": f"/contracts/{pk}/edit/", "names": ()}
    return render(request, "projects/form.html", context, status=status_of(form))


@console(Role.SYS_ADMIN, methods=("POST",))
def closing(request, pk):
    filing = commands.close_contract(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"合同 {filing.number} 已终止")
    return redirect("contract-show", pk)


@console(*SITE_ROLES, Role.SUPERVISION_PM, methods=("GET",))
def basics(request):
    """Show six fields of each contract of the place, with the switch to another project."""
    own = ContractFiling.objects.filter(participation=request.actor.participation_id)
    rows = own.exclude(status=ContractFiling.Status.DRAFT).select_related("participation__project", "pm")
    return render(request, "projects/basics.html", {"filings": rows.order_by("status", "-filed_on")})


def _find(actor, pk) -> ContractFiling:
    visible = ContractFiling.objects.filter(rules.filings_visible_to(actor))
    return get_object_or_404(visible.select_related("participation__project", "participation__company", "pm"), pk=pk)


def _of_place(request) -> dict:
    asked = request.GET.get("place", "")
    places = Participation.objects.filter(rules.participations_visible_to(request.actor), left_on=None)
    place = places.filter(pk=asked).select_related("project", "company").first() if len(asked) == 36 else None
    return {"filing_code": place.project.filing_code, "company": place.company.name} if place else {}


def _create(form, actor):
    asked = form.cleaned_data
    command = commands.file_contract if asked["file"] else commands.save_draft_contract
    return command(form.place, by=actor, **{name: asked[name] for name in ("number", *FILING_FIELDS, *PM_INPUTS)})


def _change(actor, pk, form):
    asked = form.cleaned_data
    kept = {name: value for name, value in sent(form).items() if name in (*FILING_FIELDS, *PM_INPUTS)}
    return commands.change_contract(
        _find(actor, pk), by=actor, seen=asked["seen"], file=asked.get("file", False), **kept
    )
