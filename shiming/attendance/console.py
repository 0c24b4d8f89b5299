"""考勤 on the PC: the day, the month sheet, one person's month, corrections."""

import calendar
from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.assignment.queries import called
from shiming.attendance import commands, queries, rules
from shiming.attendance.days import decimal_hours, in_hours
from shiming.attendance.forms import CorrectionFilter, DayFilter, DecisionForm, MonthFilter, ShiftRuleForm
from shiming.attendance.models import Correction
from shiming.attendance.signs import SIGNS, signs_of
from shiming.core.actor import COMPANY_ROLES, SITE_ROLES, Actor, Role
from shiming.core.doors import console
from shiming.people.models import Person
from shiming.people.rules import visible_to as people_visible_to
from shiming.projects.models import Project
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import NOTHING, Action, Column, Empty, Table

READERS = (*SITE_ROLES, *COMPANY_ROLES, Role.SUPERVISION_PM, Role.REGULATOR)
CORRECTION_COLUMNS = [
    Column("姓名", "person.name"),
    Column("项目", "project.name", nowrap=False),
    Column("日期", "day", kind="date"),
    Column("进场打卡", "came_at", kind="time"),
    Column("出场打卡", "left_at", kind="time"),
    Column("原因", "reason", nowrap=False),
    Column("申请人", "requested_by.name"),
    Column("状态", "status", kind="state"),
]


class HoursColumn(Column):
    """8:30 on the page, a number in a file."""

    def text(self, row) -> str:
        hours = self.value(row)
        return NOTHING if hours is None else in_hours(round(hours * 60))


@console(*READERS, methods=("GET",))
def days(request):
    """The people of one day with arrival, departure and hours."""
    table = _day_list(request)
    day = _day_of(table.filters)
    context = {
        "day": day,
        "table": table,
        "previous": f"?day={day - timedelta(days=1)}",
        "following": f"?day={day + timedelta(days=1)}" if day < timezone.localdate() else "",
    }
    return render(request, "attendance/days.html", context)


@register_list("attendance-list")
def _day_list(request) -> Table:
    filters = DayFilter(request.GET or None, initial={"day": timezone.localdate()})
    day = _day_of(filters)
    columns = [
        Column("姓名", "person.name", href=lambda stay: _person_url(stay, day)),
        Column("单位", "company.name", nowrap=False),
        Column("班组", "team.name"),
        Column("首次进", render=lambda stay: _clock(stay, day, "first_in")),
        Column("末次出", render=lambda stay: _clock(stay, day, "last_out")),
        HoursColumn("工时", render=lambda stay: _hours(stay, day), kind="number"),
        Column("状态", render=lambda stay: _status(stay, day)),
    ]
    empty = Empty("这一天没有在场人员", "换一个日期，或先办理进场。", icon="calendar")
    rows = _people(request, filters, day, day)
    return Table(columns, rows, caption=f"{day} 考勤", empty=empty, filters=filters)


@console(*READERS, methods=("GET",))
def month(request):
    """月考勤表: a row for each person, a cell for each day."""
    table = _month_list(request)
    first, last = _month_of(table.filters)
    dates = _dates(first, last)
    context = {
        "first": first,
        "dates": dates,
        "table": table,
        "rows": [_sheet_row(stay, dates) for stay in table.rows],
        "previous": f"?month={first - timedelta(days=1):%Y-%m}",
        "following": f"?month={last + timedelta(days=1):%Y-%m}" if last < timezone.localdate() else "",
    }
    return render(request, "attendance/month.html", context)


@register_list("attendance-month", table="month")
def _month_list(request) -> Table:
    filters = MonthFilter(request.GET or None, initial={"month": f"{timezone.localdate():%Y-%m}"})
    first, last = _month_of(filters)
    columns, rows = _month_columns(_dates(first, last)), _people(request, filters, first, last)
    return Table(columns, rows, caption=f"{first:%Y-%m} 月考勤表", id="month", filters=filters)


@console(*READERS, methods=("GET",))
def person(request, pk):
    """One month of a person with every punch."""
    who = get_object_or_404(Person.objects.filter(people_visible_to(request.actor)), pk=pk)
    first, last = _month_of(MonthFilter(request.GET))
    found = queries.days_of_person(who.pk, first, last, queries.stays_during(request.actor, first, last), listed=True)
    context = {
        "person": who,
        "first": first,
        "days": found,
        "signs": signs_of(found, queries.corrections(request.actor).filter(person=who, day__range=(first, last))),
        "totals": queries.totals(found),
        "previous": f"?month={first - timedelta(days=1):%Y-%m}",
        "following": f"?month={first + timedelta(days=32):%Y-%m}",
    }
    return render(request, "attendance/person.html", context)


@console(*READERS, methods=("GET",))
def corrections(request):
    """The list of 考勤更正 with applicant, content and state."""
    return render(request, "attendance/corrections.html", {"table": _corrections(request)})


