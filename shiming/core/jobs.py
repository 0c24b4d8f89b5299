"""Jobs: sealing every 3 s (security.md 56), stalled jobs, unreferenced files."""

from procrastinate.contrib.django import app

from shiming.core import files, seals, stalled_jobs

_marks: dict[str, seals.Mark] = {}


@app.periodic(cron="* * * * * */3")
@app.task(queue="seal", queueing_lock="seal")
def seal_trails(timestamp: int) -> None:
    """Seal up to the mark of the last run once it has settled, then set a new mark; the seal lags by at most 10 s."""
    for chain in seals.CHAINS.values():
        marked = _marks.get(chain.name)
        if marked is None or seals.settled(marked):
            if marked:
                seals.seal(chain, marked.number)
            _marks[chain.name] = seals.mark(chain)


@app.periodic(cron="* * * * * */20")
@app.task(queue="seal", queueing_lock="stranded")
def take_up_stranded(timestamp: int) -> None:
    stalled_jobs.take_up()


@app.periodic(cron="50 3 * * *")
@app.task(queue="nightly", queueing_lock="orphans")
def remove_orphans(timestamp: int) -> None:
    files.remove_orphans(timestamp)
