"""个人信息登记 in steps: notice, both card sides, portrait, identity, other fields; typed values are kept."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shiming.core import files
from shiming.core.doors import PHOTO, public, takes
from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries.working_days import waited
from shiming.idcard.suggestions import slip_of
from shiming.people import commands, notice
from shiming.people.forms import CardForm, IdentityForm, NoticeForm, PhotoForm
from shiming.people.mobile.applicant import for_applicants, frame, remember
from shiming.people.models import Person
from shiming.people.pictures import as_response
from shiming.web.forms import carry_out, status_of


class Side(NamedTuple):
    label: str
    say: str
    picture: str
    following: str


SIDES = {
    "front": Side(_("身份证人像面"), _("请拍身份证人像面，有头像的一面"), "people/card_front.svg", "back"),
    "back": Side(_("身份证国徽面"), _("请把身份证翻过来，拍国徽面，有国徽的一面"), "people/card_back.svg", "portrait"),
    "portrait": Side(_("您的头像"), _("请拍一张正脸照片，进工地时对照用。也可以不拍"), "", ""),
}
STEPS = (_("须知"), _("人像面"), _("国徽面"), _("头像"), _("姓名号码"), _("核对"))
BEFORE = ("", "notice", "photo front", "photo back", "photo portrait", "identity")  # the step before each
Status = Person.Status


@public(methods=("GET",))
@for_applicants
def start(request, applicant):
    """Redirect to the first unfinished step."""
    if applicant.person and not _may_submit(applicant.person):
        return redirect("person-register-status")
    return redirect(*_next_step(applicant.draft))


@public()
@for_applicants
def agree(request, applicant):
    """Show the notice; ticking it starts the registration."""
    form = NoticeForm(_typed(request))
    if form.is_valid():
        commands.start_draft(applicant.phone, notice_version=notice.VERSION, person=applicant.person)
        return redirect("person-register-photo", "front")
    return _step(request, "notice", 1, form, items=notice.ITEMS)


@public()
@takes(PHOTO)
@for_applicants
def photo(request, applicant, side):
    """One side of the card: a clear photo leads on, an unclear one may be retaken or kept."""
    draft, about = applicant.draft, SIDES.get(side)
    if about is None:
        raise Http404
    if draft is None:
        return redirect("person-register-notice")
    taken = bool(getattr(draft, side))
    form = PhotoForm(_typed(request), _sent(request), label=about.label, taken=taken or side == "portrait")
    if form.is_valid():
        new = form.cleaned_data["photo"]
        if not new:
            return _after(about)
        if carry_out(form, lambda: commands.take_photo(draft, side, new.read())):
            clean = not form.result.values["problems"].get(side)
            return _after(about) if clean else redirect("person-register-photo", side)
    problems = draft.values.get("problems", {}).get(side) or []
    number = 2 + list(SIDES).index(side)
    return _step(request, "photo", number, form, side=side, about=about, taken=taken, problems=problems)


@public(methods=("GET",))
@for_applicants
def image(request, applicant, side):
    """The photo just taken."""
    stored = getattr(applicant.draft, side, None) if side in SIDES else None
    if stored is None:
        raise Http404
    return as_response(files.read(stored))


@public()
@for_applicants
def identity(request, applicant):
    """Name and number beside their cuttings; a number with one wrong digit offers the possible ones."""
    draft = applicant.draft
    if draft is None or not (draft.front and draft.back):
        return redirect("person-register")
    values = draft.values
    form = IdentityForm(_typed(request), initial=_identity_so_far(values))
    if form.is_valid():
        typed = form.cleaned_data
        commands.keep_draft(draft, typed)
        if carry_out(form, lambda: commands.check_identity(**typed, by=applicant.actor)):
            return redirect("person-register-card")
        if pending := _already_pending(form, applicant):
            remember(request, pending)
            return redirect("person-register-status")
    context = {"crops": _crops(values, "name", "id_number"), "notices": values.get("notices", [])}
    number = form.data.get("number", "") if form.is_bound else form.initial["number"]
    context |= {"slip": slip_of(number, values.get("read", {})), "registered": "R-04" in _codes(form)}
    return _step(request, "identity", 5, form, **context)


@public()
@for_applicants
def card(request, applicant):
    """Check the other fields and submit."""
    draft = applicant.draft
    if draft is None or not draft.values.get("number"):
        return redirect("person-register")
    values = draft.values
    form = CardForm(_typed(request), initial=_card_so_far(values))
    if form.is_valid():
        kept = {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in form.cleaned_data.items()
        }
        commands.keep_draft(draft, {"card": kept})
        if carry_out(form, lambda: _submit(applicant, draft, form.cleaned_data)):
            remember(request, form.result)
            commands.discard_draft(draft)
            return redirect("person-register-status")
    known = commands.checked_number(values["number"])
    context = {"crops": _crops(values, *form.fields), "name": values["name"], "number": known, "refused": _codes(form)}
    return _step(request, "card", 6, form, **context)


@public(methods=("GET",))
@for_applicants
def status(request, applicant):
    """The state after submission: working days waited, next steps, reason of a failure."""
    person = applicant.person
    if person is None:
        return redirect("person-register")
    context = {"person": person, "frame": frame(request), "may_submit": _may_submit(person)}
    context["waited"] = waited(person.submitted_on) if person.identity_status == Status.PENDING else None
    return render(request, "people/register/status.html", context)


def _next_step(draft) -> tuple[str, ...]:
    if draft is None or draft.notice_version != notice.VERSION:
        return ("person-register-notice",)
    for side in ("front", "back"):
        if getattr(draft, side) is None:
            return ("person-register-photo", side)
    return ("person-register-card",) if draft.values.get("number") else ("person-register-identity",)


def _typed(request):
    return request.POST if request.method == "POST" else None


def _sent(request):
    return request.FILES if request.method == "POST" else None


def _step(request, step_name, at, form, **context) -> HttpResponse:
    context |= {"form": form, "frame": frame(request), "step": at, "steps": STEPS, "step_label": STEPS[at - 1]}
    before, *side = BEFORE[at - 1].split() or [""]
    context["back"] = reverse(f"person-register-{before}", args=side) if before else ""
    return render(request, f"people/register/{step_name}.html", context, status=status_of(form))


def _after(about: Side) -> HttpResponse:
    if about.following:
        return redirect("person-register-photo", about.following)
    return redirect("person-register-identity")


def _may_submit(person: Person) -> bool:
    """Whether the person may submit; one with submitted photos waits instead."""
    return not person.verified and not (person.identity_status == Status.PENDING and person.id_front_id)


def _submit(applicant, draft, typed) -> Person:
    values = draft.values
    given = {"number": values["number"], "name": values["name"], "front": draft.front, "back": draft.back}
    given |= {"portrait": draft.portrait, "by": applicant.actor, **typed}
    person = applicant.person
    if person and not person.verified and not _may_submit(person):
        return commands.correct_submission(person, **given)
    return commands.submit(phone=applicant.phone, notice_version=draft.notice_version, **given)


def _already_pending(form, applicant) -> Person | None:
    """The person with the same number and phone who has already submitted; the page then shows the progress."""
    if "M-01" not in _codes(form):
        return None
    person = Person.by_id_number(commands.checked_number(form.cleaned_data["number"]).number)
    return person if person and person.phone_digest == applicant.phone_digest else None


def _codes(form) -> list[str]:
    return [refusal.code for refusal in getattr(form, "refusals", [])]


def _identity_so_far(values) -> dict:
    """Typed values take precedence over values read from the photo."""
    read = values.get("read", {})
    return {
        "name": values.get("name") or read.get("name", ""),
        "number": values.get("number") or read.get("id_number", ""),
    }


def _card_so_far(values) -> dict:
    so_far = values.get("card") or {name: values.get("read", {}).get(name, "") for name in CardForm.base_fields}
    read = so_far.get("ethnicity", "")
    code = dictionaries.find("ethnicity", read) or dictionaries.find("ethnicity", f"{read}族")
    return so_far | {"ethnicity": code or ""}


def _crops(values, *names) -> dict[str, str]:
    """Crops of the photo per field, to compare with the typed values."""
    crops = values.get("crops", {})
    return {name: f"data:image/jpeg;base64,{crops[name]}" if name in crops else "" for name in names}
