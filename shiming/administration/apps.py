"""The administration app."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Pages of the system administrator, and the pages of Excel imports for all permitted roles.

    The app stores nothing.
    """

    name = "shiming.administration"
    label = "administration"
    verbose_name = "系统管理"

    def ready(self):
        from shiming.administration import menu  # noqa: F401
