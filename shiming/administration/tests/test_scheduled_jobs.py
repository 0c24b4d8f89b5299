"""A scheduled job that was missed runs once at the next start; failed jobs are deleted after a month."""

import time

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer

from shiming.administration import scheduled_jobs

pytestmark = pytest.mark.django_db
NIGHTLY = "shiming.people.jobs.nightly_identity_batch"


def start() -> list[str]:
    """What a worker queues when it starts, and does at once: a job in the queue would hold its lock."""
    scheduled_jobs.begin()
    deferrer = PeriodicDeferrer(registry=app.periodic_registry, **app.periodic_defaults)
    async_to_sync(deferrer.defer_jobs)(jobs_to_defer=list(deferrer.get_previous_tasks(at=time.time())))
    queued = list(ProcrastinateJob.objects.values_list("task_name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return queued


def off_for(days: int) -> None:
    """As if every job had run last so many days ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_periodic_defers SET defer_timestamp = defer_timestamp - %s", [days * 86_400]
        )


def test_new_installation_has_missed_nothing():
    assert NIGHTLY not in start()


@pytest.mark.parametrize("days", [1, 3, 200])
def test_missed_job_runs_once_at_the_next_start(days):
    start()
    off_for(days)

    assert start().count(NIGHTLY) == 1
    assert NIGHTLY not in start()


def test_every_job_is_listed_with_its_next_time():
    start()
    rows = scheduled_jobs.scheduled()
    assert {row.task for row in rows} == {task for task, _ in app.periodic_registry.periodic_tasks}
    assert all(row.last < row.next for row in rows)


def test_failed_jobs_are_kept_for_a_month():
    old, young = (app.configure_task("any").defer() for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = ANY(%s)", [[old, young]])
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '31 days' WHERE job_id = %s", [old])

    assert scheduled_jobs.forget_failed() == 1
    assert [job.pk for job in scheduled_jobs.failed()] == [young]
