"""Pages of companies: the administrator registers and maintains them, a company reads its own."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from shiming.companies import commands, queries, rules
from shiming.companies.forms import CompanyFilter, CompanyForm, OwnCompanyForm, ReasonForm
from shiming.companies.models import Company, Staff
from shiming.core.actor import COMPANY_ROLES, KEEPERS, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import trail

READERS = (*COMPANY_ROLES, *SITE_ROLES, Role.SUPERVISION_PM, Role.REGULATOR, Role.SYS_ADMIN)
OWN = (*KEEPERS, Role.IMPLEMENTER)
COLUMNS = [
    Column("企业名称", "name", nowrap=False, href=lambda row: f"/companies/{row.pk}/", sort="name"),
    Column("统一社会信用代码", "credit_code"),
    Column("企业类型", "get_kind_display"),
    Column("在建参建", "sites", kind="number"),
    Column("证书有效期至", "certificate_until", kind="date"),
    Column("状态", "status", kind="state"),
]
SORTS = {"name": ("name", "pk")}
STAFF_COLUMNS = [
    Column("姓名", "user.name"),
    Column("身份", "get_role_display"),
    Column("自", "since", kind="date"),
    Column("至", "until", kind="date"),
]
PLACE_COLUMNS = [
    Column("项目名称", "project.name", nowrap=False, href=lambda row: f"/projects/{row.project_id}/"),
    Column("报建编号", "project.filing_code"),
    Column("参建类型", "get_kind_display"),
    Column("上级单位", "parent.company.name", nowrap=False),
    Column("项目状态", "project.status", kind="state", render=lambda row: row.project.look),
    Column("退出日期", "left_on", kind="date"),
]


@console(Role.SYS_ADMIN, Role.REGULATOR, methods=("GET",))
def listing(request):
    context = {"table": _companies(request), "may_administer": rules.may_administer(request.actor)}
    return render(request, "companies/list.html", context)


@register_list("company-list")
def _companies(request) -> Table:
    filters = CompanyFilter(request.GET)
    asked = values_of(filters)
    rows = queries.companies(request.actor, asked.name, asked.code, asked.kind, asked.status)
    may_administer = rules.may_administer(request.actor)
    return Table(
        COLUMNS,
        Paged(rows, request, sorts=SORTS, file_order=SORTS["name"]),
        caption="企业",
        actions=_row_actions if may_administer else None,
        empty=_NO_COMPANIES if may_administer else Empty(),
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def show(request, pk):
    company = _find(request.actor, pk)
    places = company.participations.select_related("project", "parent__company").order_by("left_on", "-created_at")
    staff = Staff.objects.filter(rules.staff_visible_to(request.actor), company=company).select_related("user")
    inside = rules.may_administer(request.actor) or request.actor.company_id == company.pk
    context = {
        "company": company,
        "certificate": queries.certificate_state(company),
        "places": Table(PLACE_COLUMNS, places, caption="参建项目", id="places", empty=_NO_PLACES),
        "staff": Table(STAFF_COLUMNS, staff, caption="企业账号", id="staff", empty=_NO_STAFF) if inside else None,
        "trail": trail(company, request.actor, most=30) if inside else None,
        "may_administer": rules.may_administer(request.actor),
    }
    return render(request, "companies/show.html", context)


@console(*OWN, methods=("GET",))
def own(request):
    """Basic information of the actor's company. Source: manual [004] 4-02."""
    company = _find(request.actor, request.actor.company_id)
    context = {
        "company": company,
        "certificate": queries.certificate_state(company),
        "trail": trail(company, request.actor, most=30),
        "may_correct": rules.may_correct(request.actor, company),
    }
    return render(request, "companies/own.html", context)


@console(*KEEPERS)
def own_edit(request):
    company = _find(request.actor, request.actor.company_id)
    form = OwnCompanyForm(request.POST or None, instance=company)
    if form.is_valid() and carry_out(form, lambda: _correct(request.actor, form.cleaned_data)):
        messages.success(request, "保存成功!")
        return redirect("company-own")
    context = {"form": form, "company": company}
    return render(request, "companies/own_edit.html", context, status=status_of(form))


@console(Role.SYS_ADMIN)
def new(request):
    form = CompanyForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.register(by=request.actor, **form.values)):
        messages.success(request, f"已登记{form.result}")
        return redirect("company-show", form.result.pk)
    context = {"form": form, "title": "登记企业", "action": "/companies/new/"}
    return render(request, "companies/form.html", context, status=status_of(form))


@console(Role.SYS_ADMIN)
def edit(request, pk):
    company = _find(request.actor, pk)
    form = CompanyForm(request.POST or None, instance=company)
    if form.is_valid() and carry_out(form, lambda: _change(request, pk, form)):
        messages.success(request, "保存成功!")
        return redirect("company-show", pk)
    context = {"form": form, "title": "修改企业资料", "action": f"/companies/{pk}/edit/"}
    return render(request, "companies/form.html", context, status=status_of(form))


@console(Role.SYS_ADMIN)
def closing(request, pk):
    """Close a company, with a reason."""
    company = _find(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.close(company, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"{company}已停用")
        return redirect("company-show", pk)
    context = {"form": form, "title": f"停用{company}", "action": f"/companies/{pk}/closing/"}
    return render(request, "companies/form.html", context, status=status_of(form))


@console(Role.SYS_ADMIN, methods=("POST",))
def reopening(request, pk):
    company = commands.reopen(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"{company}已恢复")
    return redirect("company-show", pk)


def _find(actor, pk) -> Company:
    return get_object_or_404(Company.objects.filter(rules.visible_to(actor)), pk=pk)


def _change(request, pk, form):
    """The form has already changed its instance, so the command gets a fresh row to compare with."""
    stored = _find(request.actor, pk)
    return commands.change(stored, by=request.actor, seen=form.cleaned_data["seen"], **form.values)


def _correct(actor, typed):
    """The form has written onto its own copy; the command compares with the stored row."""
    return commands.correct(_find(actor, actor.company_id), by=actor, **typed)


def _row_actions(row):
    return [Action("编辑", f"/companies/{row.pk}/edit/", how="dialog", icon="edit")]


_NO_COMPANIES = Empty(label="登记企业", url="/companies/new/", icon="building", how="dialog")
_NO_PLACES = Empty("还没有参建项目", "系统管理员在项目页登记参建关系后显示在这里。", icon="crane")
_NO_STAFF = Empty("还没有企业账号", "系统管理员开通法人账号后，由法人任命人事聘用管理员。", icon="users")
