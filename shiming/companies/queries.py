from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shiming.companies import rules
from shiming.companies.models import Company
from shiming.core.actor import Actor
from shiming.core.models import AuditEntry

CERTIFICATE_WARNING = timedelta(days=30)
NOT_NEWS = ("login.", "hat.", "factor.", "access.", "password.")


def companies(actor: Actor, name: str = "", code: str = "", kind: str = "", status: str = "") -> QuerySet[Company]:
    """The firms this actor may see, with how many sites each works on."""
    rows = Company.objects.filter(rules.visible_to(actor))
    if name:
        rows = rows.filter(name__icontains=name)
    if code:
        rows = rows.filter(credit_code__istartswith=code.strip())
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    return rows.annotate(sites=Count("participations", filter=Q(participations__left_on=None)))


def waiting(company: Company) -> dict[str, int]:
    """What waits for the firm, counted in two queries."""
    employed = company.employments.aggregate(
        invited=Count("pk", filter=Q(status="invited")),
        awaiting=Count("pk", filter=Q(status="awaiting_identity")),
        leaving=Count("pk", filter=Q(status="leave_requested")),
        incomplete=Count("pk", filter=Q(status="active", profile_completed=False)),
        employed=Count("pk", filter=Q(status__in=["active", "leave_requested", "dismissal_pending"])),
    )
    return employed | company.participations.aggregate(
        pending=Count("assignments", filter=Q(assignments__status="pending")),
        rejected=Count("assignments", filter=Q(assignments__status="rejected")),
        sites=Count("pk", filter=Q(left_on=None), distinct=True),
    )


def news(company: Company, count: int = 8) -> list[AuditEntry]:
    """What happened last to the firm's people and sites."""
    rows = AuditEntry.objects.filter(company_id=company.pk).order_by("-id")
    for start in NOT_NEWS:
        rows = rows.exclude(event__startswith=start)
    return list(rows[:count])


def certificate_state(company: Company) -> tuple[str, str]:
    """(state, words) of the firm's certificate for the box on its start page."""
    if not company.certificate_serial:
        return "not_entered", "未登记数字证书"
    if company.certificate_until is None:
        return "active", "有效"
    left = company.certificate_until - timezone.localdate()
    if left < timedelta():
        return "failed", "证书已过期"
    if left <= CERTIFICATE_WARNING:
        return "pending", f"还有 {left.days} 天到期"
    return "active", "有效"
