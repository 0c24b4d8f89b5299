"""Jobs of workers that died (security.md 10): queued again within a minute, failed after too many attempts."""

from datetime import timedelta

from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

SILENT = timedelta(seconds=30)  # a worker that lives says so every ten
MOST_TIMES = 5


def take_up() -> int:
    """How many jobs of dead workers were taken from them."""
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=timezone.now() - SILENT)
    stranded = list(ProcrastinateJob.objects.filter(dead, status=Status.DOING.value))
    for job in stranded:
        if job.attempts + 1 >= MOST_TIMES or not _wait_again(job):
            async_to_sync(app.job_manager.finish_job_by_id_async)(job.pk, Status.FAILED, delete_job=False)
    return len(stranded)


def _wait_again(job: ProcrastinateJob) -> bool:
    """No, when another of its kind waits already and does the same."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job.pk, timezone.now())
    except UniqueViolation:
        return False
    return True
