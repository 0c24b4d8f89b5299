"""Grants of rights on site by the 项目负责人: they expire, show their last use, and can be extended or revoked."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import RIGHT_LABELS, Actor, Right, Role
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.errors import Conflict, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.models import AuditEntry
from shiming.core.privacy import blind_index
from shiming.people.commands import limited
from shiming.projects import rules
from shiming.projects.commands.named import person_named
from shiming.projects.models import Grant, Participation

USE_NOTED_EVERY = timedelta(minutes=10)
WARNED_BEFORE = (timedelta(days=7), timedelta(days=1))


@limited
@transaction.atomic
def grant(
    participation: Participation,
    *,
    number: str,
    name: str,
    phone: str,
    rights: list[str],
    ends_on: date,
    by: Actor,
) -> Grant:
    """Grant rights to a 现场操作用户, who logs in with ID number and the phone written here.

    R-10 without rights, R-61 for oneself, R-62 when the person has a grant already.
    """
    require(rules.may_grant, by, participation)
    handed = [right.value for right in rules.rights_to_give(by) if right in rights]
    if not handed:
        raise missing("权限", "rights")
    _require_end(ends_on)
    person, digits = person_named(number, name, phone, by=by)
    if person.pk == by.person_id:
        raise Refused("R-61", field="number")
    if participation.grants.filter(person=person, revoked_at=None, ends_on__gte=timezone.localdate()).exists():
        raise Refused("R-62", field="number")

    _retire_expired(participation, person)
    given = Grant(
        participation=participation,
        person=person,
        rights=handed,
        starts_on=timezone.localdate(),
        ends_on=ends_on,
        given_by_id=by.user_id,
        phone=digits,
        phone_digest=blind_index("phone", digits),
    )
    given.full_clean()
    given.save()
    record(Event.GRANT_GIVEN, given, by=by, **_named(given), rights=words(given.rights))
    return given


@transaction.atomic
def extend_grant(given: Grant, *, by: Actor, ends_on: date | None = None) -> Grant:
    """Extend the grant to this date or, without one, as long as possible. Conflict for a revoked grant."""
    given = lock(given)
    require(rules.may_change_grant, by, given)
    if given.revoked_at is not None:
        raise Conflict("授权已收回，请重新授权")
    before = given.ends_on
    given.ends_on = ends_on or latest_end()
    _require_end(given.ends_on)
    given.save()
    record(
        Event.GRANT_EXTENDED,
        given,
        by=by,
        **_named(given),
        before={"ends_on": str(before)},
        after={"ends_on": str(given.ends_on)},
    )
    return given


@transaction.atomic
def revoke_grant(given: Grant, *, by: Actor) -> Grant:
    """Revoke the grant at once; Conflict for one already revoked."""
    given = lock(given)
    require(rules.may_change_grant, by, given)
    if given.revoked_at is not None:
        raise Conflict("授权已收回")
    given.revoked_at = timezone.now()
    given.save()
    record(Event.GRANT_REVOKED, given, by=by, **_named(given))
    return given


@transaction.atomic
def note_use(by: Actor) -> None:
    """Note the last use of an operator's grant, at most once in ten minutes."""
    if by.role is not Role.SITE_OPERATOR:
        return
    now = timezone.now()
    mine = Grant.objects.filter(participation=by.participation_id, person=by.person_id, revoked_at=None)
    mine.exclude(last_used_at__gt=now - USE_NOTED_EVERY).update(last_used_at=now)


@transaction.atomic
def note_expiring(*, by: Actor, today: date | None = None) -> int:
    """Warn seven days and one day before a grant expires, once a day. Return the number of warnings."""
    today = today or timezone.localdate()
    ends = [today + before for before in WARNED_BEFORE]
    rows = Grant.objects.filter(revoked_at=None, ends_on__in=ends).select_related("person", "participation")
    reminded = 0
    for given in rows:
        warned = AuditEntry.objects.filter(object_id=str(given.pk), event=Event.GRANT_EXPIRING, params__day=str(today))
        if not warned.exists():
            record(Event.GRANT_EXPIRING, given, by=by, **_named(given), day=today)
            reminded += 1
    return reminded


def latest_end() -> date:
    return timezone.localdate() + timedelta(days=environment().grant_days)


def words(rights: list[str]) -> str:
    return "、".join(RIGHT_LABELS[Right(right)] for right in rights)


def _require_end(ends_on) -> None:
    first, last = timezone.localdate(), latest_end()
    if not first <= ends_on <= last:
        raise Refused("R-60", field="ends_on", first=first, last=last)


def _retire_expired(participation, person) -> None:
    """Revoke an expired grant: the unique constraint allows one grant that is not revoked."""
    participation.grants.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())


def _named(given) -> dict:
    place = given.participation
    scope = {"company_id": place.company_id, "project_id": place.project_id, "person_id": given.person_id}
    return scope | {"operator": given.person, "ends_on": given.ends_on}
