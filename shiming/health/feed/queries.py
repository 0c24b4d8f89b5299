"""Queries about the feed of a site (2-02)."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.health import rules
from shiming.health.models import FamilyMember, Feed, FeedDelivery, PreRegistration


def feed_of(project_id: UUID) -> Feed | None:
    """The open feed, which may begin tomorrow."""
    return Feed.objects.filter(project=project_id, stopped_at=None).select_related("project").first()


def receiver_of(project_id: UUID, on: date | None = None) -> str:
    """Who gets what is registered on this day, today by default; empty without a feed."""
    found = Feed.objects.filter(project=project_id, stopped_at=None, from_day__lte=on or timezone.localdate())
    return found.values_list("receiver", flat=True).first() or ""


def deliveries(actor: Actor) -> QuerySet[FeedDelivery]:
    rows = FeedDelivery.objects.filter(project=actor.project_id)
    return rows.select_related("feed") if rules.may_see_feed(actor) else rows.none()


def days_due(feed: Feed, today: date) -> Iterator[date]:
    """The days up to yesterday without a file."""
    made = set(feed.deliveries.filter(kind=FeedDelivery.Kind.FILE).values_list("day", flat=True))
    days = (feed.from_day + timedelta(days=number) for number in range((today - feed.from_day).days))
    return (day for day in days if day not in made)


def due() -> QuerySet[FeedDelivery]:
    rows = FeedDelivery.objects.filter(status=FeedDelivery.Status.WAITING, next_at__lte=timezone.now())
    return rows.filter(feed__stopped_at=None).order_by("day", "pk")


def registered_on(project_id: UUID, day: date) -> list[PreRegistration]:
    """The pre-registrations of a day and those whose families came on it, each with `came`, the family of the day."""
    added = FamilyMember.objects.filter(preregistration__project=project_id, registered_on=day)
    rows = PreRegistration.objects.filter(project=project_id)
    rows = rows.filter(Q(registered_on=day) | Q(pk__in=added.values("preregistration")))
    found = list(rows.select_related("person", "participation__company").order_by("created_at", "pk"))
    families: dict[UUID, list[FamilyMember]] = {row.pk: [] for row in found}
    for member in added.select_related("person").order_by("created_at", "pk"):
        families[member.preregistration_id].append(member)
    for row in found:
        row.came = families[row.pk]
    return found


def sent_to(places: set[tuple[UUID, date]]) -> dict[tuple[UUID, date], str]:
    """(project, day) → receiver of the files that were delivered for these."""
    found = FeedDelivery.objects.filter(
        project__in={project for project, _ in places},
        day__in={day for _, day in places},
        status=FeedDelivery.Status.SENT,
    )
    sent: dict[tuple[UUID, date], str] = {}
    for row in found.order_by("created_at"):
        names = dict.fromkeys(filter(None, (*sent.get((row.project_id, row.day), "").split("、"), row.receiver)))
        sent[row.project_id, row.day] = "、".join(names)
    return sent
