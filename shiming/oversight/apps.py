"""The oversight app: the pages of the authority."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "shiming.oversight"
    label = "oversight"
    verbose_name = "监管"

    def ready(self):
        from shiming.oversight import menu  # noqa: F401
