"""The presence app: entry and exit."""

from django.apps import AppConfig


class PresenceConfig(AppConfig):
    name = "shiming.presence"
    label = "presence"
    verbose_name = "进退场"

    def ready(self):
        from shiming.presence import jobs, menu, person, sheets, work_history  # noqa: F401
