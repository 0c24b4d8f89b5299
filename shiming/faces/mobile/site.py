"""人脸考勤 on the site's phone: a code or a name and then the face, or the face alone and the guard's word."""

import json
from dataclasses import asdict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.attendance import commands as attendance_commands
from shiming.core.actor import SITE_ROLES
from shiming.core.doors import PHOTO, mobile, takes
from shiming.core.errors import Conflict
from shiming.faces import commands, queries
from shiming.faces.commands.attendance import TOO_LATE, Ticket
from shiming.faces.engine import engine
from shiming.faces.forms import FacePhotoForm, PeopleFilter
from shiming.people import pictures
from shiming.people import rules as people
from shiming.people.models import Person
from shiming.presence.mobile import gate
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.sealing import seal, unseal

MOST = 10  # names of one search


@mobile(*SITE_ROLES, methods=("GET",))
def attendance(request):
    """Scan a worker code or search a name; the next page compares the face with this worker's template only."""
    here, filters = engine(), PeopleFilter(request.GET)
    name, found = values_of(filters).name, []
    if here and name.strip():
        found = queries.registered_on_site(request.actor, here.name, name).order_by("name", "pk")[:MOST]
    context = {"has_engine": here is not None, "filters": filters, "name": name, "found": found}
    return render(request, "faces/attendance.html", context)


@mobile(*SITE_ROLES, methods=("POST",))
def claims(request):
    """POST /site/faces/claims/: a scanned code or a chosen name. Without an enrolled face the code alone punches."""
    if chosen := request.POST.get("person"):
        return _to_verification(commands.claim_by_name(_uuid(chosen), by=request.actor))
    code, scanned = gate.read_scan(request)
    if claim := commands.claim_by_code(code, by=request.actor):
        return _to_verification(claim)
    verdict = attendance_commands.punch_by_worker_code(code, by=request.actor, **scanned)
    return gate.answer(request, verdict, code=code)


@mobile(*SITE_ROLES)
@takes(PHOTO)
def verification(request):
    """Compare one picture with the template of the claimed worker; punch when they match (M-05 otherwise)."""
    ticket = request.POST.get("ticket") or request.GET.get("t", "")
    if not ticket:
        return redirect("face-attendance")
    claim = _opened(commands.Claim, ticket)
    seen = Person.objects.filter(people.visible_to(request.actor)).select_related("card_portrait", "portrait")
    person = get_object_or_404(seen, pk=claim.person_id)
    form = _photo_form(request)
    if form.is_valid() and carry_out(form, lambda: _punch_if_alike(claim, form, request.actor)):
        _answer(request, person, form.result)
        return redirect("face-attendance")
    context = {"person": person, "portrait": pictures.portrait_data(person), "form": form, "ticket": ticket}
    return render(request, "faces/verification.html", context, status=status_of(form))


@mobile(*SITE_ROLES)
@takes(PHOTO)
def recognition(request):
    """Find the worker by one picture; the user chooses among all that are close."""
    form = _photo_form(request)
    context = {"form": form, "has_engine": engine() is not None, "found": []}
    if form.is_valid() and carry_out(form, lambda: _recognise(form, request.actor)):
        context |= {"found": _shown(form.result), "near_tie": form.result.near_tie, "ticket": _sealed(form.result)}
    return render(request, "faces/search.html", context, status=status_of(form))


@mobile(*SITE_ROLES, methods=("POST",))
def punch(request):
    """POST /site/faces/punch/: punch for the chosen worker."""
    sighting = _opened(commands.Sighting, request.POST.get("ticket", ""))
    person_id = _uuid(request.POST.get("person", ""))
    result = commands.punch(sighting, person_id, by=request.actor)
    _answer(request, Person.objects.get(pk=person_id), result)
    return redirect("face-search")


def _photo_form(request) -> FacePhotoForm:
    return FacePhotoForm(request.POST, request.FILES) if request.method == "POST" else FacePhotoForm()


def _punch_if_alike(claim: commands.Claim, form: FacePhotoForm, by) -> attendance_commands.PunchResult:
    return commands.punch_if_alike(claim, form.cleaned_data["photo"].read(), by=by)


def _recognise(form: FacePhotoForm, by) -> commands.Sighting:
    return commands.recognise(form.cleaned_data["photo"].read(), by=by)


def _to_verification(claim: commands.Claim):
    return redirect(f"{reverse('face-verification')}?{urlencode({'t': _sealed(claim)})}")


def _answer(request, person: Person, result: attendance_commands.PunchResult) -> None:
    """The punch in words; red with the reasons when the person may not be on site (R-34)."""
    way = attendance_commands.title_of(result)
    if result.blocks:
        reasons = "；".join(str(item) for item in result.blocks)
        messages.error(request, f"{person.name}：{way}已记录，但不能在场。{reasons}")
    elif result.again:
        messages.warning(request, f"{person.name}：{way}")
    else:
        messages.success(request, f"{person.name}：{way}")


def _shown(sighting: commands.Sighting) -> list[tuple[Person, str]]:
    people = Person.objects.select_related("card_portrait", "portrait").in_bulk(sighting.people)
    return [(people[pk], pictures.portrait_data(people[pk])) for pk in sighting.people]


def _sealed(ticket: Ticket) -> str:
    """Sealed for its kind: a claim, made before any picture, never serves as a sighting."""
    return seal(json.loads(json.dumps(asdict(ticket), default=str)), purpose=type(ticket).__name__)


def _opened(kind: type[Ticket], text: str) -> Ticket:
    if not (fields := unseal(text, purpose=kind.__name__)):
        raise Conflict(TOO_LATE)
    ids = {name: UUID(fields[name]) for name in ("event_id", "user_id", "project_id")}
    return kind(tuple(map(UUID, fields["people"])), until=fields["until"], **ids)


def _uuid(text: str) -> UUID:
    """The UUID of the text; the nil UUID, which no row has, for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
