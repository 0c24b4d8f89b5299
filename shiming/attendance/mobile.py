"""考勤 on the phone: the worker's month, one day with its punches, a request for correction, a scan of the site code."""

from datetime import date, timedelta
from uuid import uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.attendance import commands, crews, queries
from shiming.attendance.forms import CorrectionForm, MonthFilter
from shiming.attendance.models import AttendanceEvent
from shiming.attendance.signs import signs_of
from shiming.core.actor import SITE_ROLES, Role
from shiming.core.doors import mobile
from shiming.people.models import Person
from shiming.presence import codes
from shiming.presence.mobile import gate
from shiming.presence.models import Stay
from shiming.projects.models import Project
from shiming.web.forms import carry_out


@mobile(Role.PERSON, methods=("GET",))
def month(request):
    """我的考勤: the calendar of a month."""
    form = MonthFilter(request.GET)
    first = ((form.is_valid() and form.cleaned_data["month"]) or timezone.localdate()).replace(day=1)
    found, last = queries.month_of(request.actor.person_id, first), queries.last_of_month(first)
    context = {
        "first": first,
        "signs": signs_of(
            found,
            queries.corrections(request.actor).filter(day__range=(first, last)),
            on_site=queries.dates_on_site(request.actor.person_id, first, last),
            href=lambda day: reverse("my-day", args=[day]),
        ),
        "totals": queries.totals(found),
        "previous": f"?month={first - timedelta(days=1):%Y-%m}",
        "following": f"?month={first + timedelta(days=32):%Y-%m}"
        if first < timezone.localdate().replace(day=1)
        else "",
    }
    return render(request, "attendance/my_month.html", context)


@mobile(Role.PERSON, methods=("GET",))
def day(request, day: date):
    """Every punch of one day, with the corrections of the day."""
    person_id = request.actor.person_id
    found = queries.days_of_person(person_id, day, day, Stay.objects.filter(person=person_id), listed=True)
    stays = _stays_on(person_id, day)
    if not found and not stays:
        raise Http404
    projects = {stay.project_id: stay.project for stay in stays}
    for item in found:
        item.project = projects.get(item.project_id) or Project.objects.get(pk=item.project_id)
    open_ones = queries.corrections(request.actor).filter(day=day)
    context = {"day": day, "days": found, "stays": stays, "corrections": open_ones}
    return render(request, "attendance/my_day.html", context)


@mobile(Role.PERSON)
def correction(request, day: date, project_id):
    """Request a correction of one day."""
    stay = get_object_or_404(_stays_on(request.actor.person_id, day), project=project_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and carry_out(form, lambda: _request(request, form, stay, day)):
        messages.success(request, _("已提交，等工地处理。结果会在待办里告诉您。"))
        return redirect("my-day", day)
    context = {"form": form, "day": day, "project": stay.project}
    return render(request, "attendance/correction.html", context, status=422 if form.is_bound else 200)


@mobile(Role.PERSON)
def scan(request):
    """Punch by scanning the 工地码."""
    if request.method == "GET":
        return render(request, "attendance/scan.html", {"url": reverse("my-scan")})
    project_id = codes.read_site_code(request.POST.get("code", ""))
    result = commands.punch(
        request.actor.person_id,
        project_id,
        event_id=uuid4(),
        method=AttendanceEvent.Method.SITE_CODE,
        by=request.actor,
        live=True,
    )
    context = {
        "result": result,
        "title": commands.title_of(result),
        "project": Project.objects.get(pk=project_id),
    }
    return render(request, "attendance/punched.html", context)


@mobile(Role.PERSON, methods=("GET",))
def team(request):
    """我的班组: today's state of the leader's crews."""
    return render(request, "attendance/my_team.html", {"crews": crews.crews_today(request.actor)})


@mobile(*SITE_ROLES, methods=("POST",))
def punch(request):
    """考勤扫码: one scan of a worker's code, answered like a scan at the gate."""
    code, scanned = gate.read_scan(request)
    direction = request.POST.get("direction") if request.POST.get("direction") in ("in", "out") else None
    verdict = commands.punch_by_worker_code(code, by=request.actor, direction=direction, **scanned)
    return gate.answer(request, verdict, code=code)


def _stays_on(person_id, day: date):
    stays = Stay.objects.filter(person=person_id, entered_on__lte=day).exclude(exited_on__lt=day)
    return stays.select_related("project")


def _request(request, form, stay, day: date):
    return commands.request_correction(
        Person.objects.get(pk=request.actor.person_id),
        stay.project,
        day=day,
        reason=form.cleaned_data["reason"],
        by=request.actor,
        **form.times(day),
    )
