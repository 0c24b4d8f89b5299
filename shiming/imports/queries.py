from procrastinate.contrib.django.models import ProcrastinateJob

from shiming.imports.models import SheetImport


def waiting_or_running(item: SheetImport) -> bool:
    """A job for this import is in the queue, or a worker is at it."""
    jobs = ProcrastinateJob.objects.filter(task_name__endswith=".run_import", status__in=("todo", "doing"))
    return jobs.filter(args={"import_id": str(item.pk)}).exists()
