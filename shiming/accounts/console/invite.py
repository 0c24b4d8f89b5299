"""Set a password, once, through an invite link."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shiming.accounts.commands import users
from shiming.accounts.forms import NewPasswordForm
from shiming.accounts.hats import offers
from shiming.accounts.login import ENTRANCES
from shiming.core.actor import Door
from shiming.core.doors import public
from shiming.core.refusals import refusal
from shiming.web.forms import carry_out, status_of


@public()
@never_cache
@sensitive_post_parameters("password", "again")
def accept(request, token):
    link = users.link_of(token)
    if link is None:
        return render(request, "accounts/link_ended.html", {"refusals": [refusal("L-06")]}, status=410)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: users.accept_link(token, form.cleaned_data["password"])):
        messages.success(request, "密码已设置。请登录，并设置第二重验证。")
        return redirect(_entrance_of(form.result))
    return render(request, "accounts/link.html", {"form": form, "account": link.user}, status=status_of(form))


def _entrance_of(user):
    return next((ENTRANCES[hat.actor.door] for hat in offers(user)), ENTRANCES[Door.COMPANY])
