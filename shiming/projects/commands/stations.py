"""Commands on stations of the authority and the posts of its inspectors."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects import rules
from shiming.projects.models import RegulatorPost, Station


@transaction.atomic
def add_station(*, name: str, region: str, by: Actor, station: Station | None = None) -> Station:
    """Add a station, or change name and region of the given one."""
    require(rules.may_administer, by)
    station = lock(station) if station else Station()
    station.name, station.region = name.strip(), region.strip()
    station.full_clean()
    station.save()
    record(Event.STATION_CHANGED, station, by=by, station=station)
    return station


@transaction.atomic
def post_regulator(station: Station, user, *, by: Actor) -> RegulatorPost:
    """Appoint a 监督人员, who sees the projects of the station from now on."""
    require(rules.may_administer, by)
    if station.posts.filter(user=user, until=None).exists():
        raise Conflict(f"{user}已是{station}的监督人员")
    post = RegulatorPost(station=station, user=user)
    post.full_clean()
    post.save()
    record(Event.REGULATOR_POSTED, post, by=by, regulator=user, station=station)
    return post


@transaction.atomic
def remove_regulator(post: RegulatorPost, *, by: Actor) -> RegulatorPost:
    post = lock(post)
    require(rules.may_administer, by)
    if post.until is not None:
        raise Conflict("任职已经撤销")
    post.until = timezone.localdate()
    post.save()
    record(Event.REGULATOR_REMOVED, post, by=by, regulator=post.user, station=post.station)
    return post
