"""安全培训 for the company and the site: list, form, delete and undo."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment.queries import not_recordable, recordable
from shiming.assignment.rules import may_record_about_people
from shiming.core.actor import KEEPERS, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.safety import commands, queries, rules
from shiming.safety.forms import TrainingFilter, TrainingForm
from shiming.safety.models import Training
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

RECORDERS = (*KEEPERS, *SITE_ROLES)
COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("用人单位", "company.name", nowrap=False),
    Column("级别", render=lambda row: row.get_level_display()),
    Column("项目", render=lambda row: row.project.name if row.project else "", nowrap=False),
    Column("培训日期", "taken_on", kind="date"),
    Column("学时", render=lambda row: _whole(row.hours), kind="number"),
    Column("结果", render=lambda row: "合格" if row.passed else "不合格"),
    Column("有效期至", "valid_until", kind="date"),
]


def _whole(hours):
    """15 rather than 15.0."""
    return int(hours) if hours == int(hours) else float(hours)


@console(*RECORDERS, Role.SUPERVISION_PM, methods=("GET",))
def listing(request):
    return render(request, "safety/trainings.html", {"table": _rows(request), "may": _may(request)})


@register_list("training-list")
def _rows(request) -> Table:
    filters = TrainingFilter(request.GET)
    asked = values_of(filters)
    rows = queries.trainings(request.actor, who=asked.who, level=asked.level, state=asked.state)
    return Table(
        COLUMNS,
        Paged(rows, request, order=("-taken_on", "-pk")),
        caption="安全培训",
        actions=_actions if _may(request) else None,
        empty=Empty() if is_filtered(filters) else NONE,
        filters=filters,
    )


@console(*RECORDERS)
def new(request):
    """Register a training."""
    current = request.actor.project_id
    form = TrainingForm(request.POST or None, projects=queries.projects(request.actor), current=current)
    if form.is_valid() and carry_out(form, lambda: _record(form, request.actor)):
        messages.success(request, f"已登记{form.result.person.name}的{form.result.get_level_display()}安全培训。")
        return redirect("training-list")
    return render(request, "safety/training_new.html", {"form": form}, status=status_of(form))


@console(*RECORDERS, methods=("POST",))
def removal(request, pk):
    """POST /safety/trainings/…/removal/ — 删除"""
    row = commands.remove(_find(request, pk), by=request.actor)
    messages.success(request, f"已删除{row}；要恢复，请把“状态”改为“已删除”。")
    return redirect("training-list")


@console(*RECORDERS, methods=("POST",))
def restoration(request, pk):
    """POST /safety/trainings/…/restoration/ — 撤销删除"""
    row = commands.restore(_find(request, pk), by=request.actor)
    messages.success(request, f"已恢复{row}。")
    return redirect("training-list")


def _record(form, by) -> Training:
    number = form.cleaned_data["number"]
    employment = recordable(by, [number]).get(number)
    if employment is None:
        raise not_recordable()
    return commands.record_training(employment, **form.given, by=by)


def _find(request, pk) -> Training:
    return get_object_or_404(Training.objects.filter(rules.visible_to(request.actor)).select_related("person"), pk=pk)


def _may(request) -> bool:
    return may_record_about_people(request.actor)


def _actions(row):
    if row.removed_at:
        yield Action("撤销删除", reverse("training-restoration", args=[row.pk]), how="post")
    else:
        yield Action("删除", reverse("training-removal", args=[row.pk]), how="post", tone="danger")


NONE = Empty(
    "还没有安全培训记录", "一个人一个人登记，或由用人单位用 Excel 导入。", "登记培训", "/safety/trainings/new/"
)
