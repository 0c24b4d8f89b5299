"""The hats a user may wear: posts at firms, filed contracts, grants, a station, the user as a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone

from shiming.accounts.models import User
from shiming.companies.models import Company
from shiming.core.actor import Actor, Door, Right, Role
from shiming.people.models import Person
from shiming.projects.models import ContractFiling, Grant, Participation, RegulatorPost


@dataclass(frozen=True, slots=True)
class Hat:
    """The actor of a hat, the row that gives it, and its last day."""

    source: UUID
    actor: Actor
    ends_on: date | None = None
    filing: ContractFiling | None = None


def hats_of(user: User) -> list[Actor]:
    return [hat.actor for hat in offers(user)]


def offers(user: User, phone_digest: str | None = None) -> list[Hat]:
    """Every hat of a user.

    With a proved phone, only the hats of that phone: the author of a contract or a grant types the phone number, so
    that number does not prove the person's identity.
    """
    if not user.is_active:
        return []
    hats = [*_company(user), *_admin(user), *_oversight(user)]
    if user.person_id:
        hats += [*site_hats(user, user.person, phone_digest), *_person(user, phone_digest)]
    return hats


def site_hats(user: User, person: Person, phone_digest: str | None = None) -> Iterator[Hat]:
    """Hats of a 项目负责人 from filed contracts and of a 现场操作用户 from grants."""
    yield from _pm(user, person, phone_digest)
    yield from _operator(user, person, phone_digest)


def ended_grants(person: Person) -> list[Grant]:
    """Up to five grants that ended or were revoked, newest first, with the people to ask (R-16)."""
    over = Q(ends_on__lt=timezone.localdate()) | Q(revoked_at__isnull=False)
    rows = Grant.objects.filter(over, person=person).select_related("given_by", "participation__project")
    return list(rows.order_by("-ends_on")[:5])


def _company(user) -> Iterator[Hat]:
    today = timezone.localdate()
    posts = user.posts.filter(_lasting(), since__lte=today, company__status=Company.Status.ACTIVE)
    for post in posts.select_related("company").order_by("since", "pk"):
        actor = Actor(
            role=Role(post.role),
            door=Door.COMPANY,
            name=user.name,
            user_id=user.pk,
            company_id=post.company_id,
            company_name=post.company.name,
        )
        yield Hat(post.pk, actor, _last_day(post.until))


def _admin(user) -> Iterator[Hat]:
    if user.is_admin:
        yield Hat(user.pk, Actor(role=Role.SYS_ADMIN, door=Door.ADMIN, name=user.name, user_id=user.pk))


def _oversight(user) -> Iterator[Hat]:
    for post in RegulatorPost.objects.filter(_lasting(), user=user).select_related("station").order_by("pk"):
        actor = Actor(
            role=Role.REGULATOR,
            door=Door.OVERSIGHT,
            name=user.name,
            user_id=user.pk,
            station_id=post.station_id,
            project_name=None,
            company_name=post.station.name,
        )
        yield Hat(post.pk, actor, _last_day(post.until))


def _pm(user, person, phone_digest) -> Iterator[Hat]:
    filings = ContractFiling.objects.filter(
        pm=person, status=ContractFiling.Status.FILED, participation__left_on=None
    ).select_related("participation__project", "participation__company")
    if phone_digest is not None:
        filings = filings.filter(pm_phone_digest=phone_digest)
    for filing in filings.order_by("-filed_on", "number"):
        place = filing.participation
        role = Role.SUPERVISION_PM if place.kind == Company.Kind.SUPERVISION else Role.PM
        yield Hat(filing.pk, site_actor(role, user, person, place, frozenset(Right)), None, filing)


def _operator(user, person, phone_digest) -> Iterator[Hat]:
    today = timezone.localdate()
    filed = ContractFiling.objects.filter(status=ContractFiling.Status.FILED).order_by("-filed_on")
    grants = (
        Grant.objects.filter(person=person, revoked_at=None, starts_on__lte=today, ends_on__gte=today)
        .filter(participation__left_on=None)
        .select_related("participation__project", "participation__company")
        .prefetch_related(Prefetch("participation__filings", filed))
    )
    if phone_digest is not None:
        grants = grants.filter(_with_phone(person, phone_digest))
    for grant in grants.order_by("-ends_on", "pk"):
        place = grant.participation
        rights = frozenset(Right(right) for right in grant.rights)
        filing = next(iter(place.filings.all()), None)
        yield Hat(grant.pk, site_actor(Role.SITE_OPERATOR, user, person, place, rights), grant.ends_on, filing)


def _with_phone(person, phone_digest) -> Q:
    """Match the phone written in the contract or grant; where none is written, the phone registered by the person."""
    own = Q(phone_digest="") if person.phone_digest == phone_digest else Q(pk__in=[])
    return Q(phone_digest=phone_digest) | own


def _person(user, phone_digest) -> Iterator[Hat]:
    """The hat of the person, for the phone registered by the person only."""
    if phone_digest not in (None, user.person.phone_digest):
        return
    actor = Actor(role=Role.PERSON, door=Door.PERSON, name=user.person.name, user_id=user.pk, person_id=user.person_id)
    yield Hat(user.person_id, actor)


def site_actor(role: Role, user, person, place: Participation, rights) -> Actor:
    return Actor(
        role=role,
        door=Door.SITE,
        name=person.name,
        user_id=user.pk,
        person_id=person.pk,
        company_id=place.company_id,
        company_name=place.company.name,
        project_id=place.project_id,
        project_name=place.project.name,
        participation_id=place.pk,
        participation_kind=place.kind,
        rights=rights,
    )


def _lasting() -> Q:
    """Posts in force: `until` is the first day without the post."""
    return Q(until=None) | Q(until__gt=timezone.localdate())


def _last_day(until: date | None) -> date | None:
    return until - timedelta(days=1) if until else None
