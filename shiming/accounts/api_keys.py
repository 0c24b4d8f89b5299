"""The actor of an API key, looked up by its plain text."""

from django.utils import timezone

from shiming.accounts.commands.keys import find_key, note_use
from shiming.accounts.models import ApiKey
from shiming.companies.models import Company
from shiming.core.actor import Actor, Door, Right, Role


def actor_for(text: str) -> Actor | None:
    """None for a key that is unknown, ended or revoked, or whose firm is closed or has left the site."""
    key = find_key(text)
    if key is None or key.company.status != Company.Status.ACTIVE:
        return None
    if key.participation and key.participation.left_on:
        return None
    note_use(key, timezone.localdate())
    return _actor(key)


def _actor(key: ApiKey) -> Actor:
    place = key.participation
    scope = {"user_id": key.user_id, "company_id": key.company_id, "company_name": key.company.name}
    if place:
        scope |= {"project_id": place.project_id, "project_name": place.project.name, "person_id": key.user.person_id}
        scope |= {"participation_id": place.pk, "participation_kind": place.kind}
        scope |= {"rights": frozenset(Right(right) for right in key.rights)}
    door = Door.SITE if place else Door.COMPANY
    return Actor(role=Role(key.role), door=door, name=f"{key.user.name}（接口 {key.name}）", **scope)
