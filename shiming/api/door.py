"""Checks before every operation: key, rate limit, raw copy, repeated request."""

from functools import wraps
from math import ceil

from django.db import DataError, OperationalError

from shiming.api import commands, limits
from shiming.api.keys import actor_of
from shiming.api.problems import Busy, OtherContent, TooFast, answer
from shiming.core.doors import SAFE
from shiming.core.errors import Invalid
from shiming.core.privacy import blind_index

LONGEST_KEY = 100
PUNCHES = "/api/v1/attendance/punches"  # one punch, or a batch
WHOLE_NUMBERS = "/api/v1/feed/"  # its answers are never stored, and asking twice is harmless


def guarded(view, roles):
    """The view of one address with its surface and roles as attributes, which the house check and the gate read."""

    @wraps(view)
    def entrance(request, *args, **kwargs):
        try:
            return _once(request, lambda: view(request, *args, **kwargs))
        except OperationalError:
            return answer(Busy())
        except DataError:
            return answer(Invalid("内容里有数据库不能保存的字符或数值", next_step="去掉控制字符，核对数值"))

    entrance.surface, entrance.roles, entrance.csrf_exempt = "api", roles, True
    return entrance


def _once(request, act):
    if actor_of(request) is None:
        return act()  # `act` answers a missing key with A-01
    if wait := limits.requests.take(request.key_text):
        return answer(TooFast(ceil(wait)))
    if request.method == "POST" and request.path.startswith(PUNCHES) and request.actor.on_site:
        commands.keep_received(request, by=request.actor)
    key = request.headers.get("Idempotency-Key", "")
    if not key or request.method in SAFE or request.path.startswith(WHOLE_NUMBERS):
        return act()
    if len(key) > LONGEST_KEY:
        return answer(Invalid(f"Idempotency-Key 不超过 {LONGEST_KEY} 个字符", field="Idempotency-Key"))
    try:
        return commands.answer_once(blind_index("api_owner", request.key_text), key, _what(request), act)
    except OtherContent as error:
        return answer(error)


def _what(request) -> str:
    return f"{request.method} {request.get_full_path()}\n{request.body.decode('utf-8', 'replace')}"
