"""The desk app: the entry desk of [003]."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "shiming.desk"
    label = "desk"
    verbose_name = "进场登记台"

    def ready(self):
        from shiming.desk import menu  # noqa: F401
