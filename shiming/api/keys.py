"""Authorization: Bearer <key> — the key says who acts, and nothing else in the request does."""

from ninja.security import HttpBearer

from shiming.accounts.api_keys import actor_for
from shiming.accounts.models import User
from shiming.api.problems import NoKey
from shiming.core.actor import Actor


class KeyBearer(HttpBearer):
    """A browser's session counts for nothing here: without a key there is nobody."""

    openapi_bearerFormat = "接口密钥"

    def __call__(self, request):
        if actor_of(request) is None:
            raise NoKey()
        return request.actor

    def authenticate(self, request, token):  # the base class wants it; __call__ has done it
        return actor_of(request)


def actor_of(request) -> Actor | None:
    """Looked up once per request; the trail and the record of denials see the same actor."""
    if not hasattr(request, "key_text"):
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        request.key_text = text.strip() if scheme.lower() == "bearer" else ""
        request.actor = actor_for(request.key_text) if request.key_text else None
        if request.actor:
            request.user = User(pk=request.actor.user_id)
    return request.actor
