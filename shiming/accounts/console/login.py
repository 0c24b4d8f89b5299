"""The entrances: four doors, and a smaller one for the administrator."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shiming.accounts import authenticators, captcha, sessions, throttle
from shiming.accounts.authenticators import certificate, person, site
from shiming.accounts.forms import CodeForm, LastFourForm, PasswordForm, PhoneForm, SiteForm
from shiming.accounts.login import ENTRANCES, complete, enter, home_of, safe_next
from shiming.core.actor import Door
from shiming.core.doors import public, signed_in
from shiming.core.errors import DomainError
from shiming.web import kept_form
from shiming.web.forms import carry_out, status_of

REMEMBERED = "remembered"
REMEMBER_DAYS = 180


@public(methods=("GET",))
@never_cache
def doors(request):
    """Choose the entrance; a user with a role goes on to the start page."""
    if request.actor is not None:
        return redirect(home_of(request.actor.door))
    wanted = safe_next(request)
    return render(request, "accounts/doors.html", {"onward": f"?next={quote(wanted)}" if wanted else ""})


@public()
@never_cache
@sensitive_post_parameters("password")
def company(request):
    return _password_door(request, Door.COMPANY, {"certificate": certificate.presented(request)})


@public()
@never_cache
@sensitive_post_parameters("password")
def oversight(request):
    return _password_door(request, Door.OVERSIGHT, {"remembered": request.COOKIES.get(REMEMBERED, "")})


@public()
@never_cache
@sensitive_post_parameters("password")
def admin(request):
    return _password_door(request, Door.ADMIN, {})


@public(methods=("POST",))
def with_certificate(request):
    """Log in by certificate, which must come with this request, else R-02."""
    try:
        proof = authenticators.prove("certificate", Door.COMPANY, request)
    except DomainError as error:
        context = {"form": PasswordForm(), "certificate": certificate.presented(request), "wants_picture": False}
        context["refusals"] = error.refusals
        return render(request, "accounts/company.html", context | _common(request, Door.COMPANY), status=422)
    return complete(request, proof, Door.COMPANY, "certificate", safe_next(request))


@public()
@never_cache
@sensitive_post_parameters("code")
def on_site(request):
    """Log in to 工地端. 获取动态密码 and 登录 are two buttons of one form; the typed values stay in it."""
    asks = request.POST.get("act") == "code"
    form = SiteForm(request.POST or None, asks_for_code=asks)
    if form.is_valid() and asks and carry_out(form, lambda: _send_site_code(request, form.cleaned_data)):
        messages.success(request, "动态密码已发往该手机号，24 小时内有效。")
        return render(request, "accounts/site.html", _site_page(request, form) | {"sent": True})
    if form.is_valid() and not asks:
        typed = form.cleaned_data
        if carry_out(form, lambda: authenticators.prove("site", Door.SITE, request, **typed)):
            return enter(request, form.result, Door.SITE, "site", safe_next(request))
    return render(request, "accounts/site.html", _site_page(request, form), status=status_of(form))


@public()
@never_cache
def phone(request):
    """个人端, first screen: the phone number."""
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        number, picture_code = form.cleaned_data["phone"], form.cleaned_data["picture_code"]
        if carry_out(form, lambda: person.request_code(request, number, picture_code)):
            person.remember_asked(request, number)
            return redirect(f"{request.path}code/?next={quote(safe_next(request))}")
    context = {"form": form, "wants_picture": person.wants_picture(request)} | _common(request, Door.PERSON)
    return render(request, "accounts/phone.html", context, status=status_of(form))


@public()
@never_cache
@sensitive_post_parameters("code")
def phone_code(request):
    """个人端, second screen: the six digits."""
    asked = person.asked_phone(request)
    if asked is None:
        return redirect("entrance-person")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if carry_out(form, lambda: person.check_phone(request, phone=asked, code=code)):
            return _person_inside(request)
    context = {"form": form, "masked": person.masked(asked)} | _common(request, Door.PERSON)
    return render(request, "accounts/phone_code.html", context, status=status_of(form))


@public(methods=("POST",))
def phone_again(request):
    """Send the code to the phone again."""
    asked = person.asked_phone(request)
    if asked is None:
        return redirect("entrance-person")
    try:
        person.send_again(request, asked)
    except DomainError as error:
        messages.warning(request, f"{error.refusals[0].sentence}。{error.refusals[0].next_step}")
    else:
        messages.success(request, _("验证码已重新发出"))
    return redirect("entrance-person-code")


@public()
@never_cache
def last_four(request):
    """个人端, third screen, when the phone alone does not identify the person."""
    if person.proved_phone(request) is None:
        return redirect("entrance-person")
    form = LastFourForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        if carry_out(form, lambda: authenticators.prove("person", Door.PERSON, request, **typed)):
            return complete(request, form.result, Door.PERSON, "person", safe_next(request))
    return render(
        request, "accounts/last_four.html", {"form": form} | _common(request, Door.PERSON), status=status_of(form)
    )


@public()
def phone_continue(request):
    """POST, from the last page of the registration: the phone was just proved and is not asked again."""
    if request.method == "POST" and person.proved_phone(request):
        return _person_inside(request)
    return redirect("entrance-person")


@public(methods=("GET",))
@never_cache
def picture_code(request):
    """The picture; each request draws a new one."""
    image = captcha.draw(request.session)
    return HttpResponse(image, content_type="image/png", headers={"Cache-Control": "no-store"})


@signed_in(methods=("POST",))
def logout(request):
    """Log out and redirect to the entrance of this login."""
    door = sessions.door_of(request)
    sessions.close(request)
    outside = redirect(ENTRANCES[door])
    kept_form.forget_owner(request, outside)
    outside.headers["Clear-Site-Data"] = '"cache"'  # the Back button must not show cached pages
    return outside


def _password_door(request, door: Door, context: dict):
    form = PasswordForm(
        request.POST or None,
        initial={"username": context.get("remembered", ""), "remember": bool(context.get("remembered"))},
    )
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("username", "password", "picture_code")}
        if carry_out(form, lambda: authenticators.prove("password", door, request, **typed)):
            response = enter(request, form.result, door, "password", safe_next(request))
            return _remember(request, response, form.cleaned_data) if door == Door.OVERSIGHT else response
    context |= {"form": form, "wants_picture": _wants_picture(request, form)} | _common(request, door)
    return render(request, f"accounts/{door}.html", context, status=status_of(form))


def _wants_picture(request, form) -> bool:
    if not form.is_bound:
        return False
    account = throttle.account_key("staff", form.data.get("username", ""))
    return throttle.wants_picture(throttle.counter(request, account))


def _remember(request, response, typed):
    """Keep or delete the cookie of 记住用户名, which holds the user name only."""
    if typed["remember"]:
        response.set_cookie(
            REMEMBERED,
            typed["username"].strip().lower(),
            max_age=REMEMBER_DAYS * 86400,
            httponly=True,
            secure=request.is_secure(),
            samesite="Strict",
        )
    else:
        response.delete_cookie(REMEMBERED)
    return response


def _send_site_code(request, typed):
    site.request_code(request, id_number=typed["id_number"], phone=typed["phone"], picture_code=typed["picture_code"])


def _site_page(request, form):
    refusals = getattr(form, "refusals", [])
    ended = any(item.code == "R-16" for item in refusals)
    return {
        "form": form,
        "wants_picture": not captcha.waived(request.session) and not request.session.get(site.PICTURE_PASSED),
        "sent": False,
        "whom_to_ask": site.whom_to_ask(form.cleaned_data["id_number"]) if ended else [],
        "refusals": [item for item in refusals if item.code in ("R-15", "R-16")],
    } | _common(request, Door.SITE)


def _person_inside(request):
    """Route a proved phone: unknown → registration; one known person → logged in; otherwise the last four are asked."""
    people = person.candidates(person.proved_phone(request))
    if not people:
        return redirect("person-register")
    if person.needs_more(request, people):
        return redirect("entrance-person-last-four")
    proof = authenticators.prove("person", Door.PERSON, request)
    return complete(request, proof, Door.PERSON, "person", safe_next(request))


def _common(request, door: Door) -> dict:
    return {"next": safe_next(request), "door_key": str(door), "entrance": ENTRANCES[door]}
