"""A worker that was killed leaves nothing lying, and nothing it held is held for ever."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.core import jobs, stalled_jobs
from shiming.imports.jobs import run_import

pytestmark = pytest.mark.django_db


def begun(task, *, silent: str, attempts: int = 0, **args) -> int:
    """A job that a worker is at, who was last heard of so long ago; "" is one nobody remembers."""
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


def test_what_a_dead_worker_was_doing_waits_again_and_the_others_go_on(cast):
    dead = begun(run_import, silent="40 seconds", import_id="a")
    gone = begun(jobs.anchor_trails, silent="", timestamp=1)
    alive = begun(jobs.remove_orphans, silent="5 seconds", timestamp=1)

    assert stalled_jobs.take_up() == 2
    assert standing() == {dead: ("todo", 1), gone: ("todo", 1), alive: ("doing", 0)}


def test_one_whose_like_waits_already_is_left_to_it(cast):
    dead = begun(jobs.remove_orphans, silent="40 seconds", timestamp=1)
    waiting = jobs.remove_orphans.defer(timestamp=2)

    assert stalled_jobs.take_up() == 1
    assert standing() == {dead: ("failed", 1), waiting: ("todo", 0)}


def test_one_that_kills_worker_after_worker_is_given_up(cast):
    deadly = begun(run_import, silent="40 seconds", attempts=4, import_id="a")

    assert stalled_jobs.take_up() == 1
    assert standing()[deadly][0] == "failed"


def test_somebody_looks_for_the_stranded_three_times_a_minute():
    [periodic] = [each for each in app.periodic_registry.periodic_tasks.values() if each.task is jobs.take_up_stranded]
    assert periodic.cron == "* * * * * */20"
