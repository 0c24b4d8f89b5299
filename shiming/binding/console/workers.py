"""项目作业人员 (rows 4-23, 4-26); only for general contractors, specialists and labour companies (§11.1)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.assignment.checks import place_refusals
from shiming.assignment.models import Assignment
from shiming.binding import commands, queries
from shiming.binding.console.projects import find_place
from shiming.binding.forms import ExitForm, NameFilter, WorkerFilter
from shiming.binding.models import SelfForm
from shiming.binding.self_forms import queries as self_forms
from shiming.binding.words import SOURCES, TO_DISCARD, TO_SUBMIT
from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.employment.bindings import AuditState
from shiming.presence import commands as presence_commands
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table

EXIT_REASONS = ["工程完工", "本工种完工", "本人离开", "调到其他项目"]
COLUMNS = [
    Column("姓名", "person.name", href=lambda row: row.person.get_absolute_url()),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("工种", render=lambda row: row.employment.trade),
    Column("手机号码", render=lambda row: row.employment.contact_phone or row.person.phone, kind="id"),
    Column("来源", render=lambda row: SOURCES.get(row.origin) or row.get_origin_display()),
    Column("状态", "word", kind="state"),
    Column("是否人脸认证", "person.face_answer"),
    Column("说明", "note", nowrap=False),
]
KNOWN_COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("工种", "trade"),
    Column("班组", "team.name"),
    Column("是否人脸认证", "person.face_answer"),
]


@console(*KEEPERS, methods=("GET",))
def listing(request, pk):
    place = find_place_of_workers(request, pk)
    context = {"place": place, "table": _workers(request, pk), "lacks": place_refusals(place), "builds": True}
    context["scanned"] = self_forms.forms(request.actor, place, SelfForm.Status.OPEN).count()
    return render(request, "binding/workers.html", context)


@register_list("binding-workers")
def _workers(request, pk) -> Table:
    place, filters = find_place_of_workers(request, pk), WorkerFilter(request.GET)
    asked = values_of(filters)
    rows = queries.workers(request.actor, place, asked.name, asked.status, asked.face)
    rows = rows.prefetch_related("project__policies")
    return Table(
        COLUMNS,
        Paged(rows, request, order=("person__name_initials", "pk"), size=50, prepare=queries.described),
        caption="现场作业人员",
        actions=lambda row: _actions(row),
        select=Select(
            [
                Action("提交", _at("submissions", pk), how="post", tone="primary", icon="send"),
                Action("移除", _at("discards", pk), how="post", icon="trash", confirm="移除所选人员在本项目的绑定？"),
            ],
            may=lambda row: row.word in TO_DISCARD,
            label=lambda row: row.person.name,
        ),
        empty=Empty() if is_filtered(filters) else _nobody(pk),
        filters=filters,
    )


@console(*KEEPERS)
def known(request, pk):
    """从已登记人员中选: workers of the company who are not on this project yet."""
    place = find_place_of_workers(request, pk)
    if request.method == "POST":
        rows = chosen(queries.known_workers(request.actor, place), ticked(request))
        result = commands.add_known_workers(rows, place, by=request.actor)
        return answer(request, result, "已列入待提交", _at("workers", pk))
    return render(request, "binding/workers_known.html", {"place": place, "table": _known(request, pk)})


@register_list("binding-workers-known")
def _known(request, pk) -> Table:
    place, filters = find_place_of_workers(request, pk), NameFilter(request.GET)
    rows = queries.known_workers(request.actor, place, values_of(filters).name)
    add = Action("添加", _at("workers-known", pk), how="post", tone="primary", icon="user-plus")
    return Table(
        KNOWN_COLUMNS,
        Paged(rows, request, order=("person__name_initials", "pk"), size=50),
        caption="本单位已登记的作业人员",
        select=Select([add], label=lambda row: row.person.name),
        empty=Empty("没有可以添加的人员", "本单位登记的作业人员都已在本项目；新来的人点“新增”。", icon="users"),
        filters=filters,
    )


@console(*KEEPERS)
def exits(request, pk):
    """退场: date and reason; the binding ends with it."""
    place = find_place_of_workers(request, pk)
    bound = queries.bound_workers(request.actor).filter(participation=place, status=Assignment.Status.ACCEPTED)
    rows = chosen(bound.select_related("person"), ticked(request))
    if not rows:
        return redirect("binding-workers", pk)
    form = ExitForm(
        request.POST if "on" in request.POST else None,
        initial={"on": timezone.localdate()},
        use_required_attribute=False,
    )
    if form.is_valid() and carry_out(form, lambda: _leave(rows, form, request.actor)):
        return answer(request, form.result, "已退场", _at("workers", pk))
    context = {"place": place, "form": form, "rows": rows, "reasons": EXIT_REASONS}
    return render(request, "binding/exit.html", context, status=status_of(form))


def find_place_of_workers(request, pk):
    place = find_place(request, pk)
    if not queries.builds(place):
        raise Http404
    return place


def _leave(rows, form, by):
    return presence_commands.unbind(rows, by=by, **form.cleaned_data)


def _actions(row) -> list[Action]:
    place, found = row.participation_id, []
    if row.word in TO_SUBMIT:
        found += [
            Action("编辑", reverse("binding-worker-edit", args=[row.pk])),
            Action("提交", f"{_at('submissions', place)}?ids={row.pk}", how="post", tone="primary"),
        ]
    if row.word in TO_DISCARD:
        confirm = f"移除{row.person.name}在本项目的绑定？"
        found.append(Action("移除", f"{_at('discards', place)}?ids={row.pk}", how="post", confirm=confirm))
    if row.word == AuditState.ACCEPTED:
        found.append(Action("退场", f"{_at('exits', place)}?ids={row.pk}", how="dialog"))
    return found


def _at(page: str, pk) -> str:
    return reverse(f"binding-{page}", args=[pk])


def _nobody(pk) -> Empty:
    return Empty("还没有作业人员", "点“新增”，凭身份证号码登记。", "新增", _at("worker-new", pk), "users")
