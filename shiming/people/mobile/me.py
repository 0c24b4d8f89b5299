"""我的: own data, history, reveals, change of phone and export."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from shiming.core import files
from shiming.core.actor import Role
from shiming.core.doors import PHOTO, mobile, takes
from shiming.dictionaries.working_days import waited
from shiming.people import commands, pictures, queries, sections, work_history
from shiming.people.forms import NewPhoneCodeForm, NewPhoneForm, OwnProfileForm, PhotoForm
from shiming.people.models import Person
from shiming.web.forms import carry_out, status_of
from shiming.web.paging import page
from shiming.web.reauthentication import fresh_login

ASK = "new_phone"


@mobile(Role.PERSON, methods=("GET",))
def me(request):
    person = _me(request)
    pending = person.identity_status == Person.Status.PENDING and person.submitted_on
    context = {"person": person, "waited": waited(person.submitted_on) if pending else None}
    context |= {"looks": queries.looks(person).count(), "sections": sections.sections(person, request.actor)}
    return render(request, "people/me/me.html", context)


@mobile(Role.PERSON, methods=("GET",))
def story(request):
    """The history of the person from registration to the last exit."""
    person = _me(request)
    return render(request, "people/me/story.html", {"trail": queries.story(person, request.actor)})


@mobile(Role.PERSON, methods=("GET",))
def looks(request):
    """Users who saw the full number or the card photos."""
    shown = page(queries.looks(_me(request)), request, order=("-id",))
    for entry in shown.rows:
        entry.sentence, entry.firm = str(entry), entry.params.get("firm", "")
    return render(request, "people/me/looks.html", {"page": shown})


@mobile(Role.PERSON)
def data(request):
    """Own data, with the fields a person may edit."""
    person = _me(request)
    form = OwnProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        seen, values = form.cleaned_data["version"], form.values
        if carry_out(form, lambda: commands.update_profile(_me(request), by=request.actor, seen=seen, **values)):
            messages.success(request, "保存成功!")
            return redirect("me-data")
    return render(request, "people/me/data.html", {"person": person, "form": form}, status=status_of(form))


@mobile(Role.PERSON)
@takes(PHOTO)
def portrait(request):
    """Replace the portrait, which is compared with the person at the entry."""
    person = _me(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PhotoForm(*sent, label="您的头像", taken=False)
    if form.is_valid():
        photo = form.cleaned_data["photo"].read()
        if carry_out(form, lambda: commands.set_portrait(person, photo, by=request.actor)):
            messages.success(request, "头像已换好")
            return redirect("me")
    return render(request, "people/me/portrait.html", {"person": person, "form": form}, status=status_of(form))


@mobile(Role.PERSON, methods=("GET",))
def photo(request, kind):
    """A photo of the person."""
    person = _me(request)
    kinds = {"portrait": person.portrait or person.card_portrait}
    kinds |= {"id_front": person.id_front, "id_back": person.id_back}
    if kinds.get(kind) is None:
        raise Http404
    return pictures.as_response(files.read(kinds[kind]))


@mobile(Role.PERSON)
@fresh_login
def phone(request):
    """Change the phone: type the new number, then the code sent to it."""
    person, ask = _me(request), commands.Ask.opened(request.session.get(ASK, ""))
    form = (NewPhoneCodeForm if ask else NewPhoneForm)(request.POST or None)
    if form.is_valid():
        done = _take(request, person, ask, form) if ask else _ask(request, person, form)
        if done:
            return redirect("me" if ask else "me-phone")
    context = {"form": form, "asked": ask.masked if ask else "", "present": str(person.phone or "")}
    return render(request, "people/me/phone.html", context, status=status_of(form))


@mobile(Role.PERSON, methods=("POST",))
def phone_again(request):
    """Start again with another number."""
    request.session.pop(ASK, None)
    return redirect("me-phone")


@mobile(Role.PERSON)
def history(request):
    """工作经历给谁看: the person's own answer, which can be changed at any time."""
    person = _me(request)
    if request.method == "POST":
        answer = commands.agree_to_history if request.POST.get("answer") == "agree" else commands.withdraw_history
        answer(person, by=request.actor)
        return redirect("me-history")
    context = {"agreed": person.history_agreed_at, "rows": work_history.work_history(person, request.actor)}
    return render(request, "people/me/history.html", context | {"others": work_history.OTHERS})


@mobile(Role.PERSON, methods=("POST",))
def export(request):
    """Download all data about the person."""
    found = commands.export_own(_me(request), by=request.actor)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    headers = {
        "Content-Disposition": 'attachment; filename="shiming-my-data.json"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


def _ask(request, person, form) -> bool:
    if not carry_out(form, lambda: commands.ask_new_phone(person, form.cleaned_data["phone"], by=request.actor)):
        return False
    request.session[ASK] = form.result.sealed()
    return True


def _take(request, person, ask, form) -> bool:
    done = carry_out(form, lambda: commands.take_new_phone(person, ask, form.cleaned_data["code"], by=request.actor))
    request.session[ASK] = "" if done else ask.sealed()
    if done:
        request.session["phone"] = _me(request).phone_digest  # the phone this session has proved (accounts/sessions.py)
        messages.success(request, "手机号已换好，下次用新号登录")
    return done


def _me(request) -> Person:
    return Person.objects.select_related("portrait", "card_portrait", "id_front", "id_back").get(
        pk=request.actor.person_id
    )
