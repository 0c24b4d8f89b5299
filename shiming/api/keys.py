"""Authorization: Bearer <key> — the key alone defines the actor."""

from ninja.security import HttpBearer

from shiming.accounts.api_keys import actor_for
from shiming.accounts.models import User
from shiming.api.problems import NoKey
from shiming.core.actor import Actor


class KeyBearer(HttpBearer):
    """Authentication by key; the session of a browser is ignored."""

    openapi_bearerFormat = "接口密钥"

    def __call__(self, request):
        if actor_of(request) is None:
            raise NoKey()
        return request.actor

    def authenticate(self, request, token):  # abstract in the base class; __call__ does the work
        return actor_of(request)


def actor_of(request) -> Actor | None:
    """The actor, looked up once per request, so that the trail and the record of denials see the same actor."""
    if not hasattr(request, "key_text"):
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        request.key_text = text.strip() if scheme.lower() == "bearer" else ""
        request.actor = actor_for(request.key_text) if request.key_text else None
        if request.actor:
            request.user = User(pk=request.actor.user_id)
    return request.actor
