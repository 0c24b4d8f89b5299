"""Projects: list, registration, status, policy and the chain of participations."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.companies.models import Company
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.core.models import AuditEntry
from shiming.projects import commands, queries, rules
from shiming.projects.forms import ParticipationForm, PolicyForm, ProjectFilter, ProjectForm, StatusForm
from shiming.projects.models import Participation, Project
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import lines

READERS = (*COMPANY_ROLES, *SITE_ROLES, Role.SUPERVISION_PM, Role.REGULATOR, Role.SYS_ADMIN)
STORY = ("project.", "policy.", "participation.", "contract.", "site_code.")
COLUMNS = [
    Column("项目名称", "name", nowrap=False, href=lambda row: f"/projects/{row.pk}/", sort="name"),
    Column("报建编号", "filing_code"),
    Column("施工总包", "builder", nowrap=False),
    Column("监督站", "station.name"),
    Column("在场", "on_site", kind="number"),
    Column("开工日期", "started_on", kind="date", sort="started"),
    Column("项目状态", "status", kind="state", render=lambda row: row.look),
]
SORTS = {"name": ("name", "pk"), "started": ("started_on", "pk")}
PLACE_COLUMNS = [
    Column("企业", "company.name", nowrap=False, href=lambda row: f"/companies/{row.company_id}/"),
    Column("参建类型", "get_kind_display"),
    Column("上级单位", "parent.company.name", nowrap=False),
    Column("合同", render=lambda row: "、".join(filing.number for filing in row.filings.all())),
    Column("在场", "on_site", kind="number"),
    Column("退出日期", "left_on", kind="date"),
]


@console(*COMPANY_ROLES, Role.REGULATOR, Role.SYS_ADMIN, methods=("GET",))
def listing(request):
    context = {"table": _projects(request), "may_administer": rules.may_administer(request.actor)}
    return render(request, "projects/list.html", context)


@register_list("project-list")
def _projects(request) -> Table:
    filters = ProjectFilter(request.GET)
    asked = values_of(filters)
    rows = queries.projects(request.actor, asked.name, asked.code, asked.status, asked.station)
    return Table(
        COLUMNS,
        Paged(rows, request, sorts=SORTS, file_order=SORTS["name"]),
        caption="项目",
        empty=_NOTHING_TO_ADMINISTER if rules.may_administer(request.actor) else Empty(icon="crane"),
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def show(request, pk):
    actor = request.actor
    project = get_object_or_404(_visible(actor).select_related("station").prefetch_related("policies"), pk=pk)
    places = queries.places(project)
    may_administer = rules.may_administer(actor)
    context = {
        "project": project,
        "counts": queries.head_count(project),
        "chain": queries.chain_of(actor, places),
        "firms": len([place for place in places if not place.left_on]),
        "policy": queries.policy_of(project),
        "policies": _policy_story(project),
        "places": Table(PLACE_COLUMNS, places, caption="参建单位", id="places", actions=_place_actions)
        if may_administer
        else None,
        "trail": _story(project, actor) if _may_read_story(actor) else None,
        "may_administer": may_administer,
    }
    return render(request, "projects/show.html", context)


@console(Role.SYS_ADMIN)
def new(request):
    form = ProjectForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.register_project(by=request.actor, **form.values)):
        messages.success(request, f"已登记{form.result}，接着登记参建单位")
        return redirect("project-show", form.result.pk)
    return _form(request, form, "登记项目", "/projects/new/")


@console(Role.SYS_ADMIN)
def edit(request, pk):
    form = ProjectForm(request.POST or None, instance=_find(request.actor, pk))
    if form.is_valid() and carry_out(form, lambda: _change(request, pk, form)):
        messages.success(request, "保存成功!")
        return redirect("project-show", pk)
    return _form(request, form, "修改项目资料", f"/projects/{pk}/edit/")


@console(Role.SYS_ADMIN)
def status(request, pk):
    """Suspend, resume or finish the project."""
    project = _find(request.actor, pk)
    form = StatusForm(request.POST or None, project=project)
    if form.is_valid() and carry_out(
        form, lambda: commands.set_status(project, form.cleaned_data["status"], by=request.actor)
    ):
        messages.success(request, f"{project}：{form.result.get_status_display()}")
        return redirect("project-show", pk)
    return _form(request, form, f"项目状态：现为{project.get_status_display()}", f"/projects/{pk}/status/")


@console(Role.SYS_ADMIN)
def policy(request, pk):
    project = _find(request.actor, pk)
    now = {"base": queries.policy_of(project).code, "portrait_for": queries.portrait_for(project)}
    form = PolicyForm(request.POST or None, initial=now)
    if form.is_valid() and carry_out(form, lambda: commands.set_policy(project, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"{form.result.from_date} 起：{form.result.rules.label}")
        return redirect("project-show", pk)
    return _form(request, form, "改用工流程", f"/projects/{pk}/policy/")


@console(Role.SYS_ADMIN)
def new_place(request, pk):
    """Register a participation; `?parent=` comes from the button 添加下级 in the chain."""
    project = _find(request.actor, pk)
    form = ParticipationForm(request.POST or None, project=project, initial=_below(project, request.GET.get("parent")))
    if form.is_valid() and carry_out(
        form, lambda: commands.add_participation(project, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, f"已登记{form.result}")
        return redirect("project-show", pk)
    names = Company.objects.filter(status=Company.Status.ACTIVE).order_by("name").values_list("name", flat=True)[:500]
    return _form(request, form, f"登记参建单位 · {project}", f"/projects/{pk}/places/new/", names=names)


@console(Role.SYS_ADMIN, methods=("POST",))
def leaving(request, pk):
    visible = Participation.objects.filter(rules.participations_visible_to(request.actor))
    place = commands.leave(get_object_or_404(visible, pk=pk), by=request.actor)
    messages.success(request, f"{place.company}已退出参建")
    return redirect("project-show", place.project_id)


def _visible(actor):
    return Project.objects.filter(rules.visible_to(actor))


def _find(actor, pk) -> Project:
    return get_object_or_404(_visible(actor), pk=pk)


def _change(request, pk, form):
    """The form has already changed its instance, so the command gets a fresh row to compare with."""
    stored = _find(request.actor, pk)
    return commands.change_project(stored, by=request.actor, seen=form.cleaned_data["seen"], **form.values)


def _form(request, form, title, action, **context):
    context |= {"form": form, "title": title, "action": action, "names": context.get("names", ())}
    return render(request, "projects/form.html", context, status=status_of(form))


def _below(project, parent):
    place = project.participations.filter(pk=parent).first() if parent and len(parent) == 36 else None
    kinds = {"general": "specialist", "specialist": "labour"}
    return {"parent": place, "kind": kinds[place.kind]} if place and place.kind in kinds else {}


def _place_actions(row):
    if row.left_on:
        return
    if row.kind in ("general", "specialist"):
        below = f"{reverse('place-new', args=[row.project_id])}?parent={row.pk}"
        yield Action("添加下级", below, how="dialog", icon="plus")
    yield Action("报送合同", f"{reverse('contract-new')}?place={row.pk}", how="dialog", icon="file-text")
    ask = f"{row.company}退出参建后不能再分配人员，是否继续？"
    yield Action("退出", reverse("place-leaving", args=[row.pk]), how="post", tone="danger", confirm=ask)


def _policy_story(project) -> list[dict]:
    current = queries.policy_row(project)
    rows = sorted(project.policies.all(), key=lambda row: row.from_date, reverse=True)
    return [
        {
            "sentence": f"{row.from_date} 起：{row.label}",
            "note": "当前" if row == current else ("尚未开始" if current and row.from_date > current.from_date else ""),
            "tone": "ok" if row == current else "",
        }
        for row in rows
    ]


def _may_read_story(actor) -> bool:
    """The trail names PMs, so it needs the right to see all contracts of the site."""
    everything = rules.may_administer(actor) or actor.role is Role.REGULATOR
    return everything or actor.participation_kind == Company.Kind.GENERAL


def _story(project, actor) -> list:
    rows = AuditEntry.objects.filter(project_id=project.pk).order_by("-id")[:400]
    return lines([entry for entry in rows if entry.event.startswith(STORY)][:30], actor)


_NOTHING_TO_ADMINISTER = Empty(
    "还没有项目", "登记项目，或用 Excel 一次导入。", "登记项目", "/projects/new/", "crane", "dialog"
)
