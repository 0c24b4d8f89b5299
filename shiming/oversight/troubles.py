"""问题项目：确认迟迟不给、授权过期没人管、人走了没有退场。

The counts per site are stored every few minutes (jobs.py): searching the last punch of a quarter of a million people is
too slow for each page. The details of one site are queried live.
"""

from datetime import datetime, timedelta
from functools import reduce
from operator import add

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.attendance.models import AttendanceEvent
from shiming.core.actor import Actor
from shiming.oversight import rules
from shiming.oversight.models import TroublesCounted
from shiming.presence.models import Stay
from shiming.projects.models import Grant, Project

CONFIRM_DAYS = 3  # 分配后多少天还没有答复，算迟
SILENT_DAYS = 7  # 在场多少天没有一次考勤，疑似漏办退场
KINDS = ("late", "expired", "forgotten")


def projects(actor: Actor) -> QuerySet[Project]:
    """本站在建项目里有问题的，问题多的在前，各有多少是最近一次核对时数的。"""
    rows = Project.objects.filter(rules.visible_to(actor), status=Project.Status.OPEN)
    rows = rows.annotate(**{name: F(f"troubles_counted__{name}") for name in KINDS})
    return rows.annotate(troubles=reduce(add, map(F, KINDS))).filter(troubles__gt=0).select_related("station")


def counted_at(actor: Actor) -> datetime | None:
    rows = TroublesCounted.objects.filter(project__in=Project.objects.filter(rules.visible_to(actor)))
    return rows.aggregate(at=Max("counted_at"))["at"]


def count() -> QuerySet[Project]:
    """Every open site with the present count of each kind."""
    here = OuterRef("pk")
    return Project.objects.filter(status=Project.Status.OPEN).annotate(
        late=_number(_late().filter(project=here), "project"),
        expired=_number(_expired().filter(participation__project=here), "participation__project"),
        forgotten=_number(_forgotten().filter(project=here), "project"),
    )


def late_confirmations(project: Project) -> QuerySet[Assignment]:
    return _late().filter(project=project).select_related("person", "participation__company").order_by("allocated_on")


def expired_grants(project: Project) -> QuerySet[Grant]:
    rows = _expired().filter(participation__project=project)
    return rows.select_related("person", "participation__company").order_by("ends_on")


def forgotten_exits(project: Project) -> QuerySet[Stay]:
    """Forgotten exits with the last punch, if any."""
    punches = AttendanceEvent.objects.filter(project_id=OuterRef("project_id"), person_id=OuterRef("person_id"))
    last = Subquery(punches.order_by("-occurred_at").values("occurred_at")[:1])
    rows = _forgotten().filter(project=project).annotate(last_punch=last)
    return rows.select_related("person", "company").order_by("entered_on")


def _late() -> QuerySet[Assignment]:
    since = timezone.localdate() - timedelta(days=CONFIRM_DAYS)
    return Assignment.objects.filter(status=Assignment.Status.PENDING, allocated_on__lt=since)


def _expired() -> QuerySet[Grant]:
    """Expired grants, neither renewed nor revoked, of a place that has not left the site."""
    return Grant.objects.filter(ends_on__lt=timezone.localdate(), revoked_at=None, participation__left_on=None)


def _forgotten() -> QuerySet[Stay]:
    since = timezone.now() - timedelta(days=SILENT_DAYS)
    punched = AttendanceEvent.objects.filter(
        project_id=OuterRef("project_id"), person_id=OuterRef("person_id"), occurred_at__gte=since
    )
    return Stay.objects.filter(~Exists(punched), exited_on=None, entered_at__lt=since)


def _number(rows: QuerySet, group: str):
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
