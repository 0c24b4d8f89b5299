"""The entrance of the demonstration: every account with its story, one click each."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from shiming.accounts import login, sessions
from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.core.doors import public
from shiming.demo.city.accounts import Account, known


@public(methods=("GET",))
def accounts(request):
    """/demo/ — the accounts by door and story."""
    _only_in_a_demonstration()
    return render(request, "demo/accounts.html")


@public(methods=("POST",))
def enter(request, key):
    """POST /demo/gc-pm/entrance/ — log in with the hat of the story and redirect to its first page."""
    _only_in_a_demonstration()
    account = next((each for each in known() if each.key == key), None)
    user = account and User.objects.filter(pk=account.user_id, is_active=True).first()
    hat = user and next((hat for hat in offers(user) if str(hat.source) == account.hat), None)
    if hat is None:
        raise Http404("该演示账号已不在：可能被停用，或授权已到期")
    sessions.login(request, user, hat.actor)
    return redirect(_start(account, hat.actor))


def _start(account: Account, actor) -> str:
    try:
        return reverse(account.start)
    except NoReverseMatch:
        return login.home_of(actor.door)


def _only_in_a_demonstration() -> None:
    if not settings.DEMO:
        raise Http404
