"""Run queued jobs until stopped. Nothing is printed on the console; errors are in the log."""

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from shiming.administration import scheduled_jobs
from shiming.evidence.jobs import anchor_at_start, anchor_at_stop

AT_ONCE = 4


class Command(BaseCommand):
    help = "Does what waits in the queues, until it is asked to stop / 后台任务"

    def handle(self, *args, **options):
        scheduled_jobs.begin()
        anchor_at_start()
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as working:
                working.run_worker(concurrency=AT_ONCE, delete_jobs="successful")
        finally:
            anchor_at_stop()
