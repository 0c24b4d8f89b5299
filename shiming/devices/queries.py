"""Queries of card readings."""

from django.db.models import QuerySet

from shiming.core.actor import Actor
from shiming.devices import rules
from shiming.devices.models import CardReading
from shiming.people.models import Person


def readings(actor: Actor) -> QuerySet[CardReading]:
    """The readings this actor may see, newest first: the primary keys are ordered by time."""
    rows = CardReading.objects.filter(rules.visible_to(actor))
    return rows.select_related("person", "company", "project").order_by("-pk")


def readings_of(person: Person, actor: Actor) -> QuerySet[CardReading]:
    return readings(actor).filter(person=person)
