"""The worker process beside the pages."""

import json

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


def test_worker_anchors_when_it_starts_and_when_it_stops(live, tmp_path, monkeypatch):
    monkeypatch.setenv("SHIMING_ANCHORS", str(tmp_path / "first.jsonl"))
    monkeypatch.setenv("SHIMING_ANCHORS_COPY", str(tmp_path / "copy"))

    def whys(path):
        return [json.loads(line)["why"] for line in path.read_text().splitlines()] if path.exists() else []

    first, second = tmp_path / "first.jsonl", tmp_path / "copy" / "first.jsonl"
    job = remove_orphans.defer(timestamp=0)
    with working(at(addresses()[0].app, live.database)) as child:
        assert wait_until(lambda: not ProcrastinateJob.objects.filter(pk=job).exists(), 30)
        assert whys(second)[0] == "start"
        child.ask_to_stop()
        assert wait_until(lambda: whys(second)[-1] == "stop", 30)
    assert whys(first) == whys(second)
