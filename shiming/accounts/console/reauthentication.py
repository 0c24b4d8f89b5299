"""再次确认身份: before a critical action, when the last proof is older than five minutes."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shiming.accounts import second_factor, sessions
from shiming.accounts.authenticators import reauthentication
from shiming.accounts.console.second_factor import FORMS, challenge_page
from shiming.accounts.forms import CodeForm
from shiming.accounts.login import home_of, safe_next
from shiming.core.doors import signed_in
from shiming.core.errors import DomainError
from shiming.web.forms import carry_out, status_of


@signed_in()
@never_cache
@sensitive_post_parameters("code", "recovery_code")
def show(request):
    """Staff show a second factor, users of the site and worker doors a code by SMS, certificate users the
    certificate."""
    way = reauthentication.way_for(request)
    kind = request.POST.get("kind", "")
    form = (FORMS.get(kind, FORMS["totp"]) if way == "factor" else CodeForm)(request.POST or None)
    complete = request.method == "POST" and (way == "certificate" or form.is_valid())
    if complete and carry_out(form, lambda: _prove(request, way, form)):
        sessions.proved_again(request)
        return redirect(safe_next(request) or home_of(sessions.door_of(request)))
    context = {
        "form": form,
        "way": way,
        "next": safe_next(request),
        "kind": kind,
        "masked": reauthentication.masked_phone(request),
    }
    if way == "factor":
        context |= challenge_page(request, request.user, form, kind)
    return render(request, "accounts/reauthentication.html", context, status=status_of(form))


@signed_in(methods=("POST",))
def send(request):
    """Send a code to the phone of the account (获取验证码)."""
    try:
        reauthentication.request_code(request)
    except DomainError as error:
        messages.warning(request, f"{error.refusals[0].sentence}。{error.refusals[0].next_step}")
    else:
        messages.success(request, "验证码已发往您的手机")
    return redirect(f"/login/again/?next={safe_next(request)}")


def _prove(request, way, form) -> None:
    if way == "certificate":
        reauthentication.certificate_still_there(request)
        return
    if way == "code":
        reauthentication.check(request, form.cleaned_data["code"])
        return
    names = ("code", "recovery_code", "credential")
    typed = {name: form.cleaned_data[name] for name in names if name in form.fields}
    second_factor.show(request, request.user, sessions.door_of(request), **typed)
