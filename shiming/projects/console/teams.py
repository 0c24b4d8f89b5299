"""班组 of the company; an empty team can be closed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.companies.models import Company
from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import console
from shiming.dictionaries import queries as dictionaries
from shiming.projects import commands, queries, rules
from shiming.projects.forms import FoundPerson, TeamFilter, TeamForm
from shiming.projects.models import Team
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("班组名称", "name", sort="name"),
    Column("班组长", "leader.name"),
    Column("联系电话", "leader.phone", kind="id"),
    Column("非现场作业", "off_site_leader", kind="flag"),
    Column("工种", render=lambda row: dictionaries.label("trade", row.trade)),
    Column("在职人数", "people", kind="number"),
]


@console(*COMPANY_ROLES, Role.PARTICIPANT_CLERK, methods=("GET",))
def listing(request):
    context = {"table": _teams(request), "may_change": _may_change(request.actor)}
    return render(request, "projects/teams.html", context)


@register_list("team-list")
def _teams(request) -> Table:
    filters = TeamFilter(request.GET)
    asked = values_of(filters)
    rows = queries.teams(request.actor, asked.name, asked.trade)
    rows = Paged(rows, request, order=("name", "pk"), sorts={"name": ("name", "pk")})
    actions, empty = (_actions, _NO_TEAMS) if _may_change(request.actor) else (None, _NONE_TO_SEE)
    return Table(COLUMNS, rows, caption="班组", actions=actions, empty=empty, filters=filters)


@console(*COMPANY_ROLES)
def new(request):
    company = get_object_or_404(Company, pk=request.actor.company_id)
    form = TeamForm(request.POST or None, company=company, by=request.actor)
    if form.is_valid() and carry_out(
        form, lambda: commands.create_team(company, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, f"已建立班组{form.result}")
        return redirect("team-list")
    return _form(request, form, "新建班组", reverse("team-new"))


@console(*COMPANY_ROLES)
def edit(request, pk):
    team = _find(request.actor, pk)
    form = TeamForm(request.POST or None, instance=team, company=team.company, by=request.actor)
    if form.is_valid() and carry_out(form, lambda: commands.change_team(team, by=request.actor, **form.cleaned_data)):
        messages.success(request, "保存成功!")
        return redirect("team-list")
    return _form(request, form, "修改班组", reverse("team-edit", args=[pk]))


@console(*COMPANY_ROLES, methods=("POST",))
def leaders(request):
    """Find leaders by name or ID number, for the form of a team."""
    people = queries.leaders_of(get_object_or_404(Company, pk=request.actor.company_id))
    widget = FoundPerson(people)
    widget.typed = request.POST.get("leader_text", "").strip()
    widget.found = queries.called(people, widget.typed, request.actor)
    context = widget.get_context("leader", request.POST.get("leader", ""), {})
    return render(request, "projects/leader_choices.html", context)


@console(*COMPANY_ROLES, methods=("POST",))
def closing(request, pk):
    team = commands.close_team(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"班组{team}已撤销")
    return redirect("team-list")


def _may_change(actor) -> bool:
    return actor.role in COMPANY_ROLES


def _find(actor, pk) -> Team:
    visible = Team.objects.filter(rules.teams_visible_to(actor), closed_on=None)
    return get_object_or_404(visible.select_related("company"), pk=pk)


def _form(request, form, title, action):
    context = {"form": form, "title": title, "action": action, "names": ()}
    return render(request, "projects/form.html", context, status=status_of(form))


def _actions(row):
    yield Action("编辑", reverse("team-edit", args=[row.pk]), how="dialog", icon="edit")
    ask = f"撤销班组{row.name}，是否继续？"
    yield Action("撤销", reverse("team-closing", args=[row.pk]), how="post", tone="danger", confirm=ask)


_NONE_TO_SEE = Empty("还没有班组", "班组由本企业的法人或人事聘用管理员新建。", icon="users-group")
_NO_TEAMS = Empty(
    "还没有班组", "新建班组并指定班组长，分配人员时按班组挑选。", "新建班组", "/teams/new/", "users-group", "dialog"
)
