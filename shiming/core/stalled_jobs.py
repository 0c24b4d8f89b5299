"""Jobs of dead workers (security.md 10): queued again within a minute, failed after MOST_TIMES attempts."""

from datetime import timedelta

from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

SILENT = timedelta(seconds=30)  # a live worker sends a heartbeat every 10 s
MOST_TIMES = 5


def take_up() -> int:
    """Requeue or fail the jobs of dead workers; return their number."""
    dead = Q(worker=None) | Q(worker__last_heartbeat__lt=timezone.now() - SILENT)
    stranded = list(ProcrastinateJob.objects.filter(dead, status=Status.DOING.value))
    for job in stranded:
        if job.attempts + 1 >= MOST_TIMES or not _wait_again(job):
            async_to_sync(app.job_manager.finish_job_by_id_async)(job.pk, Status.FAILED, delete_job=False)
    return len(stranded)


def _wait_again(job: ProcrastinateJob) -> bool:
    """Queue the job again; False if an equal job already waits."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job.pk, timezone.now())
    except UniqueViolation:
        return False
    return True
