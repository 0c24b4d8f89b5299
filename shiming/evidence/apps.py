"""The evidence app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Checks seals, anchors and business rows against one another, and exports the trail; it stores nothing."""

    name = "shiming.evidence"
    label = "evidence"
    verbose_name = "证据核对"
