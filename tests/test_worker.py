"""The worker process beside the pages."""

from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.core.jobs import remove_orphans
from shiming.imports.jobs import run_import
from shiming.runtime.system import wait_until
from tests.server import addresses, at, working


def test_finished_jobs_are_deleted_and_failed_ones_kept(live):
    """Seals alone are twenty thousand jobs a day."""
    done = remove_orphans.defer(timestamp=0)
    failing = run_import.configure(task_kwargs={"import_id": "of nobody"}).defer()
    with working(at(addresses()[0].app, live.database)):
        assert wait_until(lambda: not ProcrastinateJob.objects.filter(pk=done).exists(), 30)
        assert wait_until(lambda: ProcrastinateJob.objects.get(pk=failing).attempts > 0, 30)
