"""Queries of sent messages."""

from django.db.models import QuerySet

from shiming.core.actor import Actor
from shiming.core.privacy import blind_index
from shiming.outbox import rules
from shiming.outbox.models import OutboxMessage


def messages(actor: Actor, *, phone: str = "", purpose: str = "") -> QuerySet[OutboxMessage]:
    rows = OutboxMessage.objects.filter(rules.visible_to(actor))
    if phone:
        rows = rows.filter(to_digest=blind_index("phone", phone))
    if purpose:
        rows = rows.filter(purpose=purpose)
    return rows
