"""企业端: checks by hand, withdrawal on the person's word, comparisons. 系统管理: alerts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import KEEPERS, Role
from shiming.core.doors import console
from shiming.faces import commands, queries, rules
from shiming.faces.forms import (
    AlertFilter,
    AskCheckForm,
    CheckFilter,
    CompareForm,
    ComparisonFilter,
    ConfirmCheckForm,
    DeclineCheckForm,
    SettleForm,
    WithdrawForm,
)
from shiming.faces.models import FaceAlert, FaceComparison, FaceConsent, HandCheck
from shiming.people import pictures
from shiming.people.models import Person
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

LOOKERS = (*KEEPERS, Role.SYS_ADMIN)
CHECK_COLUMNS = [
    Column("姓名", "person.name", href=lambda row: reverse("face-check", args=[row.pk])),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("方式", "get_how_display"),
    Column("状态", "status", kind="state"),
    Column("第一人", "first.name"),
    Column("第二人", "second.name"),
    Column("核对地点", "place", nowrap=False),
    Column("提出时间", "created_at", kind="time"),
    Column("核验时间", "decided_at", kind="time"),
]
COMPARISON_COLUMNS = [
    Column("姓名", "person.name", href=lambda row: reverse("face-comparison", args=[row.pk])),
    Column("身份证号码", "person.id_number", kind="id"),
    Column("结果", "status", kind="state"),
    Column("登记人", "enrolled_by.name"),
    Column("拍摄时间", "created_at", kind="time"),
    Column("比对人", "decided_by.name"),
    Column("比对时间", "decided_at", kind="time"),
]
ALERT_COLUMNS = [
    Column("人员一", "first.name", href=lambda row: reverse("face-alert", args=[row.pk])),
    Column("身份证号码一", "first.id_number", kind="id"),
    Column("人员二", "second.name"),
    Column("身份证号码二", "second.id_number", kind="id"),
    Column("相像程度", render=lambda row: f"{row.score:.2f}", kind="number"),
    Column("提示时间", "created_at", kind="time"),
    Column("处理结果", "get_outcome_display"),
    Column("处理人", "settled_by.name"),
]


@console(*KEEPERS, methods=("GET",))
def checks(request):
    """List checks by hand, with those that wait for a second user."""
    alone = rules.keepers_of(request.actor.company_id).count() < 2
    context = {
        "table": _checks(request),
        "alone": alone,
        "compared": queries.comparisons_waiting(request.actor).count(),
    }
    return render(request, "faces/checks.html", context)


@register_list("face-checks")
def _checks(request) -> Table:
    filters = CheckFilter(request.GET)
    asked = values_of(filters)
    return Table(
        CHECK_COLUMNS,
        Paged(queries.checks(request.actor, asked.name, asked.status), request),
        caption="人工核验",
        actions=lambda row: [Action("查看", reverse("face-check", args=[row.pk]), icon="eye")],
        empty=Empty() if is_filtered(filters) else NO_CHECK,
        filters=filters,
    )


@console(*KEEPERS)
def check_new(request, pk):
    """Check by hand, first user: the worker is present and the original document was seen."""
    person = _kept(request.actor, pk)
    form = AskCheckForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("place", "note")}
        if carry_out(form, lambda: commands.ask_check(person, by=request.actor, **given)):
            messages.success(request, f"已记下。请另一名同事登录后在“人工核验”里确认{person.name}。")
            return redirect("face-checks")
    alone = rules.keepers_of(request.actor.company_id).count() < 2
    context = {"person": person, "form": form, "reasons": AskCheckForm.REASONS, "alone": alone}
    return render(request, "faces/check_new.html", context, status=status_of(form))


@console(*KEEPERS)
def check(request, pk):
    """Check by hand, second user: confirm, or decline with a reason."""
    row = get_object_or_404(queries.checks(request.actor), pk=pk)
    answer, sent, seen = request.POST.get("answer"), request.POST or None, {"version": row.version}
    confirming = ConfirmCheckForm(sent if answer == "confirm" else None, initial=seen, auto_id="confirm_%s")
    declining = DeclineCheckForm(sent if answer == "decline" else None, initial=seen, auto_id="decline_%s")
    if confirming.is_valid() and carry_out(confirming, lambda: _confirm(row, confirming, request.actor)):
        messages.success(request, f"{row.person.name}已完成人工核验")
        return redirect("face-checks")
    if declining.is_valid() and carry_out(declining, lambda: _decline(row, declining, request.actor)):
        messages.success(request, f"没有确认{row.person.name}的人工核验")
        return redirect("face-checks")
    context = {
        "check": row,
        "portrait": pictures.portrait_data(row.person),
        "confirming": confirming,
        "declining": declining,
        "waiting": row.status == HandCheck.Status.WAITING,
        "may_answer": rules.may_answer_check(request.actor, row),
    }
    status = max(status_of(confirming), status_of(declining))
    return render(request, "faces/check.html", context, status=status)


@console(*KEEPERS)
def withdrawal(request, pk):
    """Withdraw the consent at the worker's request; the note says how the worker asked."""
    person = _kept(request.actor, pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        details = {"ended": FaceConsent.Ended.COMPANY, "note": form.cleaned_data["note"]}
        if carry_out(form, lambda: commands.withdraw(person, by=request.actor, **details)):
            messages.success(request, f"{person.name}的人脸模板已删除，本人会得知。")
            return redirect("person", pk=person.pk)
    context = {"person": person, "form": form, "consent": queries.consent_in_force(person)}
    return render(request, "faces/withdrawal.html", context, status=status_of(form))


@console(*LOOKERS, methods=("GET",))
def comparisons(request):
    """List enrolments that the engine found unlike the card."""
    return render(request, "faces/comparisons.html", {"table": _comparisons(request)})


@register_list("face-comparisons")
def _comparisons(request) -> Table:
    filters = ComparisonFilter(request.GET)
    return Table(
        COMPARISON_COLUMNS,
        Paged(queries.comparisons(request.actor, values_of(filters).status), request),
        caption="人工比对",
        actions=lambda row: [Action("比对", reverse("face-comparison", args=[row.pk]), icon="eye")],
        empty=Empty() if is_filtered(filters) else NO_COMPARISON,
        filters=filters,
    )


@console(*LOOKERS)
def comparison(request, pk):
    """Show both faces side by side; the enroller cannot decide."""
    row = get_object_or_404(queries.comparisons(request.actor), pk=pk)
    form = CompareForm(request.POST or None)
    if form.is_valid():
        same, note = form.cleaned_data["answer"] == "same", form.cleaned_data["note"]
        if carry_out(form, lambda: commands.compare(row, same=same, note=note, by=request.actor)):
            messages.success(request, f"{row.person.name}：{form.result.get_status_display()}")
            return redirect("face-comparisons")
    context = {
        "comparison": row,
        "form": form,
        "waiting": row.status == FaceComparison.Status.WAITING,
        "may_compare": rules.may_compare(request.actor, row),
    }
    return render(request, "faces/comparison.html", context, status=status_of(form))


@console(*LOOKERS, methods=("GET",))
def comparison_picture(request, pk, kind):
    """GET /faces/comparisons/<id>/face/: the enrolled face or the card's; 404 after the decision."""
    row = get_object_or_404(
        FaceComparison.objects.filter(rules.comparisons_visible_to(request.actor)),
        pk=pk,
        status=FaceComparison.Status.WAITING,
    )
    return pictures.as_response(row.opened("card" if kind == "card" else "face"))


@console(Role.SYS_ADMIN, methods=("GET",))
def alerts(request):
    """List pairs of ID numbers with the same face; they may be twins, so the system administrator decides."""
    count, passed = queries.kept_templates()
    return render(request, "faces/alerts.html", {"table": _alerts(request), "count": count, "passed": passed})


@register_list("face-alerts")
def _alerts(request) -> Table:
    filters = AlertFilter(request.GET)
    return Table(
        ALERT_COLUMNS,
        Paged(queries.alerts(open_only=values_of(filters).status != "all"), request),
        caption="人脸重复提示",
        actions=lambda row: [Action("查看", reverse("face-alert", args=[row.pk]), icon="eye")],
        empty=NO_ALERT,
        filters=filters,
    )


@console(Role.SYS_ADMIN)
def alert(request, pk):
    row = get_object_or_404(FaceAlert.objects.select_related("first", "second", "settled_by"), pk=pk)
    form = SettleForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: commands.settle(row, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"已处理：{form.result.get_outcome_display()}")
        return redirect("face-alerts")
    pair = [(person, pictures.portrait_data(person)) for person in (row.first, row.second)]
    return render(request, "faces/alert.html", {"alert": row, "form": form, "pair": pair}, status=status_of(form))


def _confirm(row: HandCheck, form: ConfirmCheckForm, by) -> HandCheck:
    return commands.confirm_check(row, by=by, seen=form.cleaned_data["version"])


def _decline(row: HandCheck, form: DeclineCheckForm, by) -> HandCheck:
    return commands.decline_check(row, by=by, reason=form.cleaned_data["reason"], seen=form.cleaned_data["version"])


def _kept(actor, pk) -> Person:
    return get_object_or_404(Person.objects.filter(rules.kept_by(actor)), pk=pk)


NO_CHECK = Empty("还没有人工核验", "打开人员的页面，点“人工核验”；登记台读过卡的自动列在这里。", icon="id")
NO_COMPARISON = Empty("没有要比对的", "登记的脸与证件照不够像时，排在这里由人决定。", icon="face-id")
NO_ALERT = Empty("没有待处理的提示", "登记人脸后自动比对，两个身份证号同一张脸时提示。", icon="face-id")
