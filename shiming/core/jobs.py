"""Sealing, every few seconds, an anchor every ten minutes (security.md 56), long imports, what dead workers left behind,
files nobody names."""

from procrastinate.contrib.django import app

from shiming.core import files, imports, seals, stranded
from shiming.core.models import SheetImport

_marks: dict[str, seals.Mark] = {}


@app.periodic(cron="* * * * * */3")
@app.task(queue="seal", queueing_lock="seal")
def seal_trails(timestamp: int) -> None:
    """Seal what was marked at the last run and has settled since, then mark anew: at most 10 s behind."""
    for chain in seals.CHAINS.values():
        marked = _marks.get(chain.name)
        if marked is None or seals.settled(marked):
            if marked:
                seals.seal(chain, marked.number)
            _marks[chain.name] = seals.mark(chain)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="seal", queueing_lock="anchor")
def anchor_trails(timestamp: int) -> None:
    seals.anchor()


@app.periodic(cron="* * * * * */20")
@app.task(queue="seal", queueing_lock="stranded")
def take_up_stranded(timestamp: int) -> None:
    stranded.take_up()


@app.task(queue="imports", lock="import", retry=3)
def run_import(import_id: str) -> None:
    """Commit a long file piece by piece; run again after a crash, it goes on where it stood."""
    imports.finish(SheetImport.objects.get(pk=import_id))


@app.periodic(cron="50 3 * * *")
@app.task(queue="nightly", queueing_lock="orphans")
def remove_orphans(timestamp: int) -> None:
    files.remove_orphans(timestamp)


@app.periodic(cron="40 3 * * *")
@app.task(queue="nightly", queueing_lock="forget-imports")
def forget_imports(timestamp: int) -> None:
    imports.forget_old()
