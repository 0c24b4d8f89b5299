"""Requests to leave and dismissals; overdue requests and objections for the authority."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import console
from shiming.core.errors import Refused
from shiming.employment import commands, queries
from shiming.employment.console.common import NAME, actions, find
from shiming.employment.forms import (
    DISMISSAL_REASONS,
    DismissalForm,
    LeaveAnswerForm,
    NameFilter,
    ObjectionFilter,
    OverdueFilter,
    posted,
)
from shiming.employment.guards import check_dismissal
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

BY_REQUEST = ("leave_requested_at", "pk")


@console(*COMPANY_ROLES, methods=("GET",))
def leaves(request):
    """List requests that wait for the company's answer, with their deadline."""
    return render(request, "employment/leaves.html", {"table": _leaves(request)})


@register_list("leave-list")
def _leaves(request) -> Table:
    filters = NameFilter(request.GET)
    rows = queries.leave_requests(request.actor, name=values_of(filters).name)
    return Table(
        [NAME, *queries.LEAVE_COLUMNS[1:]],
        Paged(rows, request, order=BY_REQUEST, sorts={"requested": BY_REQUEST}),
        caption="离职申请",
        actions=lambda row: actions(request.actor, row),
        empty=Empty(
            "没有等待答复的离职申请", "本人在手机上申请后，会出现在这里；逾期未答，监督机构会看到。", icon="door-exit"
        ),
        filters=filters,
    )


@console(*COMPANY_ROLES)
def leave_answer(request, pk):
    """Agree to a request to leave, or refuse it with a reason."""
    employment, form = find(request.actor, pk), LeaveAnswerForm(posted(request))
    agree = request.POST.get("answer") == "agree"
    if form.is_valid() and carry_out(
        form,
        lambda: commands.answer_leave(employment, agree=agree, note=form.cleaned_data["note"], by=request.actor),
    ):
        outcome = "的聘用已结束" if agree else "的离职申请未同意，原因已告知本人"
        messages.success(request, f"{employment.person.name}{outcome}。")
        return redirect("leave-list")
    context = {"form": form, "employment": employment}
    return render(request, "employment/leave_answer.html", context, status=status_of(form))


@console(*COMPANY_ROLES)
def dismissal(request, pk):
    """Dismissal in three steps: reason, confirmation, second confirmation.

    The first step already shows why a dismissal is impossible.
    """
    employment, form = find(request.actor, pk), DismissalForm(posted(request))
    sure = request.POST.get("sure") == "yes"
    step = _propose if sure else _look
    if form.is_valid() and carry_out(form, lambda: step(employment, form.cleaned_data["reason"], request.actor)):
        if sure:
            messages.success(request, f"已向{employment.person.name}提出解聘，本人同意后生效。")
            return redirect("employment-list")
        return render(request, "employment/dismissal_sure.html", {"form": form, "employment": employment})
    context = {"form": form, "employment": employment, "reasons": DISMISSAL_REASONS}
    return render(request, "employment/dismissal.html", context, status=status_of(form))


@console(*COMPANY_ROLES, methods=("POST",))
def dismissal_cancellation(request, pk):
    """POST /employments/<pk>/dismissal/cancellation/ — 取消解聘"""
    employment = commands.cancel_dismissal(find(request.actor, pk), by=request.actor)
    messages.success(request, f"已取消解聘，{employment.person.name}继续在职。")
    return redirect("employment-list")


@console(Role.REGULATOR, methods=("GET",))
def overdue(request):
    """List requests to leave without an answer by the deadline."""
    return render(request, "employment/overdue.html", {"table": _overdue(request)})


@register_list("leave-overdue")
def _overdue(request) -> Table:
    filters = OverdueFilter(request.GET)
    asked = values_of(filters)
    rows = queries.overdue_leaves(request.actor, name=asked.name, company=asked.company)
    rows = Paged(rows, request, order=BY_REQUEST)
    empty = Empty("没有逾期未答的离职申请", "用人单位超过期限没有答复的离职申请会出现在这里。", icon="circle-check")
    return Table(queries.OVERDUE_COLUMNS, rows, caption="离职逾期", empty=empty, filters=filters)


@console(Role.REGULATOR, methods=("GET",))
def objections(request):
    """List workers' objections to direct registrations and releases."""
    return render(request, "employment/objections.html", {"table": _objections(request)})


@register_list("objection-list")
def _objections(request) -> Table:
    filters = ObjectionFilter(request.GET)
    asked = values_of(filters)
    rows = queries.objections(
        request.actor,
        name=asked.name,
        company=asked.company,
        about=asked.about,
        since=asked.since,
        until=asked.until,
    )
    name = Column(
        "姓名", "person.name", href=lambda row: reverse("employment-show", args=[row.pk]) if row.opens else ""
    )
    return Table(
        [name, *queries.OBJECTION_COLUMNS[1:]],
        Paged(rows, request, order=("-objected_at", "-pk"), sorts={"objected": ("objected_at", "pk")}),
        caption="登记异议",
        empty=Empty("没有登记异议", "单位直接登记在职或办理离职，本人提出异议的会出现在这里。", icon="circle-check"),
        filters=filters,
    )


def _look(employment, reason, by) -> None:
    """Raise before the second 确认 the refusals that the command would raise after it."""
    if not reason.strip():
        raise Refused("R-41", field="reason")
    check_dismissal(employment)


def _propose(employment, reason, by):
    return commands.propose_dismissal(employment, reason=reason, by=by)
