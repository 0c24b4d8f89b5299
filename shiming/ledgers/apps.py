"""The ledgers app."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """The printed ledgers of a site. The app queries and prints, and stores nothing."""

    name = "shiming.ledgers"
    label = "ledgers"
    verbose_name = "台账"

    def ready(self):
        from shiming.ledgers import menu  # noqa: F401
