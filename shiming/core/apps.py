"""App configuration of the core module."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "shiming.core"
    label = "core"
    verbose_name = "核心"

    def ready(self):
        from shiming.core import checks, keys  # noqa: F401  checks registers itself

        post_migrate.connect(keys.ensure, sender=self)
