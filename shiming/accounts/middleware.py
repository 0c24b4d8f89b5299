"""The caller of a request: the address behind the proxy, the certificate it verified, and the hat of the session."""

import hmac

from django.conf import settings
from django.db import transaction

from shiming.accounts import sessions
from shiming.core.actor import Role
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.web import kept_form

SECRET = "HTTP_X_PROXY_SECRET"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")
CERTIFICATE = ("HTTP_X_CLIENT_VERIFY", "HTTP_X_CLIENT_CERT")


class Doorstep:
    """The outermost middleware. Headers that only our proxy may set are removed from requests of other addresses."""

    def __init__(self, get_response):
        self.get_response = get_response
        env = environment()
        self.proxies = {address.strip() for address in env.trusted_proxies.split(",") if address.strip()}
        self.secret = env.proxy_secret

    def __call__(self, request):
        self._admit(request.META)
        response = self.get_response(request)
        _keep_admin_cookie_at_home(request, response)
        return response

    def _admit(self, meta) -> None:
        from_proxy = meta.get("REMOTE_ADDR") in self.proxies
        if not (from_proxy and self._knows_the_secret(meta)):
            _drop(meta, CERTIFICATE)
        if not from_proxy:
            _drop(meta, FORWARDED)
        elif forwarded := meta.get("HTTP_X_FORWARDED_FOR"):
            meta["REMOTE_ADDR"] = self._nearest_stranger(forwarded)
        meta.pop(SECRET, None)

    def _knows_the_secret(self, meta) -> bool:
        return bool(self.secret) and hmac.compare_digest(meta.get(SECRET, "").encode(), self.secret.encode())

    def _nearest_stranger(self, forwarded: str) -> str:
        """The last address that is not one of our proxies: the client controls everything further left."""
        addresses = [address.strip()[:45] for address in forwarded.split(",")]
        return next((address for address in reversed(addresses) if address not in self.proxies), addresses[0])


class CurrentActor:
    """Sets request.actor from the session, and records refusals in the trail."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = sessions.actor_of(request)
        response = self.get_response(request)
        if response.status_code == 403 and request.actor is not None:
            _record_denial(request)
        if request.actor is not None:
            kept_form.remember_owner(request, response)
        return response


def _record_denial(request) -> None:
    page = request.resolver_match.view_name if request.resolver_match else request.path[:60]
    with transaction.atomic():
        record(Event.ACCESS_DENIED, request.user, by=request.actor, page=page)


def _drop(meta, names) -> None:
    for name in names:
        meta.pop(name, None)


def _keep_admin_cookie_at_home(request, response) -> None:
    """Set SameSite=Strict on the administrator's cookie: no request from another site carries it, not even a link."""
    actor = getattr(request, "actor", None)
    if actor and actor.role is Role.SYS_ADMIN and settings.SESSION_COOKIE_NAME in response.cookies:
        response.cookies[settings.SESSION_COOKIE_NAME]["samesite"] = "Strict"
