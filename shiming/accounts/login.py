"""From a proof to a start page: second factor, choice of hat, home."""

from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shiming.accounts import sessions, throttle
from shiming.accounts.authenticators import AUTHENTICATORS
from shiming.accounts.authenticators.proof import Proof
from shiming.core.actor import Actor, Door
from shiming.core.doors import may_open
from shiming.web.kept_form import page_at

ENTRANCES = {
    Door.COMPANY: "entrance-company",
    Door.SITE: "entrance-site",
    Door.PERSON: "entrance-person",
    Door.OVERSIGHT: "entrance-oversight",
    Door.ADMIN: "entrance-admin",
}


def enter(request, proof: Proof, door: Door, method: str, next_url: str):
    """After the first proof: redirect to the second factor if this method needs one, else log in."""
    if AUTHENTICATORS[method].second_factor:
        sessions.begin_half(request, proof, door, method=method, next_url=next_url)
        return redirect("second-factor")
    return complete(request, proof, door, method, next_url)


def complete(request, proof: Proof, door: Door, method: str, next_url: str):
    """Open the session after all factors are proved."""
    sessions.open_session(request, proof, door, method=method)
    response = redirect(go_in(request, next_url))
    throttle.trust(request, response, proof.account)
    return response


def go_in(request, next_url: str = "") -> str:
    """Wear the only hat of this door at once; the site door always shows 选择合同 [000]."""
    if sessions.password_is_due(request):
        request.session["next"] = next_url
        return reverse("account-password")
    door = sessions.door_of(request)
    hats = [hat for hat in sessions.offers_here(request) if hat.actor.door == door]
    if len(hats) == 1 and door != Door.SITE:
        sessions.wear(request, hats[0])
        return onward(hats[0].actor, next_url)
    if next_url:
        request.session["next"] = next_url
    return reverse("hats")


def onward(actor: Actor, next_url: str) -> str:
    """The requested address if this role may open it, else home: another role may have used the same PC before."""
    return next_url if next_url and may_open(actor, next_url) else home_of(actor.door)


def home_of(door: Door) -> str:
    try:
        return reverse(f"home-{door}")
    except NoReverseMatch:
        return reverse("account")


def safe_next(request) -> str:
    """The `next` address if it is a page of this site, else ""."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        return ""
    return url if "GET" in page_at(url) else ""
