"""准入检查 of a project: the table of checks, drafts, whom a check would stop, start and stop."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from shiming.admission import commands, queries, rules
from shiming.admission.checks import CHECKS, Check
from shiming.admission.forms import DayForm, DraftForm
from shiming.admission.models import ProjectCheck
from shiming.core.actor import SITE_ROLES, Role
from shiming.core.doors import console
from shiming.projects.models import Project
from shiming.projects.rules import visible_to as projects_visible_to
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

BY_TEAM = ("team__name", "person__name", "pk")
READERS = (*SITE_ROLES, Role.SUPERVISION_PM, Role.SYS_ADMIN)
STOPPED_COLUMNS = [
    Column("班组", "team.name"),
    Column("姓名", "person.name", href=lambda row: f"/people/{row.person_id}/"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("用人单位", "participation.company.name", nowrap=False),
    Column("从事主要工种", "trade"),
    Column("缺什么", render=lambda row: "；".join(item.sentence for item in row.lacking), nowrap=False),
    Column("谁来办", render=lambda row: "、".join(dict.fromkeys(str(item.who) for item in row.lacking))),
]


@console(*SITE_ROLES, Role.SUPERVISION_PM, methods=("GET",))
def here(request):
    return _board(request, _project(request, request.actor.project_id))


@console(*READERS, methods=("GET",))
def board(request, pk):
    return _board(request, _project(request, pk))


@console(Role.SYS_ADMIN)
def edit(request, pk, code):
    """Draft of a check: effect and settings."""
    project, check = _project(request, pk), _check(code)
    form = DraftForm(request.POST or None, check=check, initial=_initial(request, project, check))
    if form.is_valid() and carry_out(form, lambda: _draft(request, project, check, form)):
        messages.success(request, f"已保存“{check.label}”的草稿，先看会挡住谁，再启用")
        return redirect("check-stopped", project.pk, check.code)
    context = {"form": form, "check": check, "project": project}
    return render(request, "admission/edit.html", context, status=status_of(form))


@console(*READERS, methods=("GET",))
def stopped(request, pk, code):
    """Whom the check would stop tomorrow, by team, with what is missing (beyond.md N7)."""
    project, check = _project(request, pk), _check(code)
    line = _line(request, project, check)
    if line.latest is None:
        raise Http404
    table = _stopped(request, pk, code)
    teams = queries.by_team(table.rows.queryset)
    context = {"project": project, "check": check, "line": line, "table": table, "teams": teams}
    return render(request, "admission/stopped.html", context | {"may": rules.may_administer(request.actor)})


@console(Role.SYS_ADMIN)
def start(request, pk):
    row = _row(request, pk)
    form = DayForm(request.POST or None, label="启用日期")
    if form.is_valid() and carry_out(
        form, lambda: commands.start(row, on=form.cleaned_data["on"], by=request.actor, seen=row.version)
    ):
        messages.success(request, f"“{row}”自{form.cleaned_data['on']}启用，已告知项目")
        return redirect("project-checks", row.project_id)
    return _day(request, form, row, f"启用“{row}”", "启用")


@console(Role.SYS_ADMIN)
def stop(request, pk):
    row = _row(request, pk)
    form = DayForm(request.POST or None, label="停用日期")
    if form.is_valid() and carry_out(form, lambda: commands.stop(row, on=form.cleaned_data["on"], by=request.actor)):
        messages.success(request, f"“{row}”至{form.result.until}停用")
        return redirect("project-checks", row.project_id)
    return _day(request, form, row, f"停用“{row}”", "停用")


@console(Role.SYS_ADMIN, methods=("POST",))
def discard(request, pk):
    row = _row(request, pk)
    commands.discard(row, by=request.actor)
    messages.success(request, f"已丢弃“{row}”的草稿")
    return redirect("project-checks", row.project_id)


def _board(request, project: Project):
    may = rules.may_administer(request.actor)
    context = {"project": project, "lines": queries.checks_of(project, drafts=may), "may": may}
    return render(request, "admission/board.html", context)


def _project(request, pk) -> Project:
    return get_object_or_404(Project.objects.filter(projects_visible_to(request.actor)), pk=pk)


def _row(request, pk) -> ProjectCheck:
    rows = ProjectCheck.objects.filter(rules.visible_to(request.actor)).select_related("project")
    return get_object_or_404(rows, pk=pk)


def _check(code: str) -> Check:
    if code not in CHECKS:
        raise Http404
    return CHECKS[code]


def _line(request, project, check) -> queries.Line:
    lines = queries.checks_of(project, drafts=rules.may_administer(request.actor))
    return next(line for line in lines if line.check is check)


def _initial(request, project, check) -> dict:
    line = _line(request, project, check)
    known = line.latest
    return {"effect": known.effect} | known.settings if known else {"effect": check.effects[0].value}


def _draft(request, project, check, form) -> ProjectCheck:
    effect, settings = form.cleaned_data["effect"], form.settings
    return commands.draft(project, check.code, effect=effect, settings=settings, by=request.actor)


@register_list("check-stopped")
def _stopped(request, pk, code) -> Table:
    project, check = _project(request, pk), _check(code)
    line = _line(request, project, check)
    lacking = queries.would_stop(project, code, line.latest.settings)
    rows = Paged(queries.stopped(request.actor, lacking), request, order=BY_TEAM, prepare=partial(_with, lacking))
    empty = Empty("不会挡住任何人", "已确认的人员都符合这项检查。", icon="circle-check")
    return Table(STOPPED_COLUMNS, rows, caption="会被挡住的人员", empty=empty)


def _with(lacking: dict, rows: list) -> list:
    for row in rows:
        row.lacking = lacking[row.pk]
    return rows


def _day(request, form, row, title, verb):
    context = {"form": form, "row": row, "title": title, "verb": verb}
    return render(request, "admission/day.html", context, status=status_of(form))
