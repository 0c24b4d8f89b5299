"""监督不改任何数据；它带走了什么，留一行痕迹；问题项目隔几分钟数一遍。"""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.oversight import rules, troubles
from shiming.oversight.models import TroublesCounted
from shiming.projects.models import Station


@transaction.atomic
def note_export(kind: str, count: int, *, by: Actor, project_id=None) -> None:
    """导出留痕：谁、什么、多少行。"""
    require(rules.may_oversee, by)
    station = Station.objects.get(pk=by.station_id)
    record(Event.DATA_EXPORTED, station, by=by, project_id=project_id, kind=kind, count=count)


@transaction.atomic
def count_troubles() -> int:
    """核对一遍各项目的问题；停工、竣工的不再数。返回有问题的项目数。"""
    now = timezone.now()
    rows = [
        TroublesCounted(project=site, counted_at=now, **{name: getattr(site, name) for name in troubles.KINDS})
        for site in troubles.count()
    ]
    TroublesCounted.objects.exclude(project__in=[row.project_id for row in rows]).delete()
    TroublesCounted.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["project"], update_fields=[*troubles.KINDS, "counted_at"]
    )
    return sum(any(getattr(row, name) for name in troubles.KINDS) for row in rows)
