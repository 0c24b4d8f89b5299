"""我的账号: password, second factors, sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shiming.accounts import passkeys, queries, sessions
from shiming.accounts.commands import factors, users
from shiming.accounts.console.second_factor import enrol, enrolment_page
from shiming.accounts.forms import ChangePasswordForm, PasskeyForm, TotpForm
from shiming.accounts.login import ENTRANCES, go_in
from shiming.accounts.models import Passkey, Totp, User
from shiming.accounts.passwords import LASTS
from shiming.core.doors import signed_in
from shiming.web.forms import carry_out, status_of
from shiming.web.reauthentication import fresh_login


@signed_in(methods=("GET",))
@never_cache
def show(request):
    user = request.user
    context = {
        "account": user,
        "has_password": user.has_password,
        "totp": Totp.objects.filter(user=user).first(),
        "passkeys": list(user.passkeys.order_by("created_at")),
        "may_add_passkey": passkeys.usable(request),
        "recovery_left": user.recovery_codes.filter(used_at=None).count(),
        "entries": queries.own_logins(user),
    }
    return render(request, "accounts/account.html", context)


@signed_in()
@never_cache
@fresh_login
@sensitive_post_parameters("old", "password", "again")
def password(request):
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: _change(request, form.cleaned_data)):
        request.user = form.result
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改，其他设备上的登录已全部结束。")
        return redirect("account" if request.actor else go_in(request, request.session.pop("next", "")))
    context = {"form": form, "is_due": sessions.password_is_due(request), "days": LASTS.days}
    return render(request, "accounts/password.html", context, status=status_of(form))


@signed_in()
@never_cache
@fresh_login
def add_factor(request):
    kind = request.POST.get("kind", "")
    form = (PasskeyForm if kind == "passkey" else TotpForm)(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: enrol(request, request.user, form, _by(request))):
        messages.success(request, "已添加。下次登录就可以用它。")
        return redirect("account")
    context = enrolment_page(request, request.user, form, kind)
    return render(request, "accounts/factor_new.html", context, status=status_of(form))


@signed_in()
@never_cache
@fresh_login
def recovery_codes(request):
    """POST creates ten new codes and shows them once."""
    if request.method != "POST":
        return redirect("account")
    codes = factors.make_recovery_codes(request.user, by=_by(request))
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "onward": "/account/"})


@signed_in(methods=("POST",))
@fresh_login
def remove_app(request):
    factors.remove_factor(request.user, get_object_or_404(Totp, user=request.user), by=_by(request))
    messages.success(request, "动态口令已移除。")
    return redirect("account")


@signed_in(methods=("POST",))
@fresh_login
def remove_passkey(request, pk):
    factors.remove_factor(request.user, get_object_or_404(Passkey, pk=pk, user=request.user), by=_by(request))
    messages.success(request, "通行密钥已移除。")
    return redirect("account")


@signed_in(methods=("POST",))
def end_sessions(request):
    """End every session of the account, including this one."""
    door = sessions.door_of(request)
    users.end_sessions(User.objects.filter(pk=request.user.pk))
    sessions.close(request)
    messages.success(request, "所有设备上的登录都已结束。")
    return redirect(ENTRANCES[door])


def _change(request, typed):
    return users.change_password(request.user, old=typed["old"], new=typed["password"], by=_by(request))


def _by(request):
    return request.actor or sessions.at_door(sessions.door_of(request), request.user)
