"""Jobs and locks of a killed worker are released."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.core import jobs, stalled_jobs
from shiming.evidence.jobs import anchor_trails
from shiming.imports.jobs import run_import

pytestmark = pytest.mark.django_db


def begun(task, *, silent: str, attempts: int = 0, **args) -> int:
    """A running job whose worker sent its last heartbeat `silent` ago; "" means no worker is recorded."""
    job = task.defer(**args)
    with connection.cursor() as cursor:
        worker = None
        if silent:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
                [silent],
            )
            worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker, attempts, job],
        )
    return job


def standing() -> dict[int, tuple[str, int]]:
    return {job.pk: (job.status, job.attempts) for job in ProcrastinateJob.objects.all()}


def test_jobs_of_dead_worker_are_requeued(cast):
    dead = begun(run_import, silent="40 seconds", import_id="a")
    gone = begun(anchor_trails, silent="", timestamp=1)
    alive = begun(jobs.remove_orphans, silent="5 seconds", timestamp=1)

    assert stalled_jobs.take_up() == 2
    assert standing() == {dead: ("todo", 1), gone: ("todo", 1), alive: ("doing", 0)}


def test_job_with_waiting_twin_is_failed(cast):
    dead = begun(jobs.remove_orphans, silent="40 seconds", timestamp=1)
    waiting = jobs.remove_orphans.defer(timestamp=2)

    assert stalled_jobs.take_up() == 1
    assert standing() == {dead: ("failed", 1), waiting: ("todo", 0)}


def test_job_fails_after_too_many_attempts(cast):
    deadly = begun(run_import, silent="40 seconds", attempts=4, import_id="a")

    assert stalled_jobs.take_up() == 1
    assert standing()[deadly][0] == "failed"


def test_stalled_jobs_are_checked_every_20_seconds():
    [periodic] = [each for each in app.periodic_registry.periodic_tasks.values() if each.task is jobs.take_up_stranded]
    assert periodic.cron == "* * * * * */20"
