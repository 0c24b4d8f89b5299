"""人脸考勤 on the site's phone: a picture, who it may be, and the guard's word."""

import json
from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render

from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import SITE_ROLES
from shiming.core.doors import PHOTO, mobile, takes
from shiming.core.errors import Conflict
from shiming.faces import commands
from shiming.faces.engine import engine
from shiming.faces.forms import FacePhotoForm
from shiming.people import pictures
from shiming.people.models import Person
from shiming.web.forms import carry_out, status_of
from shiming.web.sealing import seal, unseal

PURPOSE = "sighting"


@mobile(*SITE_ROLES)
@takes(PHOTO)
def recognition(request):
    """拍一张，看是谁；像的人都列出来，由值班的人选。"""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FacePhotoForm(*sent)
    context = {"form": form, "has_engine": engine() is not None, "found": []}
    if form.is_valid() and carry_out(form, lambda: _recognise(form, request.actor)):
        context |= {"found": _shown(form.result), "near_tie": form.result.near_tie, "ticket": _sealed(form.result)}
    return render(request, "faces/attendance.html", context, status=status_of(form))


@mobile(*SITE_ROLES, methods=("POST",))
def punch(request):
    """POST /site/faces/punch/ — 是本人，打卡"""
    sighting, chosen = _opened(request.POST.get("ticket", "")), request.POST.get("person", "")
    person_id = next((one for one in sighting.people if str(one) == chosen), UUID(int=0))
    result = commands.punch(sighting, person_id, by=request.actor)
    way = "进场打卡" if result.event.direction == AttendanceEvent.Direction.IN else "出场打卡"
    messages.success(request, f"{Person.objects.get(pk=person_id).name}：{way}")
    return redirect("face-attendance")


def _recognise(form: FacePhotoForm, by) -> commands.Sighting:
    return commands.recognise(form.cleaned_data["photo"].read(), by=by)


def _shown(sighting: commands.Sighting) -> list[tuple[Person, str]]:
    people = Person.objects.select_related("card_portrait", "portrait").in_bulk(sighting.people)
    return [(people[pk], pictures.portrait_data(people[pk])) for pk in sighting.people]


def _sealed(sighting: commands.Sighting) -> str:
    return seal(json.loads(json.dumps(asdict(sighting), default=str)), purpose=PURPOSE)


def _opened(ticket: str) -> commands.Sighting:
    if not (told := unseal(ticket, purpose=PURPOSE)):
        raise Conflict("刚才的照片已经过时，请重拍")
    ids = {name: UUID(told[name]) for name in ("event_id", "user_id", "project_id")}
    return commands.Sighting(tuple(map(UUID, told["people"])), until=told["until"], **ids)
