"""The inbox app: open questions and notices."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "shiming.inbox"
    label = "inbox"
    verbose_name = "待办"

    def ready(self):
        from shiming.inbox import jobs, menu  # noqa: F401
