"""Participations: the chain of general, specialist and labour contractors; supervision and implementer beside it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects import rules
from shiming.projects.models import Participation, Project

Kind = Company.Kind
# kind → kinds allowed above it; without any, it stands beside the chain
PARENTS = {
    Kind.GENERAL: (),
    Kind.SPECIALIST: (Kind.GENERAL, Kind.SPECIALIST),
    Kind.LABOUR: (Kind.GENERAL, Kind.SPECIALIST),
    Kind.SUPERVISION: (),
    Kind.IMPLEMENTING: (),
    Kind.OTHER: (Kind.GENERAL, Kind.SPECIALIST),
}
OPEN_ASSIGNMENTS = ("draft", "pending", "accepted")


@transaction.atomic
def add_participation(
    project: Project, company: Company, kind: str, *, by: Actor, parent: Participation | None = None
) -> Participation:
    """Add a company to a project. R-67 when the project is finished or the company closed."""
    project = lock(project)
    require(rules.may_administer, by)
    if project.status == Project.Status.FINISHED:
        raise Refused("R-67", subject=project.name)
    if company.status == Company.Status.CLOSED:
        raise Refused("R-67", field="company", subject=company.name)
    _require_order(project, Kind(kind), parent)

    place = Participation(project=project, company=company, kind=kind, parent=parent)
    place.full_clean()
    place.save()
    scope = {"company_id": company.pk, "project_id": project.pk}
    kind_label = place.get_kind_display()
    record(Event.PARTICIPATION_ADDED, place, by=by, **scope, company=company, project=project, kind=kind_label)
    return place


@transaction.atomic
def leave(participation: Participation, *, by: Actor, on: date | None = None) -> Participation:
    """Take the company off the project; R-66 while companies below it or allocated people remain."""
    place = lock(participation)
    require(rules.may_administer, by)
    if place.left_on is not None:
        raise Conflict(f"{place.company}已退出本项目")
    if place.children.filter(left_on=None).exists():
        raise Refused("R-66", what="下级参建单位")
    if people := place.assignments.filter(status__in=OPEN_ASSIGNMENTS).count():
        raise Refused("R-66", what=f" {people} 名已分配的人员")

    place.left_on = on or timezone.localdate()
    place.save()
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    record(Event.PARTICIPATION_REMOVED, place, by=by, **scope, company=place.company, project=place.project)
    return place


def _require_order(project, kind, parent):
    allowed = PARENTS[kind]
    fits = parent is not None and parent.kind in allowed and parent.project_id == project.pk and not parent.left_on
    if (fits if allowed else parent is None) or (kind is Kind.OTHER and parent is None):
        return
    words = "或".join(each.label for each in allowed) or "空，不挂在其他单位之下"
    raise Refused("R-65", field="parent", kind=kind.label, parents=words)
