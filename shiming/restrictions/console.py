"""限制进场 for company, site and authority: list, 新增, one entry with its thread, decisions and opinions."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from shiming.attachments.forms import pairs_of
from shiming.core import files
from shiming.core.actor import COMPANY_ROLES, Role
from shiming.core.doors import SHEET, console, takes
from shiming.people import pictures
from shiming.restrictions import commands, queries, rules
from shiming.restrictions.forms import ReasonForm, RestrictionFilter, RestrictionForm, SecondForm
from shiming.restrictions.models import Opinion, Restriction
from shiming.restrictions.rules import ISSUERS, MANAGERS
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Column, Empty, Table
from shiming.web.trail import lines

COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("范围", "scope", nowrap=False),
    Column("类别", "category_label"),
    Column("自", "from_date", kind="date", sort="from_date"),
    Column("至", "until", kind="date", sort="until"),
    Column("作出限制的单位", "issuer.name", nowrap=False),
    Column("状态", "state", kind="state"),
    Column("申诉", render=lambda row: _waits(row)),
]
NONE = Empty("没有限制进场的人员", "到期的自动失效，仍列在这里。", "新增限制", "/restrictions/new/", icon="ban")


@console(*ISSUERS, methods=("GET",))
def listing(request):
    return render(request, "restrictions/list.html", {"table": _rows(request)})


@register_list("restriction-list")
def _rows(request) -> Table:
    filters = RestrictionFilter(request.GET)
    asked = values_of(filters)
    rows = queries.listed(request.actor, who=asked.who, category=asked.category, state=asked.state)
    return Table(
        COLUMNS,
        Paged(rows, request, order=("-from_date", "-pk")),
        caption="限制进场",
        actions=lambda row: [Action("查看", reverse("restriction-show", args=[row.pk]))],
        empty=Empty() if is_filtered(filters) else NONE,
        filters=filters,
    )


@console(*ISSUERS)
@takes(SHEET)
def new(request):
    """新增限制"""
    actor = request.actor
    form = RestrictionForm(
        request.POST or None,
        request.FILES or None,
        sites=rules.sites(actor),
        places=queries.other_places(actor),
        current=actor.project_id,
        whole_company=actor.role in COMPANY_ROLES,
    )
    if form.is_valid() and carry_out(form, lambda: _issue(form, actor)):
        row = form.result
        messages.success(request, f"已限制{row.person.name}进场：{row.scope}，至{row.until}。已告知本人，可以申诉。")
        return redirect("restriction-show", row.pk)
    return render(request, "restrictions/new.html", {"form": form}, status=status_of(form))


@console(*ISSUERS, methods=("GET",))
def show(request, pk):
    """One entry: dates, opinions, thread, papers, and what the actor may do."""
    return _page(request, _find(request, pk))


@console(*ISSUERS, methods=("POST",))
def decision(request, pk):
    """POST — 维持限制 or 解除限制"""
    row, form = _find(request, pk), ReasonForm(request.POST)
    command = commands.lift if "lift" in request.POST else commands.uphold
    if form.is_valid() and carry_out(form, lambda: command(row, by=request.actor, **form.cleaned_data)):
        done = "已解除" if form.result.status == Restriction.Status.LIFTED else "维持"
        messages.success(request, f"{done}对{row.person.name}的限制，已告知本人。")
        return redirect("restriction-show", pk)
    return _page(request, row, reason=form)


@console(*ISSUERS, methods=("POST",))
def second(request, pk):
    """POST — 提请另一家单位同意"""
    row = _find(request, pk)
    form = SecondForm(request.POST, places=queries.seconds(row))
    if form.is_valid() and carry_out(form, partial(_ask, row, form, request.actor)):
        messages.success(request, f"已提请{form.result.firm}同意。")
        return redirect("restriction-show", pk)
    return _page(request, row, second=form)


@console(*MANAGERS, methods=("POST",))
def opinion(request, pk):
    """POST — the second company agrees or does not"""
    rows = Opinion.objects.filter(restriction__in=queries.seen(request.actor).values("pk"))
    asked, form = get_object_or_404(rows.select_related("restriction"), pk=pk), ReasonForm(request.POST)
    row = _find(request, asked.restriction_id)
    command = commands.agree if "agree" in request.POST else commands.decline
    if form.is_valid() and carry_out(form, lambda: command(asked, by=request.actor, **form.cleaned_data)):
        messages.success(request, f"{form.result.get_status_display()}对{row.person.name}的限制。")
        return redirect("restriction-show", row.pk)
    return _page(request, row, answer=form)


@console(*ISSUERS, Role.PERSON, methods=("POST",))
def paper(request, pk):
    """POST — open a paper: a line in the trail, then the content."""
    found = get_object_or_404(queries.papers(request.actor), pk=pk)
    commands.note_opening(found, by=request.actor)
    headers = pictures.HEADERS | {"Content-Disposition": content_disposition_header(True, found.name)}
    return HttpResponse(files.read(found.file), content_type=found.file.media_type, headers=headers)


def _waits(row: Restriction) -> str:
    """How long an appeal has waited for its answer."""
    if row.status != Restriction.Status.APPEALED:
        return ""
    days = (timezone.localdate() - timezone.localdate(row.appealed_at)).days
    return f"待答复，已 {days} 天" if days else "待答复"


def _issue(form, by) -> Restriction:
    person = queries.person_by_number(by, form.cleaned_data["number"], form.site)
    if person is None:
        raise commands.not_allocated()
    return commands.issue(person, papers=pairs_of(form.cleaned_data["papers"]), by=by, **form.given)


def _ask(row, form, by) -> Opinion:
    return commands.ask(row, form.places[form.cleaned_data["second"]], by=by)


def _page(request, row, *, reason=None, second=None, answer=None):
    actor, bound = request.actor, next((form for form in (reason, second, answer) if form), None)
    opinions = list(queries.opinions(row))
    waiting = [each for each in opinions if each.status == Opinion.Status.ASKED and rules.may_answer(actor, each)]
    decides = rules.may_decide(actor, row)
    appealed = row.status == Restriction.Status.APPEALED
    places = queries.seconds(row) if decides and row.needs_second and not row.over else ()
    context = {
        "row": row,
        "thread": queries.thread(row),
        "opinions": opinions,
        "waiting": waiting[0] if waiting and not row.over else None,
        "may_uphold": decides and appealed,
        "may_lift": decides and (appealed or not row.over),
        "reason": reason or ReasonForm(),
        "answer": answer or ReasonForm(),
        "second": second or (SecondForm(places=places) if places else None),
        "trail": lines(queries.trail(row), actor),
    }
    return render(request, "restrictions/show.html", context, status=status_of(bound) if bound else 200)


def _find(request, pk) -> Restriction:
    return get_object_or_404(queries.seen(request.actor), pk=pk)
