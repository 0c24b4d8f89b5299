"""Health data go when their purpose ends: some days after the check was stopped, a site's records are deleted."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from shiming.core import files
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.core.limits import one_at_a_time
from shiming.health import queries
from shiming.health.models import (
    DailyHealth,
    DeclarationOnFile,
    Disposition,
    FamilyMember,
    Feed,
    FeedDelivery,
    HealthFile,
    PreRegistration,
    Proposal,
    SiteInfo,
)
from shiming.projects.models import Project

WORDS = {
    Proposal: "扫码预登记",
    FamilyMember: "携带家属",
    PreRegistration: "进场预登记",
    DailyHealth: "每日健康",
    HealthFile: "附件",
    Disposition: "处置",
    SiteInfo: "工地疫情防控信息",
    FeedDelivery: "报送文件",
}
# A file that was still on its way goes undelivered.
STOPPED = (When(status=FeedDelivery.Status.WAITING, then=Value(FeedDelivery.Status.FAILED.value)),)


def forget_ended(*, by: Actor, today: date | None = None) -> int:
    """Delete the records of every site whose retention has passed. Return the number of sites."""
    today = today or timezone.localdate()
    due = [
        project_id
        for project_id, last, days in queries.stopped_sites()
        if last + timedelta(days=days) <= today and not queries.is_kept(project_id)
    ]
    done = sum(forget(project_id, by=by) for project_id in due)
    if due and not queries.kept_anywhere():
        DeclarationOnFile.objects.all().delete()
    return done


@transaction.atomic
def forget(project_id: UUID, *, by: Actor) -> bool:
    """Delete the records of one site; the trail keeps how many of each kind, as the certificate of deletion.

    A disposition stays while its person is pre-registered at another site, where it still blocks.
    """
    one_at_a_time(f"health:{project_id}")
    elsewhere = PreRegistration.objects.filter(ended_at=None).exclude(project=project_id).values("person")
    decided = Disposition.objects.filter(project=project_id).exclude(person__in=elsewhere)
    own_files = HealthFile.objects.filter(project=project_id).exclude(
        disposition__in=Disposition.objects.filter(project=project_id, person__in=elsewhere)
    )
    stored = [row.stored for row in own_files.select_related("stored") if row.stored]
    delivered = FeedDelivery.objects.filter(project=project_id, stored__isnull=False)
    stored += [row.stored for row in delivered.select_related("stored")]
    Feed.objects.filter(project=project_id, stopped_at=None).update(stopped_at=timezone.now())
    counts = {
        Proposal: Proposal.objects.filter(participation__project=project_id).delete()[0],
        FamilyMember: FamilyMember.objects.filter(preregistration__project=project_id).delete()[0],
        PreRegistration: PreRegistration.objects.filter(project=project_id).delete()[0],
        DailyHealth: DailyHealth.objects.filter(project=project_id).delete()[0],
        HealthFile: own_files.delete()[0],
        Disposition: decided.delete()[0],
        SiteInfo: SiteInfo.objects.filter(project=project_id).delete()[0],
        FeedDelivery: delivered.update(stored=None, status=Case(*STOPPED, default=F("status"))),
    }
    for file in stored:
        files.remove(file)
    if not any(counts.values()):
        return False
    written = "、".join(f"{WORDS[model]} {count} 条" for model, count in counts.items() if count)
    site = Project.objects.get(pk=project_id)
    record(Event.HEALTH_DATA_DELETED, site, by=by, project_id=site.pk, project=site.name, counts=written)
    return True
