"""扫码预登记: the printed code of the firm, and what came by it, to be confirmed or discarded."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.binding import poster_paper, sealed_codes
from shiming.binding.console.forms import DiscardForm
from shiming.core.actor import SITE_ROLES
from shiming.core.doors import console
from shiming.health import queries
from shiming.health.console.preregistrations import declared_in
from shiming.health.console.words import kept, require_chosen
from shiming.health.forms import ProposalFilter, ProposalForm
from shiming.health.models import Proposal
from shiming.health.proposals import codes, commands
from shiming.health.proposals import queries as proposals
from shiming.imports.workbooks import disposition
from shiming.web import press
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("姓名", "name", href=lambda row: reverse("proposal", args=[row.pk])),
    Column("身份证", "id_number", kind="id"),
    Column("手机号", "phone", kind="id"),
    Column("扫的是", "participation.company.name"),
    Column("单位或班组长", render=lambda row: row.values.get("firm", "")),
    Column("提交时间", "sent_at", kind="time"),
    Column("凭证号", "receipt_in_groups"),
    Column("状态", "status", kind="state"),
]
NONE_YET = Empty(
    "没有待确认的扫码预登记", "打印预登记二维码贴在门口，工人用手机扫码填写，填好的出现在这里。", icon="qrcode"
)


@console(*SITE_ROLES, methods=("GET",))
def listing(request):
    return render(request, "health/proposals/list.html", {"table": _rows(request), "kept": kept(request)})


@register_list("proposal-list")
def _rows(request) -> Table:
    require_chosen(request.actor)
    filters = ProposalFilter(request.GET)
    rows = proposals.proposals(request.actor, text=values_of(filters).q, status=filters.chosen)
    return Table(
        COLUMNS,
        Paged(rows, request, order=("-sent_at", "-pk")),
        caption="扫码预登记",
        actions=_actions,
        empty=Empty() if is_filtered(filters) else NONE_YET,
        filters=filters,
    )


@console(*SITE_ROLES)
def show(request, pk):
    """查看 and 确认. `then=declaration` is 获取健康云信息: nothing is saved."""
    row, actor = _find(request, pk), request.actor
    form = ProposalForm(row, request.POST or None, employers=queries.employers(actor))
    if request.POST.get("then") == "declaration":
        _look_up(form, row, actor)
    elif form.is_valid() and carry_out(form, lambda: _confirm(row, form, actor)):
        messages.success(request, f"已为{form.result.person.name}办理进场预登记。")
        return redirect("proposal-list")
    context = {
        "row": row,
        "form": form,
        "filing": form.filing,
        "project_name": actor.project_name,
        "may": kept(request) and row.status == Proposal.Status.OPEN,
    }
    return render(request, "health/proposals/show.html", context | declared_in(form), status=status_of(form))


@console(*SITE_ROLES)
def discarding(request, pk):
    """丢弃, a dialog"""
    row = _find(request, pk)
    form = DiscardForm(request.POST or None)
    form.fields["reason"].help_text = "本人可以再扫一次。"
    if form.is_valid() and carry_out(form, lambda: _discard(row, form, request.actor)):
        messages.success(request, f"已丢弃{row.name}的扫码预登记。")
        return redirect("proposal-list")
    context = {"form": form, "row": row, "reasons": DiscardForm.REASONS}
    return render(request, "health/proposals/discard.html", context, status=status_of(form))


@console(*SITE_ROLES, methods=("GET",))
def code(request):
    """预登记二维码 of the own firm"""
    return render(request, "health/proposals/code.html", _poster(request))


@console(*SITE_ROLES, methods=("GET",))
def sheet(request):
    """A4, for the gate"""
    shown = _poster(request)
    return render(request, "binding/poster/sheet.html", shown | codes.words(shown["place"], shown["version"]))


@console(*SITE_ROLES, methods=("GET",))
def pdf(request):
    shown = _poster(request)
    place = shown["place"]
    if shown["stopped_at"]:
        return redirect("proposal-code")
    try:
        content = poster_paper.pdf_of(codes.words(place, shown["version"]), shown["address"])
    except press.NotPrinted:
        messages.error(request, "PDF 没有排出来，请用“打印”。")
        return redirect("proposal-code")
    name = f"预登记二维码_{place.project.filing_code}_{place.company.name}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition(name)})


@console(*SITE_ROLES, methods=("POST",))
def renewal(request):
    """POST /health/code/renewal/ — 更换预登记二维码"""
    made = commands.renew_code(_living(request), by=request.actor)
    messages.success(request, f"预登记二维码已更换为第 {made.version} 版，请打印新的张贴。")
    return redirect("proposal-code")


@console(*SITE_ROLES, methods=("POST",))
def stopping(request):
    """POST /health/code/stopping/ — 停用预登记二维码"""
    commands.stop_code(_living(request), by=request.actor)
    messages.success(request, "预登记二维码已停用，已张贴的扫不开了；要再用，点“更换”。")
    return redirect("proposal-code")


def _living(request):
    require_chosen(request.actor)
    place = proposals.place_of(request.actor)
    if not codes.has_code(place):
        raise Http404
    return place


def _poster(request) -> dict:
    place = _living(request)
    made, address = codes.poster_of(place), codes.link(place, request)
    context = {"place": place, "version": made.version, "stopped_at": made.stopped_at}
    return context | {"address": address, "image": sealed_codes.image(address)}


def _find(request, pk) -> Proposal:
    return get_object_or_404(proposals.proposals(request.actor, status=""), pk=pk)


def _look_up(form, row: Proposal, by) -> None:
    form.is_valid()
    form.keep_only_errors_of_person()
    if carry_out(form, lambda: commands.look_up_proposed(row, by=by)):
        form.take(form.result)


def _confirm(row: Proposal, form, by):
    place, filing = form.employer_chosen
    form.take(commands.look_up_proposed(row, by=by))
    given = {"origin": form.cleaned_data["origin"], "declared": form.declared}
    return commands.confirm(row, place, filing, **given, by=by, sure=form.sure)


def _discard(row: Proposal, form, by) -> Proposal:
    return commands.discard(row, reason=form.cleaned_data["reason"], by=by)


def _actions(row: Proposal):
    if row.status == Proposal.Status.OPEN:
        yield Action("确认", reverse("proposal", args=[row.pk]))
        yield Action("丢弃", reverse("proposal-discarding", args=[row.pk]), how="dialog", tone="danger")
