"""Stores raw requests before they are parsed, and executes requests with one Idempotency-Key once."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from shiming.api.models import ApiAnswer, Received
from shiming.api.problems import OtherContent
from shiming.core import prepared_statements
from shiming.core.actor import Actor
from shiming.core.environment import environment
from shiming.core.privacy import blind_index

KEPT = timedelta(hours=48)
TOLD = ("Content-Type", "User-Agent", "Idempotency-Key")  # no Authorization: the key is never stored


@transaction.atomic
def answer_once(owner: str, key: str, request: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Claim the key, execute, store the answer: one transaction, so that no part exists without the others.

    A parallel request waits at the INSERT for the first. An answer of 5xx rolls everything back, the claim too.
    """
    mine = ApiAnswer(owner=owner, key=key, request=blind_index("api_request", request))
    ApiAnswer.objects.bulk_create([mine], ignore_conflicts=True)
    kept = ApiAnswer.objects.select_for_update().get(owner=owner, key=key)
    if kept.pk != mine.pk:
        return _again(kept, mine)

    response = answer()
    if response.status_code >= 500:
        transaction.set_rollback(True)
        return response
    kept.status, kept.body = response.status_code, response.content.decode()
    kept.save()
    return response


def keep_received(request, *, by: Actor) -> None:
    """Store the raw request outside the transaction that reads it, so that it survives a rollback."""
    row = Received(
        project_id=by.project_id,
        request_id=request.id,
        path=request.path[:60],
        sender=by.name,
        address=request.META.get("REMOTE_ADDR", ""),
        headers={name: request.headers[name][:200] for name in TOLD if name in request.headers},
        body=request.body.decode("utf-8", "backslashreplace"),
    )
    prepared_statements.insert(row)


def forget_old_received() -> int:
    until = timezone.now() - timedelta(days=environment().raw_days)
    return Received.objects.filter(created_at__lt=until).delete()[0]


def forget_old_answers() -> int:
    return ApiAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _again(kept: ApiAnswer, asked: ApiAnswer) -> HttpResponse:
    if kept.request != asked.request:
        raise OtherContent()
    kind = "application/problem+json" if kept.status >= 400 else "application/json; charset=utf-8"
    return HttpResponse(kept.body, status=kept.status, content_type=kind, headers={"Idempotency-Replayed": "true"})
