"""What an 实施单位 asks about the bindings it audits [004] (manual rows 4-27 … 4-30, domain.md §11.9).

A count is the number of rows that its link opens: both come from `people` and `counted` over the same condition.
"""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from shiming.assignment.answerers import audited_by
from shiming.assignment.models import Assignment
from shiming.assignment.queries import RELATED, called
from shiming.assignment.rules import asked_of
from shiming.core.actor import Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.projects.models import Project

Status = Assignment.Status
# The four lists in the order of the manual; the labels are its columns.
LABELS = {
    Status.DRAFT: "待提交人员",
    Status.PENDING: "实施单位待审核人员",
    Status.REJECTED: "审核不通过人员",
    Status.ACCEPTED: "审核通过人员",
}
MANAGERS, WORKERS = "manager", "worker"


def audits(actor: Actor) -> bool:
    """Whether this actor's company audits the bindings of any project."""
    return bool(audited_by(actor))


def projects(actor: Actor, code: str = "", name: str = "", status: str = "") -> QuerySet[Project]:
    rows = Project.objects.filter(pk__in=audited_by(actor))
    if code:
        rows = rows.filter(filing_code__icontains=code.strip())
    if name:
        rows = rows.filter(name__icontains=name)
    return rows.filter(status=status) if status else rows


def counted(rows: Iterable[Project]) -> list[Project]:
    """The projects with `counts`: how many people stand in each of the four lists. One query for all."""
    rows = list(rows)
    found = Assignment.objects.filter(project__in=[row.pk for row in rows], status__in=LABELS)
    found = found.values_list("project", "status").annotate(Count("pk")).order_by()
    counts = {(project, status): number for project, status, number in found}
    for row in rows:
        row.counts = {status: counts.get((row.pk, status), 0) for status in LABELS}
    return rows


def people(actor: Actor, project: Project, *statuses: str, name: str = "", kind: str = "") -> QuerySet[Assignment]:
    """The rows of one of the lists. Drafts are listed here and opened nowhere (domain.md §11.9)."""
    rows = Assignment.objects.filter(asked_of(actor), project=project, status__in=statuses).select_related(*RELATED)
    if kind == WORKERS:
        rows = rows.filter(role=Assignment.WORKER)
    elif kind == MANAGERS:
        rows = rows.exclude(role=Assignment.WORKER)
    return called(rows, name, actor)


def listed(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With no more than the pages of the lists print: six whole tables take longer to plan than to read."""
    rows = rows.select_related(None).select_related("person", "participation__company", "project")
    return rows.only(
        *("role", "status", "submitted_at", "participation__company__name", "project__name"),
        *("person__name", "person__face_status", "person__hand_checked_at"),
    )


def submitted(actor: Actor) -> QuerySet[Assignment]:
    """Every binding whose page this actor may open, whatever has become of it."""
    rows = Assignment.objects.filter(asked_of(actor)).exclude(status__in=(Status.DRAFT, Status.REMOVED))
    return rows.select_related(*RELATED)


def waiting(actor: Actor) -> QuerySet[Assignment]:
    return Assignment.objects.filter(asked_of(actor), status=Status.PENDING)


def history(assignment: Assignment) -> QuerySet[AuditEntry]:
    """What was done to this binding and to the stays that came with it, newest first."""
    objects = [assignment.pk, *assignment.stays.values_list("pk", flat=True)]
    return AuditEntry.objects.filter(object_id__in=map(str, objects)).order_by("-id")


def changed_since(assignment: Assignment) -> str:
    """What the company corrected before it submitted the binding again (A6)."""
    again = AuditEntry.objects.filter(object_id=str(assignment.pk), event=Event.ASSIGNMENT_RESUBMITTED)
    entry = again.order_by("-id").first()
    return entry.params.get("changes", "").strip("（）") if entry else ""
