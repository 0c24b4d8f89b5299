"""Queries about import jobs."""

from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.imports.models import SheetImport


def waiting_or_running(item: SheetImport) -> bool:
    """Whether a job for this import is queued or running."""
    jobs = ProcrastinateJob.objects.filter(task_name__endswith=".run_import", status__in=("todo", "doing"))
    return jobs.filter(args={"import_id": str(item.pk)}).exists()
