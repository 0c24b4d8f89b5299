"""What is counted for the pages of the authority, and stored: troubles, people by day, by trade and by age."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from shiming.oversight import overview, troubles
from shiming.oversight.models import SiteDay, SiteGroup, TroubleCount

DAY_COLUMNS = ("on_site", "there", "worked", "entered", "left")


def count_everything() -> int:
    """All figures of the last 30 days, as after a start or a takeover; return the number of sites in trouble."""
    today = timezone.localdate()
    count_days(today - timedelta(days=number) for number in range(overview.DAYS))
    count_groups()
    return count_troubles(slow=True)


@transaction.atomic
def count_troubles(*, slow: bool = True) -> int:
    """Count the troubles of all open projects again; return how many projects have one.

    `slow=False` leaves the slow kinds as they are.
    """
    now, days = timezone.now(), troubles.thresholds()
    for code, kind in troubles.KINDS.items():
        if kind.slow and not slow:
            continue
        found = troubles.count(kind, days[code])
        TroubleCount.objects.filter(kind=code).exclude(project__in=found).delete()
        TroubleCount.objects.bulk_create(
            [TroubleCount(project_id=pk, kind=code, number=number, counted_at=now) for pk, number in found.items()],
            update_conflicts=True,
            unique_fields=["project", "kind"],
            update_fields=["number", "counted_at"],
        )
    return TroubleCount.objects.filter(number__gt=0).values("project").distinct().count()


def count_days(days: Iterable[date]) -> None:
    for day in days:
        _count_day(day)


@transaction.atomic
def _count_day(day: date) -> None:
    now = timezone.now()
    rows = [
        SiteDay(project_id=row["project"], day=day, counted_at=now, **{name: row[name] for name in DAY_COLUMNS})
        for row in overview.touched(day)
    ]
    SiteDay.objects.filter(day=day).exclude(project__in=[row.project_id for row in rows]).delete()
    SiteDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day", "project"], update_fields=[*DAY_COLUMNS, "counted_at"]
    )


@transaction.atomic
def count_groups() -> None:
    """The people on site now by trade and by age."""
    today, rows = timezone.localdate(), []
    for kind in SiteGroup.Kind:
        for row in overview.grouped(kind, today):
            rows.append(SiteGroup(project_id=row["project"], kind=kind, key=row["group"], number=row["number"]))
    SiteGroup.objects.all().delete()
    SiteGroup.objects.bulk_create(rows)
