from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """系统管理：what the administrator looks at, and the pages of Excel imports for all who may.

    It keeps nothing of its own."""

    name = "shiming.administration"
    label = "administration"
    verbose_name = "系统管理"

    def ready(self):
        from shiming.administration import menu  # noqa: F401
