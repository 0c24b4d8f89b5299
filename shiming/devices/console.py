"""Pages of companies and sites to read cards and to check the reader."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from shiming.core.access import require
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES
from shiming.core.doors import console
from shiming.core.environment import environment
from shiming.devices import commands, queries, rules
from shiming.devices.forms import ReadingForm, bytes_of
from shiming.people.pictures import as_response
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Column, Empty, Table

DESKS = (*COMPANY_ROLES, *SITE_ROLES)
COLUMNS = [
    Column("姓名", "person.name"),
    Column("身份证号", "person.id_number", kind="id"),
    Column("证件", "get_kind_display"),
    Column("结果", render=lambda row: "由此已实名" if row.newly_verified else "更新证件信息"),
    Column("证件过期", "expired", kind="flag"),
    Column("阅读器", render=str, nowrap=False),
    Column("操作人", "operator"),
    Column("时间", "created_at", kind="time"),
]
NO_READING = Empty("还没有读过证件", "点“点击读卡”，把身份证放到阅读器上。", icon="id")


@console(*DESKS)
def desk(request):
    """Read a card, check the photo, store the reading; then return to `next` with the person's key."""
    came_from, form = _next(request), ReadingForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and carry_out(form, lambda: _record(form, request.actor)):
        reading = form.result
        _say(request, reading)
        if came_from:
            return redirect(f"{came_from}{'&' if '?' in came_from else '?'}{urlencode({'person': reading.person_id})}")
        return redirect("reader")
    context = {
        "form": form,
        "next": came_from,
        "other_name": _other_name(form),
        "may_read": rules.may_read_card(request.actor),
        "table": _readings(request),
    }
    return render(request, "devices/desk.html", context, status=status_of(form))


def _record(form, actor):
    return commands.record_reading(form.read, by=actor, renaming=form.cleaned_data["renaming"])


def _other_name(form) -> bool:
    """Whether the card has another name than the register, or a reason for that was given: the page asks for it."""
    return form.is_bound and (
        "R-07" in [item.code for item in getattr(form, "refusals", ())] or bool(form["renaming"].value())
    )


@register_list("reader")
def _readings(request) -> Table:
    rows = Paged(queries.readings(request.actor), request, order=("-pk",))
    return Table(COLUMNS, rows, caption="读卡记录", empty=NO_READING)


@console(*rules.SEARCHERS, methods=("GET",))
def check(request):
    """Check whether this PC has a reader, and what to do."""
    return render(request, "devices/check.html", {"bridges": _bridges()})


@console(*DESKS, methods=("POST",))
def portrait(request):
    """POST /reader/portrait/: the photo in the chip as JPEG, or 204 when it cannot be decoded. Stores nothing."""
    require(rules.may_read_card, request.actor)
    try:
        jpeg = commands.portrait_of(bytes_of(request.POST.get("wlt", "")))
    except ValueError:
        jpeg = None
    return as_response(jpeg) if jpeg else HttpResponse(status=204)


def _bridges() -> list[tuple[str, str, str]]:
    """Letter, label and note of each bridge."""
    places = environment().reader_bridges.items()
    return [
        (letter, f"阅读器程序 {letter.upper()}", f"端口 {address.rpartition(':')[2]}") for letter, address in places
    ]


def _say(request, reading) -> None:
    done = "已实名登记" if reading.newly_verified else "早已实名，证件信息已更新"
    messages.success(request, f"{reading.person.name}{done}")
    if reading.expired:
        messages.warning(request, f"{reading.person.name}的证件已过期，请提醒本人换证")


def _next(request) -> str:
    """The address to return to with the person read, or "" when it is not on this host."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours else ""
