"""Entries of the list for tests, and their words."""

from datetime import timedelta

from django.utils import timezone

from shiming.restrictions import commands

PDF = b"%PDF-1.7 a report of the site %%EOF"
EVIDENCE = "三月一日在三号楼动手打人"


def day(count: int):
    return timezone.localdate() + timedelta(days=count)


def issue(cast, by=None, person=None, **changes):
    """Ten days from today on 滨江一期, by its general contractor's PM."""
    given = {"project": cast.binjiang, "category": "打架斗殴", "from_date": day(0), "until": day(9), "text": EVIDENCE}
    return commands.issue(person or cast.zhang, by=by or cast.gc_pm, **(given | changes))
