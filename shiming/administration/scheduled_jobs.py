"""Scheduled jobs: a time that passed while the server was off is made up for at the next start (security.md 10)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinatePeriodicDefer

FAILED_KEPT = timedelta(days=30)
NEVER_RUN = """
INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
SELECT %(task)s, %(id)s, %(previous)s
 WHERE NOT EXISTS (SELECT FROM procrastinate_periodic_defers WHERE task_name = %(task)s AND periodic_id = %(id)s)
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Scheduled:
    """A periodic job; `cron` is in UTC, times are aware."""

    task: str
    cron: str
    last: datetime | None
    next: datetime


def begin() -> None:
    """Note the time before now for jobs that have never run: a new installation, or a new job, has missed nothing."""
    now = timezone.now().timestamp()
    with connection.cursor() as cursor:
        for (task, periodic_id), periodic in app.periodic_registry.periodic_tasks.items():
            periodic.croniter.set_current(start_time=now)
            previous = round(periodic.croniter.get_prev(ret_type=float))
            cursor.execute(NEVER_RUN, {"task": task, "id": periodic_id, "previous": previous})


def scheduled() -> list[Scheduled]:
    """Every periodic job, the next to run first."""
    last = dict(
        ProcrastinatePeriodicDefer.objects.order_by("defer_timestamp").values_list("task_name", "defer_timestamp")
    )
    now = timezone.now().timestamp()
    rows = []
    for (task, _), periodic in app.periodic_registry.periodic_tasks.items():
        periodic.croniter.set_current(start_time=now)
        due = _moment(round(periodic.croniter.get_next(ret_type=float)))
        rows.append(Scheduled(task, periodic.cron, _moment(last[task]) if task in last else None, due))
    return sorted(rows, key=lambda row: (row.next, row.task))


def failed() -> QuerySet[ProcrastinateJob]:
    """Jobs that failed for good, newest first."""
    return ProcrastinateJob.objects.filter(status="failed").order_by("-pk")


def forget_failed() -> int:
    """Delete failed jobs after FAILED_KEPT; return their number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status = 'failed' AND NOT EXISTS"
            " (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > %s)",
            [timezone.now() - FAILED_KEPT],
        )
        return cursor.rowcount


def _moment(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, UTC)
