"""Registration by phone from the QR poster, without login. Source: manual [004] 4-25.

The code fixes project and company; a sent form gets a receipt number. Known and unknown numbers are answered alike:
nothing here, and nothing in the commands it calls, looks for a person.
"""

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shiming.binding import poster_codes
from shiming.binding.mobile import notice
from shiming.binding.mobile.answers import dead, framed, private
from shiming.binding.mobile.forms import PhotoForm, SelfRegistrationForm
from shiming.binding.models import SelfForm
from shiming.binding.sealed_codes import Forged, Outdated
from shiming.binding.self_forms import commands
from shiming.core.doors import PHOTO, public, takes
from shiming.projects.models import Participation
from shiming.web.forms import carry_out, status_of
from shiming.web.sealing import seal, unseal

SENT = "self_form"


class Side(NamedTuple):
    label: str
    say: str
    shape: str
    facing: str


# Photos in the order of the form; each is optional.
SIDES = {
    "id_front": Side(_("身份证人像面"), _("请拍身份证有头像的一面，字要看得清"), "card", "environment"),
    "id_back": Side(_("身份证国徽面"), _("请拍身份证有国徽的一面，字要看得清"), "card", "environment"),
    "portrait": Side(_("正证照"), _("请正对手机，摘下安全帽，拍一张正脸"), "face", "user"),
}


@public()
def form(request, code):
    """/q/<code>/: the form. A refused POST shows all errors at once and keeps the input.

    404 for a forged code, 410 for a renewed or stopped one.
    """
    try:
        place = poster_codes.read(code)
    except Forged:
        return dead(request, status=404)
    except Outdated:
        return dead(request, status=410)
    asked = SelfRegistrationForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    counted = asked.is_bound and carry_out(asked, lambda: commands.note_attempt(place))
    if counted and asked.is_valid() and carry_out(asked, lambda: _send(place, asked)):
        return redirect("self-form-sent", seal(str(asked.result.pk), purpose=SENT))
    context = {"form": asked, "place": place, "items": notice.ITEMS}
    return private(render(request, "binding/poster/form.html", framed(request, context), status=status_of(asked)))


@public(methods=("GET",))
def sent(request, token):
    """/q/sent/<token>/: the receipt number, the next steps, and links to add photos."""
    sent_form = _sent(token)
    photos = [(side, about.label, bool(getattr(sent_form, f"{side}_id"))) for side, about in SIDES.items()]
    context = {"sent": sent_form, "place": sent_form.participation, "photos": photos, "token": token}
    context["again"] = _again(sent_form.participation)
    context["may_add"] = sent_form.status == SelfForm.Status.OPEN
    return private(render(request, "binding/poster/sent.html", framed(request, context)))


@public()
@takes(PHOTO)
def photo(request, token, side):
    """/q/sent/<token>/id_front/: one photo. A blurred one is stored with the advice to take a better one."""
    if side not in SIDES:
        raise Http404
    sent_form, about = _sent(token), SIDES[side]
    posted = request.method == "POST"
    asked = PhotoForm(request.POST if posted else None, request.FILES if posted else None, label=about.label)
    if asked.is_valid() and carry_out(asked, lambda: _add(sent_form, side, asked.cleaned_data["photo"])):
        for advice in asked.result:
            messages.warning(request, advice)
        return redirect("self-form-sent", token)
    context = {"form": asked, "about": about, "token": token}
    return private(render(request, "binding/poster/photo.html", framed(request, context), status=status_of(asked)))


def _send(place: Participation, asked: SelfRegistrationForm) -> SelfForm:
    return commands.send(place, notice_version=notice.VERSION, **asked.given)


def _add(sent_form: SelfForm, side: str, taken) -> list[str]:
    commands.note_attempt(sent_form.participation)
    return commands.add_photo(sent_form, side, taken.read())


def _sent(token: str) -> SelfForm:
    pk = unseal(token, purpose=SENT)
    if pk is None:
        raise Http404
    rows = SelfForm.objects.select_related("participation__project", "participation__company")
    return get_object_or_404(rows, pk=UUID(pk))


def _again(place: Participation) -> str:
    """The code for the next worker at the same phone; empty when the poster is gone."""
    poster = poster_codes.poster_of(place)
    stopped = poster is not None and poster.stopped_at is not None
    return "" if stopped or not poster_codes.has_poster(place) else poster_codes.code_of(place)
