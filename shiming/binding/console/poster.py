"""The QR poster of a place, and the forms that workers sent by it, to take or discard. Source: manual [004] 4-25."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.binding import poster_codes, poster_paper, sealed_codes
from shiming.binding.console.forms import DiscardForm, SelfFormFilter
from shiming.binding.models import SelfForm
from shiming.binding.row_actions import row_action
from shiming.binding.self_forms import commands, queries, rules
from shiming.core.actor import KEEPERS
from shiming.core.doors import console
from shiming.imports.workbooks import disposition
from shiming.projects.chain import BUILDERS
from shiming.projects.models import Participation, Project
from shiming.web import press
from shiming.web.batch import answer, chosen, ticked
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Select, Table

Status = SelfForm.Status
COLUMNS = [
    Column("姓名", "name", href=lambda row: reverse("self-form-show", args=[row.pk])),
    Column("身份证", "id_number", kind="id"),
    Column("工种", "trade"),
    Column("手机号", "phone", kind="id"),
    Column("提交时间", "sent_at", kind="time"),
    Column("凭证号", "receipt_in_groups"),
    Column("状态", "status", kind="state"),
]


@console(*KEEPERS, methods=("GET",))
def poster(request, pk):
    """Show the poster with print, renew and stop."""
    return render(request, "binding/poster/poster.html", _poster(request, _living(request.actor, pk)))


@console(*KEEPERS, methods=("GET",))
def sheet(request, pk):
    """The poster as a page for A4 paper."""
    shown = _poster(request, _living(request.actor, pk))
    return render(request, "binding/poster/sheet.html", shown | poster_paper.words(shown["place"], shown["version"]))


@console(*KEEPERS, methods=("GET",))
def pdf(request, pk):
    """The same paper as a file, for a print shop or a chat."""
    shown = _poster(request, _living(request.actor, pk))
    place = shown["place"]
    if shown["stopped_at"]:
        return redirect("binding-poster", pk)
    try:
        content = poster_paper.pdf(place, shown["version"], shown["address"])
    except press.NotPrinted:
        messages.error(request, "PDF 没有排出来，请用“打印”。")
        return redirect("binding-poster", pk)
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"项目二维码_{place.project.filing_code}_{place.company.name}.pdf"
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@console(*KEEPERS, methods=("POST",))
def renewal(request, pk):
    """POST /binding/places/…/poster/renewal/: renew the QR code."""
    made = commands.renew_poster(_living(request.actor, pk), by=request.actor)
    messages.success(request, f"项目二维码已更换为第 {made.version} 版，请打印新的张贴。")
    return redirect("binding-poster", pk)


@console(*KEEPERS, methods=("POST",))
def stopping(request, pk):
    """POST /binding/places/…/poster/stopping/: stop the QR code."""
    commands.stop_poster(_living(request.actor, pk), by=request.actor)
    messages.success(request, "项目二维码已停用，已张贴的扫不开了；要再用，点“更换”。")
    return redirect("binding-poster", pk)


@console(*KEEPERS, methods=("GET",))
def forms(request, pk):
    """List the forms sent at one place, the open ones by default."""
    place = _place(request.actor, pk)
    context = {"table": _forms(request, pk), "place": place, "has_poster": poster_codes.has_poster(place)}
    return render(request, "binding/poster/forms.html", context)


@register_list("self-form-list")
def _forms(request, pk) -> Table:
    place, filters = _place(request.actor, pk), SelfFormFilter(request.GET)
    rows = queries.forms(request.actor, place, filters.chosen, values_of(filters).q)
    take = Action("采用", reverse("self-form-takings"), how="post", tone="primary", icon="check", confirm=TAKES)
    return Table(
        COLUMNS,
        Paged(rows, request, order=("-sent_at", "-pk"), size=50),
        caption="扫码登记",
        actions=_actions,
        select=Select([take], may=lambda row: row.status == Status.OPEN, label=lambda row: row.name),
        empty=Empty() if is_filtered(filters) else NONE_YET,
        filters=filters,
    )


@console(*KEEPERS, methods=("GET",))
def show(request, pk):
    """Show one form and its differences from the person on record."""
    found = _form(request.actor, pk)
    person = queries.person_of(found, request.actor)
    context = {
        "found": found,
        "person": person,
        "lines": queries.lines(found, person),
        "portrait": queries.portrait(found),
        "is_open": found.status == Status.OPEN,
        "is_discarded": found.status == Status.DISCARDED,
        "takes": TAKES,
    }
    return render(request, "binding/poster/show.html", context)


@console(*KEEPERS, methods=("POST",))
def takings(request):
    """POST /binding/self-forms/takings/: take the chosen forms."""
    visible = SelfForm.objects.filter(rules.visible_to(request.actor), sealed__isnull=False)
    rows = chosen(visible.select_related("participation"), ticked(request))
    result = commands.take(rows, by=request.actor)
    back = reverse("self-form-list", args=[rows[0].participation_id])
    return answer(request, result, "已采用，列入项目作业人员的待提交", back)


@console(*KEEPERS)
def discarding(request, pk):
    """Discard a form with a reason; it can be restored."""
    found = _form(request.actor, pk)
    asked = DiscardForm(request.POST if request.method == "POST" else None)
    if asked.is_valid() and carry_out(asked, lambda: _discard(found, asked, request.actor)):
        messages.success(request, f"已丢弃{found.name}的扫码登记；丢错了，在“已丢弃”里恢复。")
        return redirect("self-form-list", found.participation_id)
    context = {"form": asked, "found": found, "reasons": DiscardForm.REASONS}
    return render(request, "binding/poster/discard.html", context, status=status_of(asked))


@console(*KEEPERS, methods=("POST",))
def restoration(request, pk):
    """POST /binding/self-forms/…/restoration/ — 恢复"""
    found = commands.restore(_form(request.actor, pk), by=request.actor)
    messages.success(request, f"已恢复{found.name}的扫码登记。")
    return redirect("self-form-list", found.participation_id)


@row_action
def poster_of_project(actor, place: Participation) -> Action | None:
    """项目二维码, in the list of projects; that list has asked for the flow already, so no row asks again."""
    offered = place.kind in BUILDERS and place.project.status != Project.Status.FINISHED
    if not offered or not rules.may_keep_poster(actor, place):
        return None
    return Action("项目二维码", reverse("binding-poster", args=[place.pk]), icon="qrcode")


def _place(actor, pk) -> Participation:
    return get_object_or_404(queries.places(actor), pk=pk)


def _living(actor, pk) -> Participation:
    place = _place(actor, pk)
    if not poster_codes.has_poster(place):
        raise Http404
    return place


def _form(actor, pk) -> SelfForm:
    rows = SelfForm.objects.filter(rules.visible_to(actor), sealed__isnull=False)
    return get_object_or_404(rows.select_related("participation__project", "participation__company"), pk=pk)


def _poster(request, place: Participation) -> dict:
    made = poster_codes.poster_of(place)
    address = poster_codes.link(poster_codes.code_of(place), request)
    context = {"place": place, "version": made.version if made else 1, "stopped_at": made and made.stopped_at}
    return context | {"address": address, "image": sealed_codes.image(address)}


def _discard(found: SelfForm, asked: DiscardForm, by) -> SelfForm:
    return commands.discard(found, reason=asked.cleaned_data["reason"], by=by)


def _actions(row: SelfForm) -> list[Action]:
    found = [Action("查看", reverse("self-form-show", args=[row.pk]))]
    if row.status == Status.OPEN:
        found.append(Action("采用", f"{reverse('self-form-takings')}?ids={row.pk}", how="post", confirm=TAKES))
        found.append(Action("丢弃", reverse("self-form-discarding", args=[row.pk]), how="dialog", tone="danger"))
    if row.status == Status.DISCARDED:
        found.append(Action("恢复", reverse("self-form-restoration", args=[row.pk]), how="post"))
    return found


TAKES = "采用后登记为本单位的作业人员，列入这个项目的待提交；本人会得知。"
NONE_YET = Empty(
    "没有待办的扫码登记",
    "打印项目二维码贴在工地，工人用手机扫码填写，填好的出现在这里。",
    icon="qrcode",
)
