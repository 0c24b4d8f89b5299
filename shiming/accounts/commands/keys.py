"""Keys of the API, for a firm or a site: shown once, acting as their maker while the maker keeps that role."""

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.accounts import rules
from shiming.accounts.models import ApiKey
from shiming.core.access import require
from shiming.core.actor import Actor, Right, Role
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.privacy import blind_index

PREFIX = "sm_"
MOST_DAYS = 365
MOST_OPEN = 20


@transaction.atomic
def create_key(*, name: str, days: int, by: Actor, rights: list[str] | None = None) -> tuple[ApiKey, str]:
    """The key and its plain text, which is not stored. A site's key has the ticked rights and no others."""
    require(rules.may_make_keys, by)
    if ApiKey.objects.filter(user=by.user_id, revoked_at=None).count() >= MOST_OPEN:
        raise Conflict(f"有效密钥已有 {MOST_OPEN} 个，请先停用不用的")
    text = PREFIX + secrets.token_urlsafe(32)
    on_site = by.role is Role.PM
    key = ApiKey(
        name=name.strip(),
        prefix=text[:9],
        digest=_digest(text),
        user_id=by.user_id,
        role=Role.SITE_OPERATOR if on_site else by.role,
        company_id=by.company_id,
        participation_id=by.participation_id if on_site else None,
        rights=sorted({Right(right) for right in rights or []}) if on_site else [],
        expires_on=timezone.localdate() + timedelta(days=min(days, MOST_DAYS)),
    )
    key.full_clean()
    key.save()
    record(Event.API_KEY_CREATED, key, by=by, project_id=by.project_id, key=key)
    return key, text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Actor) -> ApiKey:
    """Revoke the key; the next request with it is refused."""
    key = lock(key)
    require(rules.may_revoke_key, by, key)
    if key.revoked_at:
        raise Conflict("该密钥已停用")
    return _revoke(key, by)


def revoke_keys_of(users, *, by: Actor) -> None:
    """Revoke the keys whose users lost the post behind them; a key stays while a hat for its place remains."""
    from shiming.accounts.hats import offers  # import here: hats imports commands

    for key in ApiKey.objects.filter(user__in=users, revoked_at=None).select_related("user__person"):
        if not any(_same_place(key, hat.actor) for hat in offers(key.user)):
            _revoke(key, by)


@transaction.atomic
def note_use(key: ApiKey, today: date) -> None:
    """Note the use once a day, which is enough to find unused keys."""
    if key.last_used_at is None or timezone.localdate(key.last_used_at) != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())


def find_key(text: str) -> ApiKey | None:
    """The key with this text and the rows its actor needs, in one query."""
    if not text.startswith(PREFIX) or len(text) > 80:
        return None
    keys = ApiKey.objects.select_related("user", "company", "participation__project")
    return keys.filter(
        digest=_digest(text), revoked_at=None, expires_on__gte=timezone.localdate(), user__is_active=True
    ).first()


def _revoke(key: ApiKey, by: Actor) -> ApiKey:
    key.revoked_at = timezone.now()
    key.save()
    record(Event.API_KEY_REVOKED, key, by=by, key=key)
    return key


def _same_place(key: ApiKey, actor: Actor) -> bool:
    if key.participation_id:
        return actor.role is Role.PM and actor.participation_id == key.participation_id
    return actor.role == key.role and actor.company_id == key.company_id


def _digest(text: str) -> str:
    return blind_index("api_key", text)
