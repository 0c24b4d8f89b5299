"""Audit of bindings by the implementing unit. Source: manual [004] 4-27 to 4-30.

It sees four counts per project, opens a binding, and passes or rejects one or many.
"""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment import commands, positions
from shiming.assignment.answerers import AUDITORS, answerer_of
from shiming.assignment.models import Assignment
from shiming.assignment.queries import ever_asked
from shiming.binding import audits, papers, proofs
from shiming.binding.audit_forms import PASS, BoundFilter, DecisionForm, PeopleFilter, ProjectsFilter, ReleaseForm
from shiming.core.doors import console
from shiming.employment.bindings import AuditState
from shiming.people.work_history import table_of
from shiming.presence.commands import unbind
from shiming.presence.rules import may_unbind
from shiming.web.batch import answer, chosen, lacks_people, ticked
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table
from shiming.web.trail import lines

Status = Assignment.Status
# An ended binding is history: its page shows no pictures.
SHOWN = (Status.PENDING, Status.REJECTED, Status.ACCEPTED)
MOST = 100  # lines of a binding's history


@console(*AUDITORS, methods=("GET",))
def overview(request):
    """List the projects to audit with their counts (4-27)."""
    return render(request, "binding/audits/overview.html", {"table": _projects(request)})


@register_list("binding-audits")
def _projects(request) -> Table:
    filters = ProjectsFilter(request.GET)
    asked = values_of(filters)
    rows = audits.projects(request.actor, asked.code, asked.name, asked.status)
    return Table(
        PROJECTS,
        Paged(rows, request, order=("filing_code", "pk"), prepare=audits.counted),
        caption="项目人员登记绑定审核",
        empty=Empty(
            "没有需要审核的项目", "本单位作为实施单位参建、由实施单位审核绑定的项目会列在这里。", icon="building"
        ),
        filters=filters,
    )


@console(*AUDITORS, methods=("GET",))
def people(request, pk, state):
    """List the bindings of one project in one state: draft, pending, rejected or accepted (4-28, 4-30)."""
    (project,) = audits.counted([_found(request, pk)])
    context = {
        "project": project,
        "table": _people_of(request, project, state),
        "views": [(code, label, project.counts[code]) for code, label in audits.LABELS.items()],
        "state": state,
    }
    return render(request, "binding/audits/people.html", context)


@register_list("binding-audit-people")
def _people(request, pk, state) -> Table:
    return _people_of(request, _found(request, pk), state)


def _people_of(request, project, state) -> Table:
    if state not in audits.LABELS:
        raise Http404
    filters = (BoundFilter if state == Status.ACCEPTED else PeopleFilter)(request.GET)
    asked = values_of(filters)
    statuses = BOUND[asked.ended] if state == Status.ACCEPTED else (state,)
    order = ("submitted_at", "pk") if state == Status.PENDING else ("-submitted_at", "-pk")
    rows = audits.people(request.actor, project, *statuses, name=asked.name, kind=asked.kind)
    return Table(
        PEOPLE,
        Paged(audits.listed(rows), request, order=order),
        caption=audits.LABELS[state],
        actions=ACTIONS.get(state),
        select=_select(state),
        empty=EMPTY[state],
        filters=filters,
    )


@console(*AUDITORS, methods=("GET",))
def show(request, pk):
    """查看: the person, the company, the proof of the face, and what happened to this binding."""
    binding = get_object_or_404(audits.submitted(request.actor), pk=pk)
    pending = binding.status == Status.PENDING
    context = {
        "binding": binding,
        "role": positions.label(binding.role),
        "kind": _kind(binding),
        "status": AuditState(binding.status).label,
        "stay": binding.stays.filter(exited_on=None).first(),
        "changes": audits.changed_since(binding) if pending else "",
        "objection": answerer_of(binding.project).objection(request.actor, binding) if pending else None,
        "pictures": proofs.pictures_of(binding.person) if binding.status in SHOWN else [],
        "papers": papers.papers_of(binding),
        "proof_age": papers.proof_age(binding) if binding.is_manager else None,
        "may_end": binding.status == Status.ACCEPTED and may_unbind(request.actor, binding),
        "history": table_of(binding.person, request.actor),
        "trail": lines(audits.history(binding)[:MOST], request.actor),
    }
    return render(request, "binding/audits/show.html", context)


