"""Queries about companies and their certificates."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from shiming.companies import rules
from shiming.companies.models import Company
from shiming.core.actor import Actor

CERTIFICATE_WARNING = timedelta(days=30)


def companies(actor: Actor, name: str = "", code: str = "", kind: str = "", status: str = "") -> QuerySet[Company]:
    """The firms this actor may see, with the number of their current sites."""
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


def certificate_state(company: Company) -> tuple[str, str]:
    """(state, sentence) of the firm's certificate for its start page."""
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
