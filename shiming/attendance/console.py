"""考勤 on the PC: the day, the month sheet, one person's month, corrections."""

import calendar
from datetime import date, timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.attendance import commands, queries, rules
from shiming.attendance.days import DayStatus
from shiming.attendance.forms import CorrectionFilter, DayFilter, DecisionForm, MonthFilter
from shiming.attendance.models import Correction
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Role
from shiming.core.doors import console
from shiming.people.models import Person
from shiming.people.rules import visible_to as people_visible_to
from shiming.web.forms import carry_out
from shiming.web.paging import page
from shiming.web.table import Action, Column, Empty, Table

READERS = (*SITE_ROLES, *COMPANY_ROLES, Role.SUPERVISION_PM, Role.REGULATOR)
SIGNS = {
    DayStatus.NORMAL: ("ok", ""),
    DayStatus.ONGOING: ("info", "在岗"),
    DayStatus.MISSING_IN: ("alarm", "缺进"),
    DayStatus.MISSING_OUT: ("alarm", "缺出"),
    DayStatus.AUTO_CLOSED: ("wait", "自动"),
    DayStatus.CORRECTING: ("wait", "更正"),
}


@console(*READERS, methods=("GET",))
def days(request):
    """考勤：某一天，谁来了、几点、多久。"""
    form = DayFilter(request.GET or None, initial={"day": timezone.localdate()})
    day = (form.is_bound and form.is_valid() and form.cleaned_data["day"]) or timezone.localdate()
    stays = page(_stays(request, form, day, day), request, order=("-entered_at", "pk"), keys_first=True)
    queries.with_days(stays.rows, day, day)
    columns = [
        Column("姓名", "person.name", href=lambda stay: _person_url(stay, day)),
        Column("单位", "company.name", nowrap=False),
        Column("班组", "team.name"),
        Column("首次进", render=lambda stay: _clock(stay, day, "first_in")),
        Column("末次出", render=lambda stay: _clock(stay, day, "last_out")),
        Column("工时", render=lambda stay: getattr(stay.days.get(day), "hours", "")),
        Column("状态", render=lambda stay: _status(stay, day)),
    ]
    empty = Empty("这一天没有在场人员", "换一个日期，或先办理进场。", icon="calendar")
    context = {
        "form": form,
        "day": day,
        "table": Table(columns, stays, caption=f"{day} 考勤", empty=empty),
        "previous": f"?day={day - timedelta(days=1)}",
        "following": f"?day={day + timedelta(days=1)}" if day < timezone.localdate() else "",
    }
    return render(request, "attendance/days.html", context)


@console(*READERS, methods=("GET",))
def month(request):
    """月考勤表：一人一行，一天一格。"""
    form = MonthFilter(request.GET or None, initial={"month": f"{timezone.localdate():%Y-%m}"})
    first = ((form.is_bound and form.is_valid() and form.cleaned_data["month"]) or timezone.localdate()).replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    stays = page(_stays(request, form, first, last), request, order=("-entered_at", "pk"), keys_first=True)
    queries.with_days(stays.rows, first, last)
    dates = [first + timedelta(days=number) for number in range(last.day)]
    context = {
        "form": form,
        "first": first,
        "dates": dates,
        "page": stays,
        "whole": Table(_month_columns(dates), stays, caption=f"{first:%Y-%m} 月考勤表", id="month"),
        "rows": [_sheet_row(stay, dates) for stay in stays.rows],
        "previous": f"?month={first - timedelta(days=1):%Y-%m}",
        "following": f"?month={last + timedelta(days=1):%Y-%m}" if last < timezone.localdate() else "",
    }
    return render(request, "attendance/month.html", context)


@console(*READERS, methods=("GET",))
def person(request, pk):
    """一个人的一个月，逐日可看每一次打卡。"""
    who = get_object_or_404(Person.objects.filter(people_visible_to(request.actor)), pk=pk)
    first = _asked_month(request)
    stays = list(queries.stays_during(request.actor, first, first + timedelta(days=31)).filter(person=who))
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    queries.with_days(stays, first, last, listed=True)
    found = sorted((day for stay in stays for day in stay.days.values()), key=lambda day: day.day)
    context = {
        "person": who,
        "first": first,
        "days": found,
        "signs": {day.day: (*SIGNS[day.status], "") for day in found},
        "totals": queries.totals(found),
        "previous": f"?month={first - timedelta(days=1):%Y-%m}",
        "following": f"?month={first + timedelta(days=32):%Y-%m}",
    }
    return render(request, "attendance/person.html", context)


