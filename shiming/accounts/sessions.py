"""The session: user, login method, time, and the worn hat. Reading it costs no query beyond Django's two."""

import time
from dataclasses import fields
from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.middleware.csrf import rotate_token
from django.utils import timezone

from shiming.accounts import passwords
from shiming.accounts.authenticators.proof import Proof
from shiming.accounts.hats import Hat, offers
from shiming.accounts.models import User, WornHat
from shiming.core.actor import Actor, Door, Right, Role
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.projects.commands import note_use

MINUTE, HOUR, DAY = 60, 3600, 86400
HALF_MINUTES = 10
BACKEND = "shiming.accounts.backend.Accounts"

# door → (idle, absolute). At the gate an hour may pass between two arrivals, and the dynamic code is valid for a day
# [000]: the site door waits two hours instead of the half hour of other staff.
LIFETIMES = {
    Door.COMPANY: (30 * MINUTE, 12 * HOUR),
    Door.OVERSIGHT: (30 * MINUTE, 12 * HOUR),
    Door.ADMIN: (15 * MINUTE, 12 * HOUR),
    Door.SITE: (2 * HOUR, 12 * HOUR),
    Door.PERSON: (7 * DAY, 30 * DAY),
}

# The doors one proof opens: a weak proof must not reach a door that requires a stronger one.
REACH = {
    Door.COMPANY: (Door.COMPANY, Door.OVERSIGHT, Door.ADMIN),
    Door.OVERSIGHT: (Door.COMPANY, Door.OVERSIGHT, Door.ADMIN),
    Door.ADMIN: (Door.COMPANY, Door.OVERSIGHT, Door.ADMIN),
    Door.SITE: (Door.SITE, Door.PERSON),
    Door.PERSON: (Door.PERSON,),
}

_UUIDS = {field.name for field in fields(Actor) if field.name.endswith("_id")}


def login(request, user: User, hat: Actor) -> None:
    """The one-click login of the demonstration, with a hat. Raises PermissionDenied outside a demonstration."""
    if not settings.DEMO:
        raise PermissionDenied("只有演示环境可以这样登录")
    found = next((each for each in offers(user) if each.actor == hat), None)
    if found is None:
        raise ValueError("这不是该账号的身份")
    open_session(request, Proof(user), hat.door, method="demo")
    wear(request, found)


def begin_half(request, proof: Proof, door: Door, *, method: str, next_url: str) -> None:
    """Start the half session after a right password: it may open the second factor, and no other page."""
    request.session.cycle_key()
    request.session["half"] = {
        "user": str(proof.user.pk),
        "hash": proof.user.get_session_auth_hash(),
        "door": door,
        "method": method,
        "account": proof.account,
        "next": next_url,
        "at": int(time.time()),
    }


def half(request) -> dict | None:
    """The data kept after the first factor, with `user` loaded; None when there is none or it has expired."""
    kept = request.session.get("half")
    if not kept or time.time() - kept["at"] > HALF_MINUTES * MINUTE:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != kept["hash"]:
        return None
    return kept | {"user": user, "door": Door(kept["door"])}


def open_session(request, proof: Proof, door: Door, *, method: str) -> None:
    """Open the session of a user who has shown all the factors the door requires."""
    for left_over in ("half", "hat", "next", "picture", "picture_failures", "asked_phone", "verified_phone"):
        request.session.pop(left_over, None)
    auth.login(request, proof.user, backend=BACKEND)
    now = int(time.time())
    request.session.update({"door": door, "method": method, "login_at": now, "seen_at": now, "proved_at": now})
    request.session.update({"phone": proof.phone_digest, "roles": [*proof.roles]})
    request.session.set_expiry(LIFETIMES[door][1])
    with transaction.atomic():
        record(Event.LOGIN_SUCCEEDED, proof.user, by=at_door(door, proof.user), door=door.label)


def proved_again(request) -> None:
    """Note the repeated proof of identity."""
    request.session.cycle_key()
    request.session["proved_at"] = int(time.time())


def wear(request, hat: Hat) -> None:
    """Wear one hat; every change is recorded in the trail.

    A page opened under the hat before is refused as out of date, so that it does not act for another firm or site.
    """
    before = request.session.get("hat")
    request.session.cycle_key()
    # Pages opened under the earlier hat hold the old CSRF token and are refused.
    rotate_token(request)
    request.session["hat"] = dump(hat)
    request.actor = hat.actor
    WornHat.objects.get_or_create(user=request.user, source=hat.source)
    note_use(hat.actor)
    if before and before != request.session["hat"]:
        place = hat.actor.project_name or hat.actor.company_name or ""
        with transaction.atomic():
            record(Event.HAT_CHANGED, request.user, by=hat.actor, hat=f"{hat.actor.role.label} {place}".strip())


def close(request) -> None:
    if request.user.is_authenticated:
        with transaction.atomic():
            by = getattr(request, "actor", None) or at_door(door_of(request), request.user)
            record(Event.LOGGED_OUT, request.user, by=by)
    auth.logout(request)
    request.actor = None


def offers_here(request) -> list[Hat]:
    """The hats that the proof of this login allows; none while its password is due for a change."""
    if password_is_due(request):
        return []
    reach = REACH[door_of(request)]
    phone, roles = request.session.get("phone") or None, request.session.get("roles")
    return [
        hat
        for hat in offers(request.user, phone)
        if hat.actor.door in reach and (hat.actor.door != Door.SITE or not roles or hat.actor.role in roles)
    ]


def password_is_due(request) -> bool:
    return request.session.get("method") == "password" and passwords.is_due(request.user)


def actor_of(request) -> Actor | None:
    """The actor of this request, or None. An outdated session ends here."""
    if not request.session.session_key or not request.user.is_authenticated:
        return None
    if _outlived(request.session):
        auth.logout(request)
        return None
    _note_presence(request.session)
    stored = request.session.get("hat")
    return load(stored) if stored and not _over(stored) else None


def door_of(request) -> Door:
    return Door(request.session.get("door", Door.PERSON))


def at_door(door: Door, user: User) -> Actor:
    """The actor in the trail for a user who has logged in and wears no hat yet."""
    return Actor(role=Role.SYSTEM, door=door, name=user.name, user_id=user.pk, person_id=user.person_id)


def dump(hat: Hat) -> dict:
    stored = {
        field.name: str(value) for field in fields(Actor) if (value := getattr(hat.actor, field.name)) is not None
    }
    stored["rights"] = sorted(hat.actor.rights)
    stored["ends_on"] = hat.ends_on.isoformat() if hat.ends_on else ""
    return stored


def load(stored: dict) -> Actor:
    values = {name: UUID(value) if name in _UUIDS else value for name, value in stored.items() if name != "ends_on"}
    values["role"], values["door"] = Role(values["role"]), Door(values["door"])
    values["rights"] = frozenset(Right(right) for right in values["rights"])
    return Actor(**values)


def _over(stored: dict) -> bool:
    """A grant expires by its date, without a command."""
    return bool(stored["ends_on"]) and date.fromisoformat(stored["ends_on"]) < timezone.localdate()


def _outlived(session) -> bool:
    idle, absolute = LIFETIMES[Door(session.get("door", Door.PERSON))]
    now = time.time()
    return now - session.get("seen_at", 0) > idle or now - session.get("login_at", 0) > absolute


def _note_presence(session) -> None:
    """At most once a minute: a row written at every scan would be its most expensive part."""
    if time.time() - session.get("seen_at", 0) > MINUTE:
        session["seen_at"] = int(time.time())
