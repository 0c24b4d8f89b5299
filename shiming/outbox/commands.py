"""Outgoing messages: saved as rows in the causing transaction, then given to a provider."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import origin, record
from shiming.core.errors import Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.limits import one_at_a_time, wait_after
from shiming.core.privacy import blind_index
from shiming.outbox import limits, providers, rules
from shiming.outbox.models import TERM, OutboxMessage

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
HANDED_OVER = timedelta(seconds=20)  # until then the process that wrote a message delivers it
BATCH = 200
KEPT = timedelta(days=180)  # then the row of a message is deleted
DELIVERY = "shiming.outbox.jobs.deliver_message"  # named by text, because jobs import commands
log = logging.getLogger(__name__)


@transaction.atomic
def send(to: str, text: str, purpose: str) -> OutboxMessage:
    """Queue one message to one number. Each purpose that begins with “code” is limited to one a minute, five an hour
    and ten a day; raises L-03 beyond."""
    message = OutboxMessage(to=to, text=text, purpose=purpose, to_digest=blind_index("phone", to))
    message.from_digest = blind_index("address", origin.get().address) if origin.get().address else ""
    if purpose.startswith("code"):
        _keep_within_limits(message)
    provider = providers.current()
    message.provider = provider.NAME
    message.save(force_insert=True)
    _hand_over(message, provider)
    return message


def deliver(message: OutboxMessage) -> bool:
    """Call the provider once; True if sent. A failure is saved with its reason and the time of the next attempt."""
    with transaction.atomic():
        # The lock keeps request and job from sending the same message twice.
        held = lock(message)
        if held.sent_at or held.given_up:
            return bool(held.sent_at)
        held.attempts += 1
        try:
            providers.PROVIDERS[held.provider].deliver(held)
        except OSError as error:
            held.error = str(error.strerror or type(error).__name__)[:200]
            wait = wait_after(held.attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
            held.next_attempt_at = timezone.now() + wait
            log.warning("message %s was not delivered: %s", held.pk, held.error)
        else:
            held.sent_at, held.error, held.next_attempt_at = timezone.now(), "", None
        held.save()
        return bool(held.sent_at)


def deliver_waiting() -> int:
    """Send what is due, first written first; return the number sent. Safe to run at any time.

    Due are failed messages whose wait is over, and messages whose process died.
    """
    now, sent = timezone.now(), 0
    while batch := list(_due(now)[:BATCH]):
        sent += sum(deliver(message) for message in batch)
    return sent


def forget_old() -> int:
    """Delete messages after KEPT; return their number."""
    return OutboxMessage.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _due(now: datetime) -> QuerySet[OutboxMessage]:
    """Unsent messages to try at `now`; a message that fails leaves them, because its next attempt is later."""
    left_alone = Q(next_attempt_at=None, created_at__lt=now - HANDED_OVER)
    rows = OutboxMessage.objects.filter(left_alone | Q(next_attempt_at__lte=now), sent_at=None)
    return rows.filter(created_at__gt=now - TERM).order_by("created_at", "pk")


@transaction.atomic
def reveal(message: OutboxMessage, *, purpose: str, by: Actor) -> str:
    """Return the whole text with its code; the trail records reader and purpose."""
    require(rules.may_reveal, by, message)
    record(Event.MESSAGE_REVEALED, message, by=by, reason=purpose, to=str(message.to))
    return message.text.plain


def shown(message: OutboxMessage) -> str:
    """The text for the list in demo mode; "" otherwise."""
    return message.text.plain if rules.shows_text() else ""


def _keep_within_limits(message: OutboxMessage) -> None:
    """L-03. A lock per number: parallel requests for one number count each other."""
    one_at_a_time(message.to_digest)
    now = timezone.now()
    if until := limits.wait_until(message, now):
        raise Refused("L-03", wait=limits.in_words(until - now))


def _hand_over(message: OutboxMessage, provider) -> None:
    if provider.INSTANT:
        transaction.on_commit(lambda: deliver(message))
        return
    app.configure_task(DELIVERY, queue="outbox").defer(message_id=str(message.pk))
