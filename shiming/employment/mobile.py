"""The worker's employments on the phone.

Present and past ones; answers to hiring, dismissal and transfer; the request to leave.
"""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.employment import commands, queries
from shiming.employment.forms import LeaveForm, posted
from shiming.employment.models import Employment
from shiming.web.forms import carry_out, status_of

Status = Employment.Status


@mobile(Role.PERSON, methods=("GET",))
def index(request):
    """Show present and past employments and open transfers."""
    current, past = queries.own(request.actor)
    transfers = queries.transfers(request.actor).filter(status__in=("asked", "leaving")).order_by("-created_at")
    context = {"current": queries.with_progress(current), "past": past, "transfers": transfers}
    return render(request, "employment/my.html", context)


@mobile(Role.PERSON, methods=("POST",))
def answer(request, pk):
    """POST /m/employments/<pk>/answer/: confirm or decline the invitation."""
    agree = request.POST.get("answer") == "agree"
    decide = commands.confirm if agree else commands.decline
    employment = decide(_find(request, pk), by=request.actor)
    company = {"company": employment.company.name}
    sentence = _("您已在%(company)s在职。") if agree else _("您已拒绝%(company)s的聘用。")
    messages.success(request, sentence % company)
    return redirect("my-employments")


@mobile(Role.PERSON, methods=("POST",))
def dismissal_answer(request, pk):
    """POST /m/employments/<pk>/dismissal/answer/: agree to the dismissal or refuse it."""
    agree = request.POST.get("answer") == "agree"
    commands.answer_dismissal(_find(request, pk), agree=agree, by=request.actor)
    messages.success(request, _("您已同意解聘，聘用到此结束。") if agree else _("您没有同意解聘，仍在职。"))
    return redirect("my-employments")


@mobile(Role.PERSON, methods=("POST",))
def registration_answer(request, pk):
    """POST /m/employments/<pk>/registration/answer/: object to a direct registration, or not."""
    agree = request.POST.get("answer") == "agree"
    note = request.POST.get("note", "")
    commands.answer_registration(_find(request, pk), agree=agree, note=note, by=request.actor)
    messages.success(request, _("已记下，没有异议。") if agree else _("您的异议已告知单位，监督机构看得见。"))
    return redirect("my-employments")


@mobile(Role.PERSON)
def leave(request, pk):
    """Request to leave with a reason; the company must answer."""
    employment, form = _find(request, pk), LeaveForm(posted(request))
    if form.is_valid() and carry_out(
        form, lambda: commands.request_leave(employment, reason=form.reason, by=request.actor)
    ):
        messages.success(request, _("离职申请已提交，单位须在 %(day)s 前答复。") % {"day": form.result.leave_due_on})
        return redirect("my-employments")
    context = {"form": form, "employment": employment}
    return render(request, "employment/my_leave.html", context, status=status_of(form))


@mobile(Role.PERSON, methods=("POST",))
def leave_cancellation(request, pk):
    """POST /m/employments/<pk>/leave/cancellation/ — 取消离职申请"""
    commands.cancel_leave(_find(request, pk), by=request.actor)
    messages.success(request, _("离职申请已取消，您仍在职。"))
    return redirect("my-employments")


@mobile(Role.PERSON, methods=("POST",))
def transfer_answer(request, pk):
    """POST /m/transfers/<pk>/answer/: agree to the transfer or decline it."""
    agree = request.POST.get("answer") == "agree"
    transfer = get_object_or_404(queries.transfers(request.actor), pk=pk)
    transfer = commands.answer_transfer(transfer, agree=agree, by=request.actor)
    if not agree:
        messages.success(request, _("您没有同意转出，什么也没有改变。"))
    elif transfer.due_on:
        messages.success(request, _("离职申请已提交，单位须在 %(day)s 前答复。") % {"day": transfer.due_on})
    else:
        messages.success(request, _("新单位的聘用邀请已发出，请到待办里确认。"))
    return redirect("my-employments")


def _find(request, pk) -> Employment:
    return get_object_or_404(queries.employments(request.actor), pk=pk)
