"""A request that comes twice with one Idempotency-Key is done once and answered twice."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from shiming.api.models import ApiAnswer
from shiming.api.problems import OtherContent
from shiming.core.privacy import blind_index

KEPT = timedelta(hours=48)


@transaction.atomic
def answer_once(owner: str, key: str, request: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Claim the key, do it, keep the answer: all in one transaction, so that none stands without the others.

    Who comes second waits for the first. A failure of ours (5xx) undoes everything, the claim too.
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


def forget_old_answers() -> int:
    return ApiAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def _again(kept: ApiAnswer, asked: ApiAnswer) -> HttpResponse:
    if kept.request != asked.request:
        raise OtherContent()
    kind = "application/problem+json" if kept.status >= 400 else "application/json; charset=utf-8"
    return HttpResponse(kept.body, status=kept.status, content_type=kind, headers={"Idempotency-Replayed": "true"})
