"""Jobs: anchors when the worker starts, every ten minutes, and when it stops (security.md 56)."""

import logging

from django.db import Error
from procrastinate.contrib.django import app

from shiming.core import seals
from shiming.evidence import anchors

logger = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="seal", queueing_lock="anchor")
def anchor_trails(timestamp: int) -> None:
    anchors.anchor()


def anchor_at_start() -> None:
    """Called by the worker before its first job, so that a pause of the system differs from a missing anchor."""
    _anchor_or_log(anchors.Why.START)


def anchor_at_stop() -> None:
    """Called by the worker after its last job: seal what has settled, then anchor it."""
    try:
        for chain in seals.CHAINS.values():
            marked = seals.mark(chain)
            if seals.settled(marked):
                seals.seal(chain, marked.number)
    except Error:
        logger.exception("the last records were not sealed")
    _anchor_or_log(anchors.Why.STOP)


def _anchor_or_log(why: anchors.Why) -> None:
    """Without a place for anchors the jobs run all the same; verify-trail reports the missing line."""
    try:
        anchors.anchor(why)
    except (OSError, Error):
        logger.exception("anchors were not written in every place")
