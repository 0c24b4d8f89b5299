"""What the list of managers [004] asks of bindings: the audit state of the newest, and those that would end."""

from uuid import UUID

from django.db.models import QuerySet

from shiming.assignment.models import Assignment
from shiming.employment.bindings import AuditState, names_what_ends, tells_audit_state
from shiming.employment.models import Employment
from shiming.projects.flows import implementer_audits
from shiming.projects.queries import following

Status = Assignment.Status
OPEN = (*Assignment.OPEN, Status.REJECTED)


@tells_audit_state
def newest(employments: list[UUID]) -> dict[UUID, str]:
    """The status of the newest binding of each employment. One query; what was removed was never audited."""
    rows = _bindings().filter(employment__in=employments).exclude(status=Status.REMOVED)
    newest = rows.order_by("employment", "-created_at", "-pk").distinct("employment")
    return dict(newest.values_list("employment", "status"))


@names_what_ends
def open_bindings(employment: Employment) -> list[str]:
    """Everything open, whatever the flow of its project: it ends with the employment."""
    rows = Assignment.objects.filter(employment=employment, status__in=OPEN).select_related("project")
    audited = set(_bindings().filter(employment=employment).values_list("pk", flat=True))
    return [
        f"{row.project.name}（{row.project.filing_code}）：{_sentence(row, row.pk in audited)}"
        for row in rows.order_by("created_at", "pk")
    ]


def _sentence(row: Assignment, audited: bool) -> str:
    return AuditState(row.status).label if audited else row.get_status_display()


def _bindings() -> QuerySet[Assignment]:
    """On projects whose policy of today lets the 实施单位 confirm."""
    return Assignment.objects.filter(project__in=following(implementer_audits))
