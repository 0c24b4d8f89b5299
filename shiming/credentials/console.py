"""Certificates of people for the company and the site: list, form, correction, deletion, people who lack one."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment.queries import not_recordable, recordable
from shiming.assignment.rules import may_record_about, may_record_about_people
from shiming.core.actor import KEEPERS, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.credentials import commands, queries
from shiming.credentials.forms import CorrectionForm, CredentialFilter, CredentialForm
from shiming.employment.models import Employment
from shiming.people.models import Credential
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

RECORDERS = (*KEEPERS, *SITE_ROLES)


COLUMNS = [
    Column("姓名", "person.name", href=lambda row: row.person.get_absolute_url()),
    Column("身份证号", "person.id_number", kind="id"),
    Column("证书名称", "label", nowrap=False),
    Column("证书编号", "number"),
    Column("授予单位", "issuer", nowrap=False),
    Column("有效期至", "valid_until", kind="date"),
    Column("到期", render=lambda row: queries.validity(row).words),
]
MISSING_COLUMNS = [
    Column("姓名", "person.name", href=lambda row: row.person.get_absolute_url()),
    Column("身份证号", "person.id_number", kind="id"),
    Column("用人单位", "participation.company.name", nowrap=False),
    Column("项目", "project.name", nowrap=False),
    Column("班组", "team.name"),
    Column("工种", "trade"),
    Column("缺什么", render=lambda row: "；".join(item.sentence for item in row.lacking), nowrap=False),
]
NONE = Empty(
    "还没有登记证书",
    "一本一本登记，或由用人单位用 Excel 导入。到期前 90、30、7 天提醒单位与本人。",
    "登记证书",
    "/credentials/new/",
    icon="certificate",
)


@console(*RECORDERS, Role.SUPERVISION_PM, methods=("GET",))
def listing(request):
    context = {"table": _rows(request), "may": may_record_about_people(request.actor)}
    return render(request, "credentials/list.html", context)


@register_list("credential-list")
def _rows(request) -> Table:
    filters = CredentialFilter(request.GET)
    asked = values_of(filters)
    rows = queries.credentials(request.actor, who=asked.who, name=asked.name, state=asked.state)
    return Table(
        COLUMNS,
        Paged(rows, request, order=("valid_until", "pk")),
        caption="人员证书",
        actions=_actions if may_record_about_people(request.actor) else None,
        empty=Empty() if is_filtered(filters) else NONE,
        filters=filters,
    )


@console(*RECORDERS, Role.SUPERVISION_PM, methods=("GET",))
def missing(request):
    """The people without a required certificate: refused at entry today, or from the first day of the check."""
    return render(request, "credentials/missing.html", {"table": _missing(request)})


@register_list("credential-missing")
def _missing(request) -> Table:
    found = queries.lacking(request.actor)
    rows = queries.people_lacking(request.actor, found)
    return Table(
        MISSING_COLUMNS,
        Paged(rows, request, order=("project__name", "person__name", "pk"), prepare=partial(_with, found)),
        caption="缺证人员",
        actions=_to_record if may_record_about_people(request.actor) else None,
        empty=Empty("没有人缺证", "各工地要求的证书都已登记，而且在有效期内。", icon="circle-check"),
    )


@console(*RECORDERS)
def new(request):
    """Record a certificate, of the person with the typed number or of one chosen from those who lack it."""
    form = CredentialForm(request.POST or None, chosen=_chosen(request))
    if form.is_valid() and carry_out(form, lambda: _record(form, request.actor)):
        messages.success(request, f"已登记{form.result}。")
        return redirect("credential-missing" if form.chosen else "credential-list")
    title = f"登记{form.chosen.person.name}的证书" if form.chosen else "登记证书"
    return render(request, "credentials/form.html", {"form": form, "title": title}, status=status_of(form))


@console(*RECORDERS)
def edit(request, pk):
    row = _find(request, pk)
    form = CorrectionForm(request.POST or None, instance=row)
    seen = form.is_valid() and form.cleaned_data["version"]
    if form.is_valid() and carry_out(form, lambda: commands.correct(row, by=request.actor, seen=seen, **form.given)):
        messages.success(request, f"已更正{form.result}。")
        return redirect("credential-list")
    context = {"form": form, "title": f"更正{row.person.name}的证书"}
    return render(request, "credentials/form.html", context, status=status_of(form))


@console(*RECORDERS, methods=("POST",))
def removal(request, pk):
    """POST /credentials/…/removal/"""
    row = _find(request, pk)
    commands.remove(row, by=request.actor)
    messages.success(request, f"已删除{row}。")
    return redirect("credential-list")


def _chosen(request) -> Employment | None:
    """The employee named in the address; 404 when this user may not keep the records of that employee."""
    if not (pk := request.GET.get("employment", "")):
        return None
    try:
        found = Employment.objects.select_related("person").filter(pk=UUID(pk), status__in=Employment.EMPLOYED).first()
    except ValueError as wrong:
        raise Http404 from wrong
    if found is None or not may_record_about(request.actor, found):
        raise Http404
    return found


def _with(found: dict, rows: list) -> list:
    for row in rows:
        row.lacking = found[row.pk]
    return rows


def _to_record(row):
    if row.employment_id:
        yield Action("登记证书", f"{reverse('credential-new')}?employment={row.employment_id}", how="dialog")


def _record(form, by) -> Credential:
    if form.chosen:
        return commands.record_credential(form.chosen, **form.given, by=by)
    number = form.cleaned_data["person_number"]
    employment = recordable(by, [number]).get(number)
    if employment is None:
        raise not_recordable()
    return commands.record_credential(employment, **form.given, by=by)


def _find(request, pk) -> Credential:
    return get_object_or_404(queries.credentials(request.actor), pk=pk)


def _actions(row):
    yield Action("更正", reverse("credential-edit", args=[row.pk]), how="dialog")
    if row.employment:
        yield Action("扫描件", reverse("attachment-panel", args=["employments", row.employment]))
    ask = f"删除{row}（{row.number}）？删除的内容留在痕迹里。"
    yield Action("删除", reverse("credential-removal", args=[row.pk]), how="post", tone="danger", confirm=ask)