@console(*READERS, methods=("GET",))
def corrections(request):
    """考勤更正：谁申请了什么，等谁决定。"""
    form = CorrectionFilter(request.GET or None)
    rows = queries.corrections(request.actor)
    if form.is_bound and form.is_valid():
        rows = rows.filter(status=form.cleaned_data["status"]) if form.cleaned_data["status"] else rows
        rows = rows.filter(person__name__contains=form.cleaned_data["name"])
    columns = [
        Column("姓名", "person.name"),
        Column("项目", "project.name", nowrap=False),
        Column("日期", "day", kind="date"),
        Column("进场打卡", "came_at", kind="time"),
        Column("出场打卡", "left_at", kind="time"),
        Column("原因", "reason", nowrap=False),
        Column("申请人", "requested_by.name"),
        Column("状态", "status", kind="state"),
    ]
    empty = Empty("没有更正申请", "工人在手机上申请后，会出现在这里。", icon="edit")
    table = Table(
        columns,
        page(rows, request),
        caption="考勤更正",
        actions=lambda row: _decisions(request.actor, row),
        empty=empty,
    )
    return render(request, "attendance/corrections.html", {"form": form, "table": table})


@console(*SITE_ROLES)
def decision(request, pk):
    """POST /attendance/corrections/<pk>/decision/ — 同意或驳回更正"""
    correction = get_object_or_404(queries.corrections(request.actor), pk=pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        approve = request.POST.get("answer") == "approve"
        note = request.POST.get("note", "")
        if carry_out(
            form, lambda: commands.decide_correction(correction, approve=approve, note=note, by=request.actor)
        ):
            messages.success(request, "已同意更正" if approve else "已驳回更正")
            return redirect("attendance-corrections")
    status = 422 if form.is_bound else 200
    context = {"form": form, "correction": correction, "may_decide": rules.may_decide(request.actor, correction)}
    return render(request, "attendance/decision.html", context, status=status)


def _stays(request, form, first: date, last: date):
    rows = queries.stays_during(request.actor, first, last)
    if form.is_bound and form.is_valid():
        if name := form.cleaned_data["name"]:
            rows = rows.filter(person__name__contains=name)
        if company := form.cleaned_data["company"]:
            rows = rows.filter(company__name__contains=company)
    return rows


def _asked_month(request) -> date:
    form = MonthFilter(request.GET)
    asked = form.is_valid() and form.cleaned_data["month"]
    return (asked or timezone.localdate()).replace(day=1)


def _person_url(stay, day: date) -> str:
    return f"{reverse('attendance-person', args=[stay.person_id])}?month={day:%Y-%m}"


def _clock(stay, day: date, name: str) -> str:
    at = getattr(stay.days.get(day), name, None)
    return f"{timezone.localtime(at):%H:%M}" if at else ""


def _status(stay, day: date) -> str:
    found = stay.days.get(day)
    return found.get_status_display() if found else "无考勤"


def _month_columns(dates: list[date]) -> list[Column]:
    """The month sheet as a file: what its cells say, with the firm and crew that the page has no room for."""
    return [
        Column("姓名", "person.name"),
        Column("单位", "company.name"),
        Column("班组", "team.name"),
        *(Column(f"{day.day}", render=lambda stay, day=day: _sheet_cell(stay, day)["text"]) for day in dates),
        Column("天数", render=lambda stay: queries.totals(stay.days.values())["days"], kind="number"),
        Column("待核", render=lambda stay: queries.totals(stay.days.values())["open"], kind="number"),
    ]


def _sheet_row(stay, dates: list[date]) -> dict:
    found = list(stay.days.values())
    cells = [_sheet_cell(stay, day) for day in dates]
    return {"stay": stay, "cells": cells, **queries.totals(found)}


def _sheet_cell(stay, day: date) -> dict:
    found = stay.days.get(day)
    if found is None:
        return {"tone": "", "text": "", "word": "无考勤"}
    tone, word = SIGNS[found.status]
    hours = f"{found.minutes / 60:.1f}" if found.minutes is not None and not word else word
    return {"tone": tone, "text": hours, "word": found.get_status_display()}


def _decisions(actor, correction: Correction) -> list[Action]:
    if correction.status != Correction.Status.OPEN or not rules.decides(actor, correction):
        return []
    return [Action("处理", reverse("attendance-decision", args=[correction.pk]), how="dialog", tone="primary")]
