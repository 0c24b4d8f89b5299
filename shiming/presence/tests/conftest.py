"""Helpers shared by the tests of the gate."""

from shiming.core.models import AuditEntry


def trail(*, starting=""):
    return [str(entry) for entry in AuditEntry.objects.filter(event__startswith=starting).order_by("id")]