@register_list("attendance-corrections")
def _corrections(request) -> Table:
    filters = CorrectionFilter(request.GET or None)
    asked = values_of(filters)
    rows = called(queries.corrections(request.actor), asked.name, request.actor)
    rows = rows.filter(status=asked.status) if asked.status else rows
    return Table(
        CORRECTION_COLUMNS,
        Paged(rows, request),
        caption="考勤更正",
        actions=lambda row: _decisions(request.actor, row),
        empty=Empty("没有更正申请", "工人在手机上申请后，会出现在这里。", icon="edit"),
        filters=filters,
    )


@console(*SITE_ROLES)
def decision(request, pk):
    """The page of one correction; POST approves or denies it."""
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
    context = {
        "form": form,
        "correction": correction,
        "may_decide": rules.may_decide(request.actor, correction),
        "days": queries.day_to_correct(correction, request.actor),
    }
    return render(request, "attendance/decision.html", context, status=422 if form.is_bound else 200)


@console(*SITE_ROLES, Role.SUPERVISION_PM)
def shifts(request):
    """班次规则: the rules of the current project by their first day; the general contractor's PM adds one."""
    project = get_object_or_404(Project, pk=request.actor.project_id)
    now = queries.rule_row(project)
    form = ShiftRuleForm(request.POST or None, initial=ShiftRuleForm.beginning(now))
    if form.is_valid() and carry_out(form, lambda: _set_rule(project, form, request.actor)):
        messages.success(request, f"已设定：{form.result}，{form.result.from_date} 起")
        return redirect("attendance-shifts")
    context = {
        "project": project,
        "form": form,
        "rows": queries.shift_rules(project),
        "now": now,
        "may": rules.may_set_shifts(request.actor, project),
    }
    return render(request, "attendance/shifts.html", context, status=status_of(form))


def _set_rule(project: Project, form: ShiftRuleForm, by: Actor):
    return commands.set_shift_rule(project, by=by, **form.cleaned_data)


def _people(request, filters, first: date, last: date) -> Paged:
    """A row for each person on a site between these days that match the filters, with the days of all their stays."""
    among, asked = queries.stays_during(request.actor, first, last), values_of(filters)
    among = called(among, asked.name, request.actor)
    if asked.company:
        among = among.filter(company__name__contains=asked.company)
    prepare = partial(queries.with_days, first=first, last=last, among=among)
    return Paged(queries.one_row_each(among), request, order=("-entered_at", "pk"), keys_first=True, prepare=prepare)


def _day_of(filters) -> date:
    return values_of(filters).day or timezone.localdate()


def _month_of(filters) -> tuple[date, date]:
    """The first and the last day of the month."""
    first = (values_of(filters).month or timezone.localdate()).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _person_url(stay, day: date) -> str:
    return f"{reverse('attendance-person', args=[stay.person_id])}?month={day:%Y-%m}"


def _clock(stay, day: date, name: str) -> str:
    at = getattr(stay.days.get(day), name, None)
    return f"{timezone.localtime(at):%H:%M}" if at else ""


def _hours(stay, day: date) -> float | None:
    minutes = getattr(stay.days.get(day), "minutes", None)
    return None if minutes is None else minutes / 60


def _status(stay, day: date) -> str:
    found = stay.days.get(day)
    return found.get_status_display() if found else "无考勤"


def _month_columns(dates: list[date]) -> list[Column]:
    """The month sheet as a file: the text of its cells, plus firm and team, which do not fit on the page."""
    return [
        Column("姓名", "person.name"),
        Column("单位", "company.name"),
        Column("班组", "team.name"),
        *(Column(f"{day.day}", render=lambda stay, day=day: _file_cell(stay, day), kind="number") for day in dates),
        Column("天数", render=lambda stay: queries.totals(stay.days.values())["days"], kind="number"),
        Column("工时", render=lambda stay: queries.totals(stay.days.values())["hours"], kind="number"),
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
    text = word or decimal_hours(found.minutes)
    parts = "，".join(f"{_span(shift)} {decimal_hours(shift.minutes or 0)} 小时" for shift in found.parts)
    return {"tone": tone, "text": text, "word": parts or found.get_status_display()}


def _file_cell(stay, day: date) -> float | str:
    """Hours as a number; the sign of a day that does not count."""
    found = stay.days.get(day)
    if found is None:
        return ""
    return SIGNS[found.status][1] or found.minutes / 60


def _span(shift) -> str:
    came, left = (f"{timezone.localtime(at):%H:%M}" if at else "？" for at in (shift.first_in, shift.last_out))
    return f"{came}–{left}"


def _decisions(actor, correction: Correction) -> list[Action]:
    if correction.status != Correction.Status.OPEN or not rules.decides(actor, correction):
        return []
    return [Action("处理", reverse("attendance-decision", args=[correction.pk]), how="dialog", tone="primary")]