@console(*AUDITORS)
def decisions(request):
    """Pass the chosen bindings, or reject them with a reason (4-29), each decided alone."""
    if lacks_people(request):
        return redirect("binding-audits")
    rows = chosen(ever_asked(request.actor), ticked(request))
    form = DecisionForm(request.POST if "deciding" in request.POST else None)
    if form.is_valid() and carry_out(form, lambda: _decide(rows, form.cleaned_data, request.actor)):
        done = "审核通过" if form.cleaned_data["decision"] == PASS else "审核不通过"
        return answer(request, form.result, done, _list_of(rows, Status.PENDING))
    return render(request, "binding/audits/decision.html", {"form": form, "rows": rows}, status=status_of(form))


@console(*AUDITORS)
def releases(request):
    """退场: the 实施单位 ends bindings, with a date and a reason (domain.md §11.8)."""
    if lacks_people(request):
        return redirect("binding-audits")
    rows = chosen(ever_asked(request.actor), ticked(request))
    form = ReleaseForm(request.POST if "reason" in request.POST else None)
    if form.is_valid() and carry_out(form, lambda: unbind(rows, by=request.actor, **form.cleaned_data)):
        return answer(request, form.result, "已退场", _list_of(rows, Status.ACCEPTED))
    return render(request, "binding/audits/release.html", {"form": form, "rows": rows}, status=status_of(form))


def _decide(rows, typed, actor):
    if typed["decision"] == PASS:
        return commands.accept(rows, by=actor)
    return commands.reject(rows, note=typed["note"], by=actor)


def _list_of(rows, state) -> str:
    """The list the rows were ticked in; without rows the command has refused already (R-44)."""
    return _address(rows[0].project_id, state)


def _found(request, pk):
    return get_object_or_404(audits.projects(request.actor), pk=pk)


def _address(project_id, state) -> str:
    return reverse("binding-audit-people", args=[project_id, state])


def _page(binding) -> str:
    return reverse("binding-audit", args=[binding.pk])


def _count(state) -> Column:
    return Column(
        audits.LABELS[state],
        kind="number",
        render=lambda project: project.counts[state],
        href=lambda project: _address(project.pk, state),
    )


def _kind(binding) -> str:
    return "管理人员" if binding.is_manager else "现场作业人员"


def _look(binding) -> list[Action]:
    return [Action("查看", _page(binding))]


def _look_and_end(binding) -> list[Action]:
    if binding.status != Status.ACCEPTED:
        return _look(binding)
    return [*_look(binding), Action("退场", f"{reverse('binding-releases')}?ids={binding.pk}", how="dialog")]


def _select(state) -> Select | None:
    actions = {
        Status.PENDING: Action("确认", reverse("binding-decisions"), how="dialog", tone="primary", icon="check"),
        Status.ACCEPTED: Action("退场", reverse("binding-releases"), how="dialog", icon="logout"),
    }
    if state not in actions:
        return None
    bound_now = (Status.PENDING, Status.ACCEPTED)
    return Select([actions[state]], may=lambda row: row.status in bound_now, label=_name, every=True)


def _name(binding) -> str:
    return binding.person.name


PROJECTS = [
    Column("报建编号", "filing_code"),
    Column("项目名称", "name", nowrap=False, href=lambda project: _address(project.pk, Status.PENDING)),
    *map(_count, audits.LABELS),
]
PEOPLE = [
    Column("项目名称", "project.name", nowrap=False),
    Column("单位名称", "participation.company.name", nowrap=False),
    Column("姓名", "person.name", href=lambda row: _page(row) if row.status != Status.DRAFT else ""),
    Column("人员性质", render=_kind),
    Column("是否完成人脸识别", "person.face_answer"),
]
# What the three lists with a page behind each row offer; a draft is listed without its papers.
ACTIONS = {Status.PENDING: _look, Status.REJECTED: _look, Status.ACCEPTED: _look_and_end}
BOUND = {
    "": (Status.ACCEPTED,),
    "only": (Status.ENDED,),
    "too": (Status.ACCEPTED, Status.ENDED),
}
EMPTY = {
    Status.DRAFT: Empty("没有待提交的人员", "各单位在“项目人员绑定”新增、尚未提交的人员会列在这里。", icon="users"),
    Status.PENDING: Empty("没有待审核的人员", "各单位提交后会出现在这里，并在待办里提醒。", icon="circle-check"),
    Status.REJECTED: Empty("没有审核不通过的人员", "退回的人员在单位再次提交之前列在这里。", icon="users"),
    Status.ACCEPTED: Empty("没有审核通过的人员", "审核通过即绑定并进场，随即列在这里。", icon="users"),
}
