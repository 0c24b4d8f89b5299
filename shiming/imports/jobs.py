"""Background jobs: long imports, and deleting the content of old ones."""

from procrastinate.contrib.django import app

from shiming.imports import commands
from shiming.imports.models import SheetImport


@app.task(queue="imports", lock="import", retry=3)
def run_import(import_id: str) -> None:
    """Commit a long file; run again after a crash, it continues where it stopped."""
    commands.finish(SheetImport.objects.get(pk=import_id))


@app.periodic(cron="40 3 * * *")
@app.task(queue="nightly", queueing_lock="forget-imports")
def forget_imports(timestamp: int) -> None:
    commands.forget_old()
