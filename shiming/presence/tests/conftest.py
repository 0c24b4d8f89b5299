"""What the tests of the gate ask alike."""

from shiming.core.models import AuditEntry


def trail(*, starting=""):
    return [str(entry) for entry in AuditEntry.objects.filter(event__startswith=starting).order_by("id")]
