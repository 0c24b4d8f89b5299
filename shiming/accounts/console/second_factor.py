"""第二重验证: asked after the password, set up when there is none yet. No other page is reachable in between."""

from urllib.parse import quote

import segno
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from shiming.accounts import login, passkeys, second_factor, sessions
from shiming.accounts.authenticators.proof import Proof
from shiming.accounts.commands import factors
from shiming.accounts.forms import PasskeyForm, RecoveryForm, TotpForm
from shiming.core.doors import public
from shiming.web.forms import carry_out, status_of
from shiming.web.sealing import seal, unseal

FORMS = {"totp": TotpForm, "recovery": RecoveryForm, "passkey": PasskeyForm}
SECRET = "totp_secret"


@public()
@never_cache
def challenge(request):
    """Accept a code of the app, a passkey, or a recovery code."""
    half = sessions.half(request)
    if half is None:
        return redirect("entrance")
    if not second_factor.enrolled(half["user"]):
        return redirect("second-factor-setup")
    kind = request.POST.get("kind", "")
    form = FORMS.get(kind, TotpForm)(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: _show(request, half, form)):
        return login.complete(request, _proof(half), half["door"], half["method"], half["next"])
    context = challenge_page(request, half["user"], form, kind) | {"half": half}
    return render(request, "accounts/second_factor.html", context, status=status_of(form))


@public()
@never_cache
def setup(request):
    """The first login: a second factor is set up before any other page opens."""
    half = sessions.half(request)
    if half is None:
        return redirect("entrance")
    if second_factor.enrolled(half["user"]):
        return redirect("second-factor")
    kind = request.POST.get("kind", "")
    form = FORMS["passkey" if kind == "passkey" else "totp"](request.POST or None)
    by = sessions.at_door(half["door"], half["user"])
    if form.is_valid() and carry_out(form, lambda: enrol(request, half["user"], form, by)):
        codes = factors.make_recovery_codes(half["user"], by=by)
        inside = login.complete(request, _proof(half), half["door"], half["method"], half["next"])
        answer = render(request, "accounts/recovery_codes.html", {"codes": codes, "onward": inside["Location"]})
        answer.cookies = inside.cookies
        return answer
    context = enrolment_page(request, half["user"], form, kind)
    return render(request, "accounts/second_factor_setup.html", context, status=status_of(form))


def enrol(request, user, form, by):
    """Store a passkey the browser created, or an app that showed the right code."""
    if isinstance(form, PasskeyForm):
        made = passkeys.created(request, form.cleaned_data["credential"])
        return factors.add_passkey(user, **made, name=form.cleaned_data["name"], by=by)
    secret = unseal(request.session.get(SECRET, ""), purpose="totp") or ""
    done = factors.set_totp(user, secret, form.cleaned_data["code"], by=by)
    request.session.pop(SECRET, None)
    return done


def challenge_page(request, user, form, kind) -> dict:
    may_use = passkeys.usable(request) and user.passkeys.exists()
    return {
        "form": form if kind in ("", "totp") else TotpForm(),
        "recovery": form if kind == "recovery" else RecoveryForm(),
        "passkey": form if kind == "passkey" else PasskeyForm(),
        "kind": kind,
        "has_totp": hasattr(user, "totp"),
        "options": passkeys.request_options(request, user) if may_use else "",
    }


def enrolment_page(request, user, form, kind) -> dict:
    secret = unseal(request.session.get(SECRET, ""), purpose="totp") or factors.new_secret()
    request.session[SECRET] = seal(secret, purpose="totp")
    return {
        "form": form if kind != "passkey" else TotpForm(),
        "passkey": form if kind == "passkey" else PasskeyForm(),
        "kind": kind,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "qr": segno.make(_address(user, secret), error="m").svg_data_uri(scale=5, border=2, dark="#0f2b36"),
        "options": passkeys.creation_options(request, user) if passkeys.usable(request) else "",
    }


def _show(request, half, form) -> None:
    typed = {name: form.cleaned_data[name] for name in ("code", "recovery_code", "credential") if name in form.fields}
    second_factor.show(request, half["user"], half["door"], **typed)


def _proof(half) -> Proof:
    return Proof(half["user"], half["account"])


def _address(user, secret: str) -> str:
    """The otpauth URL that authenticator apps read from the picture."""
    issuer = quote("实名")
    return f"otpauth://totp/{issuer}:{quote(user.username)}?secret={secret}&issuer={issuer}&digits=6&period=30"
