"""Alerts about one face under two ID numbers, raised in the background; only the system administrator decides."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.faces import rules, search
from shiming.faces.models import FaceAlert, FaceTemplate

# Among a hundred thousand templates the threshold of 1:1 would name a dozen strangers for each new face.
SAME_FACE = 1.35  # of the engine's threshold
MOST = 5


@transaction.atomic
def raise_alerts(template: FaceTemplate, *, threshold: float, by: Actor) -> list[FaceAlert]:
    """One alert for each person with the same face; a pair that was settled is not raised again."""
    gallery = search.gallery(FaceTemplate.objects.exclude(pk=template.pk), template.engine)
    found = gallery.nearest(template.embedding, least=threshold * SAME_FACE, most=MOST)
    return [alert for other, score in found if (alert := _raise(template.person_id, other, score, by))]


@transaction.atomic
def settle(alert: FaceAlert, *, outcome: str, note: str, by: Actor) -> FaceAlert:
    require(rules.may_settle, by)
    alert = lock(alert)
    if alert.settled_at:
        raise Conflict("已经处理过，无需再办")
    if not note.strip():
        raise missing("说明", "note")

    alert.outcome, alert.note = outcome, note.strip()[:200]
    alert.settled_at, alert.settled_by_id = timezone.now(), by.user_id
    alert.save()
    details = {"first": alert.first.name, "second": alert.second.name, "outcome": alert.get_outcome_display()}
    record(Event.FACE_ALERT_SETTLED, alert, by=by, **details)
    return alert


def _raise(one, other, score: float, by: Actor) -> FaceAlert | None:
    first, second = sorted((one, other))
    alert, new = FaceAlert.objects.get_or_create(first_id=first, second_id=second, defaults={"score": round(score, 3)})
    if not new:
        return None
    record(Event.FACE_ALERT_RAISED, alert, by=by, first=alert.first.name, second=alert.second.name)
    return alert
